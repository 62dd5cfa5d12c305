import { describe, expect, it } from 'vitest';
import { keychainError } from './errors.js';

describe('the message of a keychain', () => {
  it.each(['Cannot create an item in a locked collection', 'User interaction is not allowed.'])(
    'is known as locked by "%s"',
    (text) => {
      expect(keychainError(text).problem.code).toBe('keychain_locked');
    },
  );

  it('is shown on one line, without control characters, and not at any length', () => {
    const { problem, message, advice } = keychainError(`no\u001b[2J\r\nway\u202e\u2028 ${'x'.repeat(1000)}`);
    expect(problem).toEqual({ code: 'keychain_error', message, fix: advice });
    expect(message).toMatch(/^The keychain refused: no way x+…$/);
    expect(message.length).toBeLessThan(250);
  });
});
