import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, serve } from '../http/test-support/loopback-server.js';
import { probeAccess } from './access-probe.js';

const ROUTE = '/api/v0/volumes/';
const denial = (msg: string) => ({ success: false, error: 'auth_error', msg });

/** Answers every request like this. */
async function probed(status: number, body: unknown) {
  const { url, seen } = await serve((response) => json(response, body, status));
  return { seen, result: probeAccess(clientFor(url, { retries: 0 }), ROUTE) };
}

describe('probeAccess', () => {
  it('allows what the API responds to, and keeps nothing of the response', async () => {
    const { seen, result } = await probed(200, { volumes: [{ id: 1, secret: 'hunter2' }] });
    expect(await result).toEqual({ access: 'allowed' });
    expect(seen).toMatchObject([{ method: 'GET', path: ROUTE }]);
  });

  it.each([
    [401, denial('This key lacks authorization: it does not have the privileges for this endpoint.')],
    [403, denial('Not permitted.')],
    [200, { success: false, msg: 'You are not authorized to do this.' }],
  ])('denies what the API forbids with %i', async (status, body) => {
    expect((await (await probed(status, body)).result).access).toBe('denied');
  });

  it.each([
    [403, denial('Not authorized: this belongs to another user.')],
    [404, { success: false, error: 'not_found', msg: 'No such endpoint.' }],
    [410, { success: false, error: 'deprecated_endpoint', msg: 'Use /api/v1/ instead.' }],
    [400, { success: false, error: 'invalid_args', msg: 'owner is missing.' }],
  ])('cannot tell from %i with %j', async (status, body) => {
    const { access, reason } = await (await probed(status, body)).result;
    expect([access, reason]).toEqual(['unknown', expect.stringContaining(String(body.msg))]);
  });

  it.each([
    [404, denial('Invalid user key'), 'key_rejected'],
    [404, denial('Session expired. Please log in again.'), 'two_factor'],
    [401, denial('This action requires Two Factor Authentication.'), 'two_factor'],
    [429, 'API requests too frequent', 'rate_limited'],
    [500, { msg: 'oops' }, 'unreachable'],
    [403, '<html>Blocked</html>', 'unreachable'],
  ])('stops after %i with %j', async (status, body, code) => {
    expect(await errorOf((await probed(status, body)).result)).toMatchObject({ code });
  });
});
