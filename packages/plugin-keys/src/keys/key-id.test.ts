import { describe, expect, it } from 'vitest';
import { parseKeyId } from './key-id.js';

describe('parseKeyId', () => {
  it.each([
    ['1', 1],
    ['42', 42],
    ['999999999999999', 999_999_999_999_999],
  ])('parses %s', (text, id) => {
    expect(parseKeyId(text)).toBe(id);
  });

  it.each([
    '0',
    '-1',
    '+1',
    '1e3',
    '1.5',
    '0x10',
    '042',
    '42/../43',
    '42?x',
    '%34%32',
    '٤٢',
    '',
    ' ',
    ' 42',
    '42\n',
    '9'.repeat(20),
  ])('rejects %j', (text) => {
    expect(() => parseKeyId(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
