import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRedirect } from './redirect.js';

const FROM = new URL('https://console.vast.ai/api/v0/users/?a=b');
const read = (location: string | undefined, { status = 307, method = 'GET', count = 0 } = {}) =>
  readRedirect(status, location, FROM, method, count);

describe('readRedirect', () => {
  it.each([200, 201, 204, 300, 304, 305, 306, 309, 400, 404, 500])('takes %i for no redirect', (status) => {
    expect(read('https://evil.example/', { status })).toBeUndefined();
  });

  it.each([
    ['/b', 'https://console.vast.ai/b'],
    ['current?x=1#part', 'https://console.vast.ai/api/v0/users/current?x=1'],
    ['//console.vast.ai:443/b', 'https://console.vast.ai/b'],
    ['', 'https://console.vast.ai/api/v0/users/?a=b'],
  ])('follows %j within the origin, without a fragment', (location, to) => {
    expect(read(location)).toEqual({ to: new URL(to) });
  });

  it.each([undefined, 'http://[broken', 'https://'])(
    'rejects %j, which is not a valid target',
    (location) => {
      expect(read(location, { status: 302 })).toEqual({
        refused: 'https://console.vast.ai sent a redirect (302) without a valid target.',
      });
    },
  );

  it.each([
    ['https://evil.example/a?b', 'https://evil.example'],
    ['http://console.vast.ai/', 'http://console.vast.ai'],
    ['https://console.vast.ai:8443/', 'https://console.vast.ai:8443'],
    ['https://me@console.vast.ai/', 'https://console.vast.ai'],
    ['https://:hunter2@console.vast.ai/', 'https://console.vast.ai'],
    ['file:///etc/passwd', 'a file address'],
    ['data:application/json,1', 'a data address'],
  ])('rejects %s, and names only %s', (location, place) => {
    const refused = `https://console.vast.ai redirected to ${place}. The key is not sent there.`;
    expect(read(location)).toEqual({ refused });
  });

  it.each([
    ['GET', 301, true],
    ['GET', 302, true],
    ['GET', 303, true],
    ['POST', 307, true],
    ['DELETE', 308, true],
    ['POST', 301, false],
    ['PUT', 302, false],
    ['DELETE', 303, false],
  ])('in response to %s with %i, is followed: %s', (method, status, isFollowed) => {
    expect(read('/b', { method, status })).toEqual(
      isFollowed
        ? { to: new URL('https://console.vast.ai/b') }
        : {
            refused: `https://console.vast.ai responded to ${method} with a redirect (${status}) that cannot be followed.`,
          },
    );
  });

  it('follows five for one request, and not a sixth', () => {
    expect(read('/b', { count: 4 })).toHaveProperty('to');
    expect(read('/b', { count: 5 })).toEqual({
      refused: 'https://console.vast.ai sent more than 5 redirects.',
    });
  });

  it('never leaves the origin, whatever the response says', () => {
    const location = fc.oneof(
      fc.webUrl(),
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom('//', '/\\', '\\\\', 'https:', 'javascript:', '/', '@'), fc.string())
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(location, fc.constantFrom(301, 302, 303, 307, 308), (text, status) => {
        const redirect = read(text, { status });
        if (redirect !== undefined && 'to' in redirect) expect(redirect.to.origin).toBe(FROM.origin);
        else
          expect(redirect?.refused).toMatch(/^https:\/\/console\.vast\.ai (?:sent a redirect|redirected to)/);
      }),
    );
  });
});
