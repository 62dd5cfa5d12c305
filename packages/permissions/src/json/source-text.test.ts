import { describe, expect, it } from 'vitest';
import { decodeText } from './source-text.js';

const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('decodeText', () => {
  it.each([
    ['UTF-8', Buffer.from('{"é":1}'), []],
    ['UTF-8 with a mark', Buffer.from('\ufeff{"é":1}'), ['byte_order_mark']],
    ['UTF-8 with two marks', Buffer.from('\ufeff\ufeff{"é":1}'), ['byte_order_mark']],
    ['UTF-16 little with a mark', Buffer.from('\ufeff{"é":1}', 'utf16le'), ['utf16']],
    ['UTF-16 big with a mark', swapped('\ufeff{"é":1}'), ['utf16']],
    ['UTF-16 little without a mark', Buffer.from('{"é":1}', 'utf16le'), ['utf16']],
    ['UTF-16 big without a mark', swapped('{"é":1}'), ['utf16']],
    ['text', '{"é":1}', []],
    ['text with a mark', '\ufeff{"é":1}', ['byte_order_mark']],
  ])('reads %s', (_, input, faults) => {
    const decoded = decodeText(input);
    expect(decoded.text).toBe('{"é":1}');
    expect(decoded.faults.map(({ kind }) => kind)).toEqual(faults);
  });

  it('finds the first invalid byte, not a replacement character in the file', () => {
    const bytes = Buffer.concat([Buffer.from('é\ufffd😀'), Buffer.from([0xff, 0x41])]);
    expect(decodeText(bytes)).toEqual({
      text: 'é\ufffd😀\ufffdA',
      faults: [{ kind: 'not_utf8', offset: 4 }],
    });
    expect(decodeText(Buffer.from('\ufffd'))).toEqual({ text: '\ufffd', faults: [] });
    expect(decodeText(Buffer.concat([Buffer.from('\ufeffa'), Buffer.from([0xc3])])).faults).toEqual([
      { kind: 'byte_order_mark' },
      { kind: 'not_utf8', offset: 1 },
    ]);
  });

  it('drops the last byte of UTF-16 with an odd length', () => {
    expect(decodeText(Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d])).text).toBe('{');
  });
});
