import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiPath, withParameter, withQuery } from './api-path.js';

const API = new URL('https://console.vast.ai');

describe('the path of a request', () => {
  it.each([
    ['users/current', '/api/v0/users/current'],
    ['/users/current/', '/api/v0/users/current/'],
    ['/api/v0/users/current/', '/api/v0/users/current/'],
    ['api/v0/users/', '/api/v0/users/'],
    ['api/v1/instances/?limit=2', '/api/v1/instances/?limit=2'],
    ['/api/v1/instances/', '/api/v1/instances/'],
    ['https://console.vast.ai/api/v0/users/', '/api/v0/users/'],
    ['HTTPS://console.vast.ai:443/users/', '/api/v0/users/'],
    ['team/roles/Ärzte/', '/api/v0/team/roles/%C3%84rzte/'],
    ['team/roles/a%2Fb/', '/api/v0/team/roles/a%2Fb/'],
    ['x/..y/.z/w...', '/api/v0/x/..y/.z/w...'],
    ['x?q=../y', '/api/v0/x?q=../y'],
    ['apis/v0/x', '/api/v0/apis/v0/x'],
    ['x/http://y', '/api/v0/x/http://y'],
    ['', '/api/v0/'],
  ])('reads %j', (text, path) => {
    expect(apiPath(text, API)).toBe(path);
  });

  it.each([
    'https://evil.example/api/v0/users/',
    'https://console.vast.ai.evil.example/',
    'https://console.vast.ai@evil.example/',
    'https://a:b@console.vast.ai/users/',
    'http://console.vast.ai/users/',
    'https://console.vast.ai:8443/users/',
    '//evil.example/users/',
    '///evil.example/users/',
    'https:x',
    'https:evil.example/users/',
    'https:/users/x/',
    'https:',
    'file:///etc/passwd',
    'data:,x',
    'javascript:x',
    '\\\\evil.example\\x',
    '/\\evil.example/x',
    'x/../auth/apikeys/',
    '../../x',
    'x/.',
    './x',
    'x/%2e%2e/y',
    'x/.%2E/y',
    'x/%252e%252e/y',
    'x/%25252525252525252e%2e/y',
    'x/a%2f..%2fy',
    'x/a%2F%2e%2e%2Fy',
    'x/a%5c..%5cy',
    'x/%C0%AE/%ff../..%2f',
    'https://console.vast.ai/x/../y',
    'x#y',
    'x y',
    ' x',
    'x\n',
    'x\ty',
    'x\u200b',
    'x/\u00a0',
  ])('refuses %j', (text) => {
    expect(() => apiPath(text, API)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('never leaves the origin or the API, whatever is typed', () => {
    const part = fc.constantFrom(
      '.',
      '..',
      '/',
      '//',
      '\\',
      '%2e',
      '%2f',
      '%25',
      ':',
      '@',
      '?',
      'a',
      'api/v0',
      'https:',
      ' ',
      '\t',
      '[',
      'é',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        let path: string;
        try {
          path = apiPath(parts.join(''), API);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' });
          return;
        }
        const url = new URL(path, API);
        expect(url.origin).toBe(API.origin);
        expect(url.pathname + url.search).toBe(path);
        expect(path).toMatch(/^\/api\/v\d/u);
        expect(decodeURIComponent(url.pathname)).not.toMatch(/(?:^|[/\\])\.\.?(?:[/\\]|$)/u);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes parameters', () => {
    expect(withQuery('/x', [])).toBe('/x');
    expect(withQuery('/x', [['a b', 'c&d=e']])).toBe('/x?a%20b=c%26d%3De');
    expect(
      withQuery('/x?y=1', [
        ['a', '1'],
        ['a', '2'],
      ]),
    ).toBe('/x?y=1&a=1&a=2');
    expect(withParameter('/x?after_token=1&b=2&after%5Ftoken=3', 'after_token', 'n+/=')).toBe(
      '/x?b=2&after_token=n%2B%2F%3D',
    );
    expect(withParameter('/x', 'after_token', '1')).toBe('/x?after_token=1');
  });
});
