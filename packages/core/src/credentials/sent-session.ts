import { guidanceOf, isVastaiError, StorageError } from '../base/errors.js';
import type { Problem } from '../secrets/lookup.js';
import type { FoundKey } from './chain.js';
import type { Context } from './context.js';
import { removeSession } from './session.js';
import { lookUpSession, type Session } from './session-lookup.js';

/** The session of a run, and what to tell a person about it. */
export interface SentSession {
  readonly session?: Session;
  readonly notes: readonly string[];
  readonly warnings: readonly Omit<Problem, 'code'>[];
}

/**
 * Returns the two-factor session to send in place of a key. A session of another key is removed: it must never be sent again,
 * whichever program replaced the key.
 *
 * @throws StorageError if there is a session but it cannot be read. The key alone would only be refused.
 */
export async function sessionOf(context: Context, found: FoundKey): Promise<SentSession> {
  const looked = await lookUpSession(context, found);
  const { name } = context.profile;
  switch (looked.state) {
    case 'none':
      return { notes: [], warnings: [] };
    case 'present':
      return { session: looked.session, notes: [], warnings: looked.problems };
    case 'unreadable':
      throw new StorageError(looked.problem.message, looked.problem.fix);
    case 'other_key':
      return forget(
        context,
        `The two-factor session of profile "${name}" was removed: it belongs to a different key from ${found.key}.`,
      );
    default:
      return forget(
        context,
        `The two-factor session of profile "${name}" is no longer in ${looked.location}.`,
      );
  }
}

/** Removes a session that is of no use. If that fails, the key is used all the same. */
async function forget(context: Context, note: string): Promise<SentSession> {
  try {
    await removeSession(context, context.record?.tfa_session);
    return { notes: [note], warnings: [] };
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    const message = `The two-factor session of profile "${context.profile.name}" is not sent, because it belongs to another key, but could not be removed. ${error.message}`;
    return { notes: [], warnings: [{ message, fix: guidanceOf(error) }] };
  }
}
