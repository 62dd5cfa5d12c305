import { withLock } from './config/lock.js';
import type { Session } from './session.js';

/**
 * Runs `work` under the lock with the session reopened: another process may have moved the key, or changed its
 * API, while this one waited. What was read before may be shown to a person, and must not be acted on.
 *
 * @param patienceMs how long another holder is waited for, in milliseconds, if not as long as usual
 * @throws StorageError when the lock cannot be made, or its holder does not finish.
 */
export async function withLockedSession<T>(
  session: Session,
  work: (now: Session) => Promise<T>,
  patienceMs?: number,
): Promise<T> {
  const reopened = async () => work(await session.reopen());
  return withLock(session.paths.lockFile, reopened, session.notify, patienceMs);
}
