import type { FileHandle } from 'node:fs/promises';

/** Codes of file systems that do not support an operation, as some network and FUSE file systems do. */
const UNSUPPORTED: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOTTY']);

/** Returns true if an error means that the file system does not support an operation, not that it failed. */
export function isUnsupported(error: unknown): boolean {
  return UNSUPPORTED.has((error as NodeJS.ErrnoException).code ?? '');
}

/** Flushes a file to disk, if the file system supports it. @throws a system error if the disk fails */
export async function flush(file: FileHandle): Promise<void> {
  await file.sync().catch((error) => {
    if (!isUnsupported(error)) throw error;
  });
}
