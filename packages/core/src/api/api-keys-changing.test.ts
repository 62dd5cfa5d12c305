import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, KEY_TEXT, serve, serveRaw } from '../http/test-support/loopback-server.js';
import { createApiKey, deleteApiKey, resetApiKey } from './api-keys.js';

const NEW_KEY = `${'f00d'.repeat(15)}9z8Y`;

describe('createApiKey', () => {
  const permissions = { api: { misc: {} } };

  it('sends the name, the permissions and the parameters, and returns the new key masked', async () => {
    const { url, seen } = await serve((response) =>
      json(response, { success: true, id: 12345, key: NEW_KEY, permissions }),
    );
    const { value, raw } = await createApiKey(clientFor(url), {
      name: 'ci',
      permissions,
      keyParams: { ip_whitelist: ['1.2.3.4'] },
    });
    expect(seen).toMatchObject([{ method: 'POST', path: '/api/v0/auth/apikeys/' }]);
    expect(seen[0]?.body).toBe(
      '{"name":"ci","permissions":{"api":{"misc":{}}},"key_params":{"ip_whitelist":["1.2.3.4"]}}',
    );
    expect(seen[0]?.headers['content-type']).toBe('application/json');
    expect(value.key.reveal()).toBe(NEW_KEY);
    expect(inspect(value) + JSON.stringify(value)).not.toContain(NEW_KEY);
    expect(value).toMatchObject({ id: 12345, name: 'ci', permissions });
    expect(raw).toEqual({ success: true, id: 12345, key: NEW_KEY, permissions });
  });

  it('sends the name alone for a key with full access', async () => {
    const { url, seen } = await serve((response) =>
      json(response, { id: 5, key: NEW_KEY, permissions: false }),
    );
    const { value } = await createApiKey(clientFor(url), { name: 'all' });
    expect(seen[0]?.body).toBe('{"name":"all"}');
    expect(value.permissions).toBeNull();
  });

  it('does not lose the new key over permissions in an unknown form', async () => {
    const { url } = await serve((response) => json(response, { id: 5, key: NEW_KEY, permissions: 'some' }));
    const { value } = await createApiKey(clientFor(url), { name: 'ci', permissions });
    expect(value.key.reveal()).toBe(NEW_KEY);
    expect(value.permissions).toEqual(permissions);
  });

  it.each([
    ['no JSON', 'junk'],
    ['no object', '[]'],
    ['no id', `{"key":"${NEW_KEY}"}`],
    ['no key', '{"id":5}'],
    ['an empty key', '{"id":5,"key":""}'],
    ['a key with a space inside', '{"id":5,"key":"a b"}'],
    ['the key that asked', `{"id":5,"key":"${KEY_TEXT}"}`],
  ])('says how to find and delete a key that may exist after a response with %s', async (_, body) => {
    const { url, seen } = await serve((response) => response.end(body));
    const error = await errorOf(createApiKey(clientFor(url, { retries: 3 }), { name: 'ci-\u001b[31mred' }));
    expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: true });
    expect(error.hint).toContain('“ci-red”');
    expect(error.hint).toContain('vastai show api-keys');
    expect(error.hint).toContain('vastai delete api-key ID');
    expect(seen).toHaveLength(1);
  });

  it('says the same if the connection breaks, the server fails, or it is interrupted', async () => {
    const broken = await serveRaw((socket) => socket.destroy());
    expect(
      (await errorOf(createApiKey(clientFor(broken.url, { retries: 3 }), { name: 'ci' }))).hint,
    ).toContain('vastai show api-keys');
    expect(broken.count()).toBe(1);
    const failing = await serve((response) => json(response, {}, 502));
    const failure = await errorOf(createApiKey(clientFor(failing.url, { retries: 3 }), { name: 'ci' }));
    expect(failure).toMatchObject({ status: 502, hint: expect.stringContaining('vastai show api-keys') });
    const stop = new AbortController();
    const hanging = await serve(() => stop.abort());
    const interruption = await errorOf(
      createApiKey(clientFor(hanging.url, { givingUp: stop.signal }), { name: 'ci' }),
    );
    expect(interruption).toMatchObject({
      code: 'interrupted',
      hint: expect.stringContaining('vastai show api-keys'),
    });
  });

  it('gives no such advice for an API error', async () => {
    const { url } = await serve((response) => json(response, { success: false, msg: 'Name is taken.' }, 400));
    const error = await errorOf(createApiKey(clientFor(url), { name: 'ci' }));
    expect(error).toMatchObject({ code: 'api_error', message: expect.stringContaining('Name is taken.') });
    expect(`${error.hint}`).not.toContain('show api-keys');
  });
});

describe('deleteApiKey', () => {
  it.each([['Successfully Deleted API Key'], [{ success: true, msg: 'API key deleted successfully' }]])(
    'understands %j',
    async (body) => {
      const { url, seen } = await serve((response) => json(response, body));
      expect(await deleteApiKey(clientFor(url), 42)).toEqual({ value: { id: 42 }, raw: body });
      expect(seen).toMatchObject([{ method: 'DELETE', path: '/api/v0/auth/apikeys/42/', body: '{}' }]);
    },
  );

  it.each([
    [200, null],
    [200, []],
    [200, ''],
    [200, 5],
    [200, true],
    [200, {}],
    [200, { message: 'ok' }],
    [200, { success: false, errors: [{ code: 1020 }] }],
    [204, undefined],
    [403, { message: 'Forbidden' }],
    [404, { message: 'no Route matched with those values' }],
    [404, 'Not Found'],
  ])('does not take %i %j for a deletion, nor for a key that is not there', async (status, body) => {
    const { url } = await serve((response) => json(response, body, status));
    expect(await errorOf(deleteApiKey(clientFor(url), 42))).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: true,
      hint: expect.stringContaining('vastai show api-key 42'),
    });
  });

  it.each([
    [400, { success: false, msg: 'You cannot delete your primary key.' }, 'api_error'],
    [400, { success: false, msg: 'Only user-created API keys can be deleted.' }, 'api_error'],
    [401, { success: false, msg: 'This key belongs to another user.' }, 'forbidden'],
    [403, { success: false, msg: 'This key belongs to another user.' }, 'forbidden'],
    [404, { success: false, msg: 'API Key not found.' }, 'not_found'],
    [200, { success: false, msg: 'API Key not found.' }, 'not_found'],
  ])('reads %i %j as %s', async (status, body, code) => {
    const { url } = await serve((response) => json(response, body, status));
    expect(await errorOf(deleteApiKey(clientFor(url), 42))).toMatchObject({
      code,
      message: expect.stringContaining(body.msg),
      request: { method: 'DELETE', path: '/api/v0/auth/apikeys/42/' },
    });
  });

  it('says how to find out if the response is lost', async () => {
    const { url } = await serveRaw((socket) => socket.destroy());
    const error = await errorOf(deleteApiKey(clientFor(url), 42));
    expect(error).toMatchObject({
      outcomeUnknown: true,
      hint: expect.stringContaining('vastai show api-key 42'),
    });
  });
});

describe('resetApiKey', () => {
  it.each([[{ success: true, new_api_key: NEW_KEY }], [{ sent: true, key: NEW_KEY }]])(
    'understands %j',
    async (body) => {
      const { url, seen } = await serve((response) => json(response, body));
      const { value, raw } = await resetApiKey(clientFor(url));
      expect(seen).toMatchObject([
        { method: 'PUT', path: '/api/v0/commands/reset_apikey/', body: '{"client_id":"me"}' },
      ]);
      expect(value.key.reveal()).toBe(NEW_KEY);
      expect(raw).toEqual(body);
    },
  );

  it.each([[{ sent: true }], [{ key: null }], ['done'], [{ new_api_key: 5 }], [{ key: 'ключ' }]])(
    'says that the old key may no longer work after %j',
    async (body) => {
      const { url, seen } = await serve((response) => json(response, body));
      const error = await errorOf(resetApiKey(clientFor(url, { retries: 3 })));
      expect(error).toMatchObject({
        code: 'unreachable',
        outcomeUnknown: true,
        hint: expect.stringContaining('old key may no longer work'),
      });
      expect(seen).toHaveLength(1);
    },
  );

  it('says the same if the connection breaks', async () => {
    const { url, count } = await serveRaw((socket) => socket.destroy());
    const error = await errorOf(resetApiKey(clientFor(url, { retries: 3 })));
    expect(error).toMatchObject({
      outcomeUnknown: true,
      hint: expect.stringContaining('old key may no longer work'),
    });
    expect(count()).toBe(1);
  });
});
