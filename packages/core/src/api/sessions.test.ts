import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, serve } from '../http/test-support/loopback-server.js';
import { deleteSession, isOtherId, listSessions } from './sessions.js';

const KEY = 'a1'.repeat(32);
const NOTHING = {
  id: null,
  created_at: null,
  expires_at: null,
  last_used: null,
  ip_address: null,
  user_agent: null,
};
const answering = (body: unknown, status = 200) => serve((response) => json(response, body, status));

describe('listSessions', () => {
  it.each([
    [{ id: 7, created_at: 1, expires_at: 2, last_used: 3, ip_address: 'a', user_agent: 'b' }, {}],
    [{ id: 7, created: 1, expires: 2, last_used_at: 3, ip: 'a', user_agent: 'b' }, {}],
    [{ id: 7, created_at: 1, expiration: 2, last_used: 3, ip: 'a', user_agent: 'b' }, {}],
    [
      { id: 'f3-2', created_at: '2026-01-01' },
      { ...NOTHING, id: 'f3-2', created_at: '2026-01-01' },
    ],
    [{ id: KEY }, NOTHING],
    [{}, NOTHING],
  ])('reads %j', async (record, value) => {
    const whole = { id: 7, created_at: 1, expires_at: 2, last_used: 3, ip_address: 'a', user_agent: 'b' };
    for (const list of [[record], { success: true, sessions: [record] }]) {
      const { url, seen } = await answering(list);
      expect((await listSessions(clientFor(url))).value).toEqual([{ ...whole, ...value }]);
      expect(seen).toMatchObject([{ method: 'GET', path: '/api/v0/auth/sessions/' }]);
    }
  });

  it('returns no session key, wherever it is', async () => {
    for (const list of [
      [KEY, { id: 1, session_key: KEY }],
      { sessions: [KEY, { id: 1, session_key: KEY, user_agent: `x/${KEY}`, url: `?k=${KEY}` }], k: KEY },
    ]) {
      const { url } = await answering(list);
      const sessions = await listSessions(clientFor(url));
      expect(sessions).toMatchObject({ value: [{ id: 1 }], leftOut: 1 });
      expect(JSON.stringify(sessions)).not.toContain(KEY);
    }
  });

  it.each([[{}], [null], ['x'], [{ a: [], b: [] }]])('rejects %j', async (list) => {
    const { url } = await answering(list);
    expect((await errorOf(listSessions(clientFor(url)))).code).toBe('unreachable');
  });
});

describe('deleteSession', () => {
  it.each([7, 'f3-2'])('sends the id %j in the body', async (id) => {
    const { url, seen } = await answering({ success: true });
    expect((await deleteSession(clientFor(url), id)).value).toBe(id);
    expect(seen.map(({ method, path, body }) => [method, path, JSON.parse(body)])).toEqual([
      ['DELETE', '/api/v0/auth/sessions/', { id }],
    ]);
  });

  it('names the session that does not exist', async () => {
    const { url } = await answering({ success: false, error: 'not_found', msg: 'No.' }, 404);
    expect(await errorOf(deleteSession(clientFor(url), 7))).toMatchObject({
      code: 'not_found',
      message: 'The account has no login session 7.',
      advice: [{ do: 'list-sessions' }],
    });
  });

  it('takes no key for an id', () => {
    expect(['f3', 'a_b-c', '0'.repeat(36)].filter(isOtherId)).toHaveLength(3);
    expect([KEY, '', '-a', 'a b', 'a/b', '..'].filter(isOtherId)).toEqual([]);
  });
});
