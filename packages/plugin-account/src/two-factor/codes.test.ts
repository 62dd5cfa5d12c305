import { describe, expect, it } from 'vitest';
import { Answers, ARGUMENTS, codeSent } from '../../test/support/two-factor.js';
import { parseMethodId } from './method-id.js';
import { onItsWay, sentCodeResult } from './sent-code.js';
import { requireNoMore } from './tfa-command.js';

describe('two-factor login', () => {
  it('takes a whole number as the ID of a method', () => {
    expect(parseMethodId('7')).toBe(7);
    expect(parseMethodId('999999999999999')).toBe(999_999_999_999_999);
    for (const text of ['0', '07', '7x', 'x7', '', '1'.repeat(16)])
      expect(() => parseMethodId(text)).toThrow(
        'The ID of a method must be a whole number, as listed by "tfa status".',
      );
  });

  it('prints only the secret of a code that was sent', () => {
    expect(onItsWay('sms')).toBe(codeSent('SMS'));
    expect(sentCodeResult({ value: { secret: 's' }, raw: { a: 1 } }, 'email', 'vastai x')).toEqual({
      document: { secret: 's' },
      raw: { a: 1 },
      human: [{ kind: 'line', text: 's' }],
      remarks: [
        { kind: 'note', text: codeSent('email') },
        { kind: 'note', text: 'Use it with the secret above: vastai x', forPeople: true },
      ],
    });
  });

  it('does not repeat extra arguments, which are probably codes', () => {
    expect(requireNoMore([])).toBeUndefined();
    expect(requireNoMore(['a'], 1)).toBeUndefined();
    const hint = 'Add --help to see what this command takes.';
    expect(() => requireNoMore(['a'])).toThrow(
      expect.objectContaining({ message: 'This command takes no arguments.', hint }),
    );
    expect(() => requireNoMore(['a', 'b'], 1)).toThrow(
      expect.objectContaining({ message: 'Too many arguments.', hint }),
    );
  });

  it('sends a code without spaces, and only if it is valid', async () => {
    const said: string[] = [];
    const input = new Answers(said);
    expect(await input.valueOf(' 1 2 3\n', 'Code')).toBe('123');
    expect(await input.valueOf('x'.repeat(512), 'Code')).toHaveLength(512);
    expect(said).toEqual([ARGUMENTS]);
    await expect(input.valueOf(' ', 'Code')).rejects.toThrow('Code: the input was empty.');
    for (const text of ['x'.repeat(513), 'a\tb', 'é', 'a\u007f'])
      await expect(input.valueOf(text, 'Code')).rejects.toThrow(
        'Code: the input is too long, or contains characters other than letters, digits and signs.',
      );
  });
});
