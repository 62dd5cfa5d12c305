import { ApiKey } from '../../src/base/api-key.js';
import type { Lookup } from '../../src/secrets/lookup.js';

/** Parses a key. @throws Error if the string is not one. */
export function keyOf(text: string): ApiKey {
  const key = ApiKey.parse(text);
  if (typeof key === 'string') throw new Error(`Not a key: ${key}`);
  return key;
}

/**
 * Returns what a lookup found: the key itself, or the state and the problem's code. Equal keys are not equal objects,
 * so tests compare these.
 */
export function revealed(lookup: Lookup): string {
  if (lookup.state === 'present') return lookup.key.reveal();
  return lookup.state === 'unreadable' ? `unreadable: ${lookup.problem.code}` : 'absent';
}
