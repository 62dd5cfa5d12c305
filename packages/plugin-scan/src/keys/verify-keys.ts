import { currentUser } from '@vastai-cli/core/internal/api/users';
import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { Found } from './collected.js';

/** Describes what the API says about a key. */
export interface Verdict {
  readonly verified: 'live' | 'revoked' | 'unknown';
  readonly key_id?: number;
  readonly account?: { readonly id: number; readonly username?: string; readonly email?: string };
}

const UNKNOWN: Verdict = { verified: 'unknown' };

export interface Verifier {
  /** Returns a client that sends the given key, once. */
  clientFor(key: ApiKey): Promise<Client>;
  /** Returns false for a key that was saved for another API, which must not get it. */
  mayAsk(key: string): boolean;
}

/**
 * Asks the API about each key once, with nothing but that key.
 *
 * @returns the verdict about the key of each finding
 */
export async function verifyKeys(found: readonly Found[], verifier: Verifier): Promise<Map<Found, Verdict>> {
  const verdicts = new Map<Found, Verdict>();
  const asked = new Map<string, Verdict>();
  let isReachable = true;
  for (const one of found) {
    const text = one.key.reveal();
    let verdict = asked.get(text);
    if (verdict === undefined) {
      const answer = isReachable ? await verdictOn(text, verifier) : UNKNOWN;
      // Waiting for the time limit again with each of many keys would take hours.
      if (answer === 'unreachable') isReachable = false;
      verdict = answer === 'unreachable' ? UNKNOWN : answer;
      asked.set(text, verdict);
    }
    verdicts.set(one, verdict);
  }
  return verdicts;
}

async function verdictOn(text: string, verifier: Verifier): Promise<Verdict | 'unreachable'> {
  const key = ApiKey.parse(text);
  return typeof key === 'string' || !verifier.mayAsk(text) ? UNKNOWN : ask(await verifier.clientFor(key));
}

async function ask(client: Client): Promise<Verdict | 'unreachable'> {
  try {
    const { id, username, email, key_id } = (await currentUser(client)).value;
    return {
      verified: 'live',
      ...(key_id === undefined ? {} : { key_id }),
      account: {
        id,
        ...(username === undefined ? {} : { username }),
        ...(email === undefined ? {} : { email }),
      },
    };
  } catch (error) {
    if (!isVastaiError(error) || error.code === 'interrupted') throw error;
    if (error.code === 'key_rejected') return { verified: 'revoked' };
    // The API knows a key that it does not let in.
    if (error.code === 'forbidden' || error.code === 'two_factor') return { verified: 'live' };
    return error.code === 'unreachable' && error.status === undefined
      ? 'unreachable'
      : { verified: 'unknown' };
  }
}
