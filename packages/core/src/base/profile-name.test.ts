import { describe, expect, it } from 'vitest';
import { isProfileName, requireProfileName } from './profile-name.js';

describe('the name of a profile', () => {
  it.each(['a', '0', 'a.b_c-d', 'x'.repeat(64)])('may be %s', (name) => {
    expect(isProfileName(name)).toBe(true);
    expect(requireProfileName(name, '--profile')).toBe(name);
  });

  it.each(['', 'A', '.a', 'a b', 'a\n', 'xA', 'x'.repeat(65), 7, undefined, ['a']])(
    'may not be %j',
    (name) => {
      expect(isProfileName(name)).toBe(false);
      if (typeof name !== 'string') return;
      expect(() => requireProfileName(name, '--profile')).toThrow(
        expect.objectContaining({
          code: 'usage',
          message: 'The profile name in --profile is not valid.',
          hint: 'Use 1 to 64 of the characters a-z, 0-9, ".", "_" and "-", and begin with a letter or a digit.',
        }),
      );
    },
  );

  it('may not be a key, and the error does not repeat it', () => {
    expect(() => requireProfileName('0123456789abcdef'.repeat(4), 'VAST_PROFILE')).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'The profile name in VAST_PROFILE looks like an API key, so it is not used.',
        advice: [{ do: 'save-key', purpose: 'To save a key' }],
      }),
    );
  });
});
