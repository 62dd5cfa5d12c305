import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob, matchesText } from './glob.js';

describe('matchesGlob', () => {
  it.each<[pattern: string, path: string, expected: boolean]>([
    ['perms.json', 'perms.json', true],
    ['perms.json', 'keys/perms.json', false],
    ['*.json', 'perms.json', true],
    ['*.json', 'keys/perms.json', false],
    ['**/*.json', 'perms.json', true],
    ['**/*.json', 'keys/ci/perms.json', true],
    ['keys/**', 'keys/ci/perms.json', true],
    ['keys/**', 'keys', true],
    ['keys/*', 'keys/ci/perms.json', false],
    ['keys/*-ci.json', 'keys/linux-ci.json', true],
    ['keys/?.json', 'keys/a.json', true],
    ['keys/?.json', 'keys/ab.json', false],
    ['a**b', 'axxb', true],
    ['a.json', 'axjson', false],
    ['[a].json', 'a.json', false],
    ['**', '../other/perms.json', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['é?.json', 'é😀.json', true],
  ])('%s, %s: %s', (pattern, path, expected) => {
    expect(matchesGlob(pattern, path)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const piece = fc.constantFrom('a', 'b', '*', '?', '.');
    const segment = fc.oneof(
      fc.constant('**'),
      fc.array(piece, { maxLength: 4 }).map((all) => all.join('')),
    );
    const pattern = fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => all.join('/'));
    const path = fc
      .array(
        fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 4 }).map((all) => all.join('')),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .map((all) => all.join('/'));
    fc.assert(
      fc.property(pattern, path, (glob, name) => {
        expect(matchesGlob(glob, name), `${glob} ${name}`).toBe(expressionFor(glob).test(`${name}/`));
      }),
      { numRuns: 20_000 },
    );
  });

  it('ends with patterns that make a regular expression slow', () => {
    expect(matchesGlob(`${'*a'.repeat(5000)}b`, 'a'.repeat(5000))).toBe(false);
    expect(matchesGlob(`${'**/a/'.repeat(2000)}b`, 'a/'.repeat(2000))).toBe(false);
  });
});

describe('matchesText', () => {
  it.each<[pattern: string, text: string, expected: boolean]>([
    ['ci-*', 'ci-linux/x64', true],
    ['/api/v0/instances/*', '/api/v0/instances/5/', true],
    ['*apikeys*', '/api/v0/auth/apikeys/', true],
    ['ci-?', 'ci-10', false],
    ['CI', 'ci', false],
    ['', '', true],
  ])('%s, %s: %s', (pattern, text, expected) => {
    expect(matchesText(pattern, text)).toBe(expected);
  });

  it('ends with patterns that make a regular expression slow', () => {
    expect(matchesText(`${'*a'.repeat(5000)}b`, 'a'.repeat(5000))).toBe(false);
  });
});

/** Matches a path with a slash after each segment. */
function expressionFor(glob: string): RegExp {
  const parts = glob
    .split('/')
    .map((segment) =>
      segment === '**'
        ? '(?:[^/]*/)*'
        : `${segment.replace(/\./gu, '\\.').replace(/\*+/gu, '[^/]*').replace(/\?/gu, '[^/]')}/`,
    );
  return new RegExp(`^${parts.join('')}$`, 'u');
}
