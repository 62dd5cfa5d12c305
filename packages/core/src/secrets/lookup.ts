import type { Guidance } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';

/** Says what is wrong with a place, and what to do about it. */
export interface Problem {
  /** One word for scripts, such as `file_mode`. */
  readonly code: string;
  /** Sentence for a person; it never holds a key. */
  readonly message: string;
  /** Sentences or steps that fix it. */
  readonly fix: Guidance;
}

/**
 * Says what a place has: no key, a key, or one that cannot be read. The last is not the first: a key that is there but
 * cannot be read must stop a command, never be skipped.
 */
export type Lookup =
  | { readonly state: 'absent' }
  | { readonly state: 'present'; readonly key: ApiKey; readonly problems?: readonly Problem[] }
  | Unreadable;

/** Says that a place has a key which cannot be read. */
export interface Unreadable {
  readonly state: 'unreadable';
  readonly problem: Problem;
}

export const ABSENT: Lookup = { state: 'absent' };

export function unreadable(code: string, message: string, fix: Guidance): Unreadable {
  return { state: 'unreadable', problem: { code, message, fix } };
}
