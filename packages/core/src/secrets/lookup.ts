import type { Guidance } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';

/** A problem with a place, and how to fix it. */
export interface Problem {
  /** One word for scripts, such as `file_mode`. */
  readonly code: string;
  /** Message for people; it never contains a key. */
  readonly message: string;
  /** Sentences or steps that fix it. */
  readonly fix: Guidance;
}

/**
 * The result of reading a place: no key, a key, or a key that cannot be read. The last must stop a command: it is never
 * skipped like a missing key.
 */
export type Lookup =
  | { readonly state: 'absent' }
  | { readonly state: 'present'; readonly key: ApiKey; readonly problems?: readonly Problem[] }
  | Unreadable;

/** The result of reading a place with a key that cannot be read. */
export interface Unreadable {
  readonly state: 'unreadable';
  readonly problem: Problem;
}

export const ABSENT: Lookup = { state: 'absent' };

export function unreadable(code: string, message: string, fix: Guidance): Unreadable {
  return { state: 'unreadable', problem: { code, message, fix } };
}
