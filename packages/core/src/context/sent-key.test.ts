import { expect, it } from 'vitest';
import { keyOf } from '../../test/support/keys.js';
import { secretsOf, sentKey } from './sent-key.js';

const key = keyOf('own-key-0123456789abcd');
const session = { key: keyOf('session-one-0123456789') };

it('a session is sent in place of its key, and both are masked', () => {
  expect(sentKey({ key })).toBe(key);
  expect(secretsOf({ key })).toEqual([key]);
  expect(sentKey({ key, session })).toBe(session.key);
  expect(secretsOf({ key, session })).toHaveLength(2);
  expect(secretsOf({ key, session })[0]).toBe(session.key);
  expect(secretsOf({ key, session })[1]).toBe(key);
});
