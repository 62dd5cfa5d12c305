import { withLock } from './config/lock.js';
import type { Session } from './session.js';

/**
 * Runs `work` under the lock with the session reopened: another process may have moved the key, or changed its
 * API, while this one waited. What was read before may be shown to a person, and must not be acted on.
 *
 * @throws StorageError when the lock cannot be made, or its holder does not finish.
 */
export async function withLockedSession<T>(session: Session, work: (now: Session) => Promise<T>): Promise<T> {
  const reopened = async () => work(await session.reopen());
  return withLock(session.paths.lockFile, reopened, session.notify);
}
