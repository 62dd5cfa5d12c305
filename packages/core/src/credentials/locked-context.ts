import { withLock } from '../files/lock.js';
import { leftToRoot } from '../files/owner.js';
import type { Context } from './context.js';

/**
 * Runs `work` under the lock, with the context reopened, since another process may have moved the key or changed its API
 * during the wait. What was read before the lock may be shown to a person, but must not be acted on.
 *
 * @param patienceMs longest wait for another holder, in milliseconds; by default, that of `withLock`
 * @throws StorageError if the lock cannot be made, or its holder does not finish.
 */
export async function withLockedContext<T>(
  context: Context,
  work: (now: Context) => Promise<T>,
  patienceMs?: number,
): Promise<T> {
  const { paths, profile, notify } = context;
  const reopened = async () => work(await context.reopen());
  try {
    return await withLock(paths.lockFile, reopened, notify, patienceMs);
  } finally {
    const left = await Promise.all(
      [paths.settingsFile, paths.keyFile(profile.name), paths.sessionFile(profile.name)].map(leftToRoot),
    );
    for (const text of new Set(left)) if (text !== undefined) notify?.(text);
  }
}
