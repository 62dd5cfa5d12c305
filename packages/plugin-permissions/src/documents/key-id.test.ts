import { describe, expect, it } from 'vitest';
import { requireKeyId } from './key-id.js';

const usage = (message: string, hint?: string) =>
  expect.objectContaining({ code: 'usage', message, ...(hint === undefined ? {} : { hint }) });

describe('the ID of a key', () => {
  it('is a whole number', () => {
    expect(requireKeyId('42')).toBe(42);
    expect(requireKeyId('999999999999999')).toBe(999_999_999_999_999);
    for (const text of ['0', '042', '4x', 'x4', '', '1'.repeat(16)])
      expect(() => requireKeyId(text)).toThrow(
        usage('The ID of an API key must be a whole number, 1 or more.'),
      );
  });
});
