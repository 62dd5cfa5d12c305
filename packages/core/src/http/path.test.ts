import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { path, segment } from './path.js';

describe('path', () => {
  it('puts each value into one segment', () => {
    expect(path`/api/v0/auth/apikeys/${42}/`).toBe('/api/v0/auth/apikeys/42/');
    expect(path`/api/v0/team/roles/${'../members/5'}/`).toBe('/api/v0/team/roles/..%2Fmembers%2F5/');
    expect(path`/a/${'x?y#z'}/${'ü %2e'}`).toBe('/a/x%3Fy%23z/%C3%BC%20%252e');
  });

  it('rejects values that lead elsewhere even if they are encoded', () => {
    for (const value of ['', '.', '..'])
      expect(() => path`/api/v0/team/roles/${value}/`).toThrow('cannot be a name');
  });

  it('keeps any name in its own segment, unchanged by what parses URLs', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text !== '.' && text !== '..');
    fc.assert(
      fc.property(name, (text) => {
        const encoded = path`/api/v0/team/roles/${text}/`;
        expect(new URL(encoded, 'https://console.vast.ai').pathname).toBe(encoded);
        expect(encoded.split('/')).toHaveLength(7);
        expect(decodeURIComponent(encoded.split('/')[5] ?? '')).toBe(text);
      }),
    );
  });

  it('rejects lone surrogates', () => {
    expect(() => segment('\ud800')).toThrow('not valid Unicode');
  });
});
