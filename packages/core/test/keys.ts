import { ApiKey } from '../src/credentials/api-key.js';
import type { Reading } from '../src/credentials/reading.js';

/** The key that a text is. */
export function keyOf(text: string): ApiKey {
  const key = ApiKey.parse(text);
  if (typeof key === 'string') throw new Error(`Not a key: ${key}`);
  return key;
}

/** What a reading gave: the key itself, or the state and the problem's code. Equal keys are not equal objects. */
export function revealed(reading: Reading): string {
  if (reading.state === 'present') return reading.key.reveal();
  return reading.state === 'unreadable' ? `unreadable: ${reading.problem.code}` : 'absent';
}
