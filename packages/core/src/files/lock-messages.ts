import { hostname } from 'node:os';
import { StorageError } from '../base/errors.js';
import { shellWord } from '../base/shell-word.js';
import { explainFileError } from './file-error.js';
import type { SeenLock } from './lock-watch.js';
import { isOwn } from './ownership.js';
import { userName } from './user-name.js';

/** Returns the notice that another process holds the lock. */
export function waitingFor(seen: SeenLock, changed: string): string {
  return `Waiting for another vastai${isOwn(seen) ? '' : detailsOf(seen)} that is changing ${changed}.`;
}

/** Returns the error for a holder that does not finish. */
export function doesNotFinish(path: string, seen: SeenLock, changed: string): StorageError {
  return new StorageError(
    `Another vastai${detailsOf(seen)} is changing ${changed}, and has not finished (${path}).`,
    `Wait for it, or stop it. If no other vastai is running, remove the lock: ${removalOf(path, seen)}`,
  );
}

/** Returns the error for an abandoned lock, or another file in its place, that cannot be removed. */
export function cannotRemove(path: string, seen: SeenLock, error: unknown): StorageError {
  const { message } = explainFileError('remove', path, error);
  if (seen.isFolder) {
    const why = `${path} is a folder, but vastai needs to create a lock file there.`;
    return new StorageError(why, 'Move it away, then try again.', error);
  }
  const what = seen.isLock
    ? `It was left by a vastai${detailsOf(seen)} that has ended.`
    : 'vastai needs a lock file there.';
  return new StorageError(`${message} ${what}`, `Remove it: ${removalOf(path, seen)}`, error);
}

/** Describes the holder: its process id, its user and its machine, where they differ from those of this process. */
function detailsOf(seen: SeenLock): string {
  const { holder, uid } = seen;
  const words = [
    ...(holder === undefined ? [] : [`process ${holder.pid}`]),
    ...(isOwn(seen) ? [] : [`of ${userName(uid)}`]),
    ...(holder === undefined || holder.host === hostname() ? [] : [`on ${holder.host}`]),
  ];
  return words.length === 0 ? '' : ` (${words.join(' ')})`;
}

function removalOf(path: string, seen: SeenLock): string {
  if (process.platform === 'win32') return `del ${shellWord(path)}`;
  return `${isOwn(seen) ? '' : 'sudo '}rm -f ${shellWord(path)}`;
}
