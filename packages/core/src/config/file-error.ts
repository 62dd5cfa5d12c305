import { dirname } from 'node:path';
import { StorageError } from '../errors.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'it is a folder',
  ERR_FS_EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EBUSY: 'it is in use',
};

/** Says in words what the system said in letters when it would not read, write, make or remove `path`. */
export function explainFileError(action: string, path: string, error: unknown): StorageError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  const missing = action === 'read' ? 'it does not exist' : 'the folder does not exist';
  const reason = code === 'ENOENT' ? missing : (REASONS[code] ?? code);
  return new StorageError(`Cannot ${action} ${path}: ${reason}.`, hintFor(code, action, path), error);
}

function hintFor(code: string, action: string, path: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'Free some space, then try again.';
  if (code === 'EISDIR' || code === 'ERR_FS_EISDIR') return 'Move the folder away, then try again.';
  const place = action === 'read' ? path : dirname(path);
  return `Make ${place} ${action === 'read' ? 'readable' : 'writable'} for you, or pass the key in VAST_API_KEY.`;
}
