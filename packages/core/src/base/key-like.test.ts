import { describe, expect, it } from 'vitest';
import { holdsKey, maskKeyLike } from './key-like.js';

const KEY = '0123456789abcdef'.repeat(4);

describe('holdsKey', () => {
  it.each([
    ['a key', KEY],
    ['in upper case', KEY.toUpperCase()],
    ['of which the last characters were not copied', KEY.slice(0, 50)],
    ['with an invisible character inside', `${KEY.slice(0, 30)}\u200b${KEY.slice(30)}`],
    ['with an invisible mark inside', `${KEY.slice(0, 30)}\u034f${KEY.slice(30)}`],
    ['cut off one character after the length of a commit', KEY.slice(0, 41)],
    ['in quotation marks', `"${KEY}"`],
    ['after the name of a variable', `VAST_API_KEY=${KEY}`],
    ['as the version of a package', `keys@${KEY}`],
    ['in the query of an address', `/api/v0/users/?api_key=${KEY}`],
  ])('is true for %s', (_, word) => {
    expect(holdsKey(word)).toBe(true);
  });

  it.each([
    ['a name', 'ci-deploy-key'],
    ['a commit', `${KEY.slice(0, 40)}`],
    ['a commit with a mark after it', `${KEY.slice(0, 40)}-dirty`],
    ['a folder named for a checksum', `/cache/${KEY}/perms.json`],
    ['the digest of an image', `image=vastai/base@sha256:${KEY}`],
    ['a number', '42'],
  ])('is false for %s', (_, word) => {
    expect(holdsKey(word)).toBe(false);
  });

  it('is true for a key of this run, whatever its form', () => {
    expect(holdsKey('5ecret-of-mine', ['5ecret-of-mine'])).toBe(true);
    expect(holdsKey('work', ['', 'w'])).toBe(false);
    expect(holdsKey('x-of-mine', ['of-mine'])).toBe(false);
    expect(holdsKey('x-of-mine', ['-of-mine'])).toBe(true);
  });
});

describe('maskKeyLike', () => {
  it.each([
    [`There is no file ${KEY}`, 'There is no file …cdef'],
    [`no https://registry.example/${KEY}/x.tgz`, 'no https://registry.example/…cdef/x.tgz'],
    [`x${KEY.slice(0, 32)}y`, 'x…cdefy'],
    [`${KEY.slice(0, 30)}\u200b${KEY.slice(30)}.`, '…cdef.'],
    [`${KEY.slice(0, 30)}\u3164${KEY.slice(30)}.`, '…cdef.'],
    [`a token ${'aB3'.repeat(14)}`, 'a token …3aB3'],
    // Letters beyond f: one part each of upper case, lower case and digits, in any order.
    ...['xY3', 'Yx3', '3xY', 'xxY3YY3', 'zzzzzzzzzzzzzzzzzzzzY3'].map((part) => {
      const token = part.repeat(40).slice(0, 40);
      return [`a token ${token} of another service`, `a token …${token.slice(-4)} of another service`];
    }),
    ...[
      'xY3'.repeat(13),
      `${'xy3'.repeat(14)}`,
      `${'XY3'.repeat(14)}`,
      `${'xYz'.repeat(14)}`,
      `${'xY3-'.repeat(14)}`,
    ].map((text) => [`no token ${text}`, `no token ${text}`]),
    ['a number 1234567890123456789', 'a number 1234567890123456789'],
    [`sha512-${'aB3'.repeat(28)}A==`, `sha512-${'aB3'.repeat(28)}A==`],
    [`sha512-${'aB3'.repeat(28)}A==${KEY}`, `sha512-${'aB3'.repeat(28)}A==…cdef`],
    [
      'a folder named vastai-permission-documents-of-the-team',
      'a folder named vastai-permission-documents-of-the-team',
    ],
    ...[
      `Expected: sha512-${'aB3'.repeat(28)}A==`,
      `a hash of a lockfile, sha256-${'aB3'.repeat(14)}A=`,
      `rm /cache/${KEY}/vastai/config.json`,
      `del C:\\cache\\${KEY.slice(0, 32)}\\config.json`,
    ].map((text) => [text, text]),
  ])('makes “%s” “%s”', (text, masked) => {
    expect(maskKeyLike(text)).toBe(masked);
  });

  it('masks the keys of this run, whatever their form', () => {
    expect(maskKeyLike('No profile "5ecret-of-mine"', [' 5ecret-of-mine\n'])).toBe('No profile "…mine"');
  });
});
