import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget, targetText } from './target.js';

describe('parseTarget', () => {
  it('writes one path for all spellings of it', () => {
    for (const spelled of ['/a/b%20c/', '/a/b%20%63/', '/%61/b%20c/'])
      expect(parseTarget(spelled)?.path).toBe('/a/b%20c/');
    expect(parseTarget('/a:b@c')?.path).toBe('/a%3Ab%40c');
    expect(parseTarget('/%C3%A9/')?.path).toBe('/%C3%A9/');
  });

  it('returns a path that means the same to every parser of URLs', () => {
    const part = fc.constantFrom(
      'a',
      '.',
      '..',
      '%2e',
      '%2F',
      '/',
      '//',
      '\\',
      '%5c',
      ';',
      '?',
      '#',
      '%',
      '%25',
      '@',
      ':',
      '%00',
      '\t',
      'é',
      '%c3%a9',
      '{id}',
      '+',
      '&=',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const target = parseTarget(`/${parts.join('')}`);
        if (target === undefined) return;
        const { path, query } = target;
        const text = targetText(path, query);
        const url = new URL(text, 'http://127.0.0.1');
        expect(url.pathname).toBe(path);
        expect(url.pathname + url.search).toBe(text);
        expect([...url.searchParams]).toEqual(query);
        expect(parseTarget(text)).toEqual(target);
        for (const segment of path.slice(1).split('/')) {
          const decoded = decodeURIComponent(segment);
          expect(decoded).not.toMatch(/^\.{1,2}$|[/\\%?#;]/u);
        }
      }),
    );
  });
});
