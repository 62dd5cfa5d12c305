import { type Advice, adviceOf, type Guidance } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';
import { maySend } from '../base/origin.js';
import { matchesFingerprint } from '../secrets/fingerprint.js';
import type { Problem } from '../secrets/lookup.js';
import type { FoundKey } from './chain.js';
import type { Context } from './context.js';
import { notedSession } from './session-note.js';

/** A two-factor session that is sent in place of its key. */
export interface Session {
  readonly key: ApiKey;
  /** Human-readable location: a path, or `keychain (vastai, default/session)`. */
  readonly location: string;
  /** Time at which it ends, in seconds since 1970, if known. */
  readonly ends?: number;
}

/** The result of looking for the two-factor session of a key. */
export type SessionLookup =
  /** None is noted for this key and API, so the key itself is sent. */
  | { readonly state: 'none' }
  | { readonly state: 'present'; readonly session: Session; readonly problems: readonly Problem[] }
  /** The session was made with another key, or is no longer where it was saved. Only its note has to go. */
  | { readonly state: 'other_key' | 'gone'; readonly location: string }
  | { readonly state: 'unreadable'; readonly problem: Problem };

/** Advice that would save or pass a key, which brings no session back. */
const ABOUT_KEYS: ReadonlySet<Advice['do']> = new Set(['save-key', 'pass-key', 'migrate', 'start-over']);

/**
 * Looks for the two-factor session that stands in for a key. Opens no store unless `config.json` notes a session of this very
 * key, and changes nothing.
 */
export async function lookUpSession(
  { record, profile, url, sessionStores }: Context,
  { key, source }: Pick<FoundKey, 'key' | 'source'>,
): Promise<SessionLookup> {
  const note = source.boundOrigin === undefined ? undefined : notedSession(record);
  if (note === undefined) return { state: 'none' };
  const store = sessionStores[note.storage];
  const location = store.locate(profile.name);
  if (!matchesFingerprint(note.key_hash, key)) return { state: 'other_key', location };
  if (!maySend(new URL(note.url), url)) return { state: 'none' };
  const lookup = await store.read(profile.name);
  if (lookup.state === 'absent') return { state: 'gone', location };
  if (lookup.state === 'unreadable') return { state: 'unreadable', problem: ofSession(lookup.problem, key) };
  const session = {
    key: lookup.key,
    location,
    ...(note.ends === undefined ? {} : { ends: note.ends }),
  };
  return { state: 'present', session, problems: lookup.problems ?? [] };
}

function ofSession({ code, message, fix }: Problem, key: ApiKey): Problem {
  return {
    code,
    message: `The two-factor session of ${key} cannot be read. ${message}`,
    fix: [...adviceForSession(fix), { do: 'tfa-login', purpose: 'Log in again' }],
  };
}

/** Returns the steps of guidance about a store that also help with a session in it. */
export function adviceForSession(guidance: Guidance | undefined): Advice[] {
  return adviceOf(guidance).filter((step) => !ABOUT_KEYS.has(step.do));
}
