import { describe, expect, it } from 'vitest';
import { parseHeader } from './request-headers.js';

describe('a header that is typed', () => {
  it.each([
    ['Accept: text/plain', ['Accept', 'text/plain']],
    ['X-Empty:', ['X-Empty', '']],
    ['x:y:z ', ['x', 'y:z']],
  ])('reads %j', (text, header) => {
    expect(parseHeader(text)).toEqual(header);
  });

  it.each([
    'Authorization: Bearer x',
    'authorization:x',
    'AUTHORIZATION : x',
    'Proxy-Authorization: x',
    'Cookie: a=b',
    'Host: evil.example',
    'Content-Length: 0',
    'Transfer-Encoding: chunked',
    'Connection: Authorization',
    'no colon',
    ': x',
    'a b: x',
    'a\r\nb: x',
    'X: a\r\nAuthorization: b',
    'X: a\nb',
    'X: \u0000',
    'X: “a”',
  ])('refuses %j', (text) => {
    expect(() => parseHeader(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
