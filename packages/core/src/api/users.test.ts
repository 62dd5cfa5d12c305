import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, KEY_TEXT, serve } from '../http/test-support/loopback-server.js';
import { currentUser } from './users.js';

describe('currentUser', () => {
  it('requests the current user and returns a stable shape', async () => {
    const body = {
      ssh_key: 'ssh-rsa AAAA',
      api_key: 'f00d'.repeat(16),
      key_id: 7,
      balance: 0,
      credit: 25.5,
      email: 'you@example.com',
      extra: { api_key: KEY_TEXT, kept: true },
      username: 'you',
      id: 123456,
    };
    const { url, seen } = await serve((response) => json(response, body));
    const { value, raw } = await currentUser(clientFor(url));
    expect(seen).toMatchObject([{ method: 'GET', path: '/api/v0/users/current/', body: '' }]);
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${KEY_TEXT}`);
    expect(JSON.stringify(value)).toBe(
      '{"id":123456,"username":"you","email":"you@example.com","credit":25.5,"balance":0,"ssh_key":"ssh-rsa AAAA","key_id":7}',
    );
    expect(raw).toEqual({
      ssh_key: 'ssh-rsa AAAA',
      key_id: 7,
      balance: 0,
      credit: 25.5,
      email: 'you@example.com',
      extra: { kept: true },
      username: 'you',
      id: 123456,
    });
  });

  it('omits fields that are absent or null', async () => {
    const { url } = await serve((response) => json(response, { id: 1, email: null }));
    expect((await currentUser(clientFor(url))).value).toEqual({ id: 1 });
  });

  it.each([
    [{ username: 5 }],
    [{ email: {} }],
    [{ credit: '25.00' }],
    [{ balance: [] }],
    [{ ssh_key: false }],
    [{ key_id: '7' }],
    [{ key_id: 7.5 }],
    [{ key_id: { a: 1 } }],
  ])('leaves out %j, and keeps it in the answer of the API', async (odd) => {
    const body = { id: 1, email: 'you@example.com', credit: 2.5, ...odd };
    const { url } = await serve((response) => json(response, body));
    const { value, raw } = await currentUser(clientFor(url));
    const { email, credit, ...others } = body;
    expect(value).toEqual({
      id: 1,
      ...(typeof email === 'string' ? { email } : {}),
      ...(typeof credit === 'number' ? { credit } : {}),
    });
    expect(raw).toEqual({ email, credit, ...others });
  });

  it.each([[[]], ['ok'], [null], [{}], [{ id: '1' }], [{ id: 1.5 }]])('rejects %j', async (body) => {
    const { url, seen } = await serve((response) => json(response, body));
    expect(await errorOf(currentUser(clientFor(url, { retries: 3 })))).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
    });
    expect(seen).toHaveLength(1);
  });

  it('follows the redirect to the form with a slash', async () => {
    const { url } = await serve((response, { path }) =>
      path.endsWith('/slash/')
        ? json(response, { id: 1 })
        : response.writeHead(301, { location: '/slash/' }).end(),
    );
    expect((await currentUser(clientFor(url))).value).toEqual({ id: 1 });
  });
});
