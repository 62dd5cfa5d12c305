import { lstat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { StorageError } from '../errors.js';
import { shellWord } from '../shell-word.js';
import { explainFileError } from './file-error.js';
import type { SeenLock } from './lock-watch.js';
import { isOwn } from './ownership.js';

export function waitingFor(seen: SeenLock): string {
  return `Waiting for another vastai${isOwn(seen) ? '' : detailsOf(seen)} that is changing keys or settings.`;
}

export function doesNotFinish(path: string, seen: SeenLock): StorageError {
  return new StorageError(
    `Another vastai${detailsOf(seen)} is changing keys or settings, and does not finish (${path}).`,
    `Wait for it, or end it. When no other vastai runs, remove the lock: ${removalOf(path, seen)}`,
  );
}

/** Where the folder is another user's, as after a run with sudo, the reason alone does not help. */
export async function cannotMake(path: string, error: unknown): Promise<StorageError> {
  const explained = explainFileError('write', path, error);
  const folder = dirname(path);
  const stat = await lstat(folder).catch(() => undefined);
  const isDenied = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
  if (!isDenied || stat === undefined || isOwn(stat)) return explained;
  return new StorageError(
    `${explained.message} ${folder} belongs to ${nameOf(stat.uid)}.`,
    [{ do: 'own', path: folder, deep: true }],
    error,
  );
}

/** The holder has ended, or never was one, and its lock cannot be removed. */
export function cannotRemove(path: string, seen: SeenLock, error: unknown): StorageError {
  const { message } = explainFileError('remove', path, error);
  if (seen.isFolder) {
    const why = `${path} is a folder, in the place of the lock of vastai.`;
    return new StorageError(why, 'Move it away, then try again.', error);
  }
  const what = seen.isLock
    ? `It is the lock of a vastai${detailsOf(seen)} that has ended.`
    : 'It is in the way of the lock of vastai.';
  return new StorageError(`${message} ${what}`, `Remove it: ${removalOf(path, seen)}`, error);
}

/** Says which process holds the lock, of which user if not of this one, and on which machine. */
function detailsOf(seen: SeenLock): string {
  const { holder, uid } = seen;
  const words = [
    ...(holder === undefined ? [] : [`process ${holder.pid}`]),
    ...(isOwn(seen) ? [] : [`of ${nameOf(uid)}`]),
    ...(holder === undefined || holder.host === hostname() ? [] : [`on ${holder.host}`]),
  ];
  return words.length === 0 ? '' : ` (${words.join(' ')})`;
}

function nameOf(uid: number): string {
  return uid === 0 ? 'root' : `user ${uid}`;
}

function removalOf(path: string, seen: SeenLock): string {
  if (process.platform === 'win32') return `del ${shellWord(path)}`;
  return `${isOwn(seen) ? '' : 'sudo '}rm -f ${shellWord(path)}`;
}
