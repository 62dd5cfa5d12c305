import { describe, expect, it } from 'vitest';
import { encodingOf, isBinary } from './encoding.js';

describe('isBinary', () => {
  it('is true for a zero byte, unless it belongs to UTF-16', () => {
    expect(isBinary(Buffer.from('\x7fELF\0\0\x01\x02'))).toBe(true);
    expect(isBinary(Buffer.alloc(100))).toBe(true);
    for (const text of ['', 'a', 'ä', 'a\nb']) expect(isBinary(Buffer.from(text))).toBe(false);
    expect(isBinary(Buffer.from('a text', 'utf16le'))).toBe(false);
    expect(isBinary(Buffer.from('a text', 'utf16le').swap16())).toBe(false);
    expect(isBinary(Buffer.from('\ufeff漢字', 'utf16le'))).toBe(false);
  });
});

describe('encodingOf', () => {
  it('goes by the byte order mark, or by where the zero bytes are', () => {
    expect(encodingOf(Buffer.from([0xff, 0xfe]))).toBe('utf-16le');
    expect(encodingOf(Buffer.from([0xfe, 0xff]))).toBe('utf-16be');
    expect(encodingOf(Buffer.from('text', 'utf16le'))).toBe('utf-16le');
    expect(encodingOf(Buffer.from('text', 'utf16le').swap16())).toBe('utf-16be');
    expect(encodingOf(Buffer.from('a\0'))).toBe('utf-8');
    expect(encodingOf(Buffer.from('text'))).toBe('utf-8');
  });
});
