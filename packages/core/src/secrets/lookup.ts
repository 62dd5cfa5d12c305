import type { Guidance } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';

/** Something wrong with a place, and what to do about it. */
export interface Problem {
  /** One word for scripts, such as `file_mode`. */
  readonly code: string;
  readonly message: string;
  readonly fix: Guidance;
}

/**
 * What a place said when it was asked for its key. "Not there" and "cannot be read" are different
 * answers: a key that is there but cannot be read must stop a command, never be skipped over.
 */
export type Lookup =
  | { readonly state: 'absent' }
  | { readonly state: 'present'; readonly key: ApiKey; readonly problems?: readonly Problem[] }
  | Unreadable;

interface Unreadable {
  readonly state: 'unreadable';
  readonly problem: Problem;
}

export const ABSENT: Lookup = { state: 'absent' };

export function unreadable(code: string, message: string, fix: Guidance): Unreadable {
  return { state: 'unreadable', problem: { code, message, fix } };
}
