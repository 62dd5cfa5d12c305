import type { FileHandle } from 'node:fs/promises';

/** How systems say that they cannot flush this kind of file, as some network and FUSE file systems do. */
const UNSUPPORTED: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOTTY']);

/** Whether an error says that the file system lacks something, not that it failed. */
export function isUnsupported(error: unknown): boolean {
  return UNSUPPORTED.has((error as NodeJS.ErrnoException).code ?? '');
}

/** Flushes a file to the disk, where the file system can. A disk that fails meanwhile is an error. */
export async function flush(file: FileHandle): Promise<void> {
  await file.sync().catch((error) => {
    if (!isUnsupported(error)) throw error;
  });
}
