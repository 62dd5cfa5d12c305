import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, KEY_TEXT, serve, serveRaw } from '../http/test-support/loopback-server.js';
import { createApiKey, deleteApiKey, listApiKeys, resetApiKey, showApiKey } from './api-keys.js';

const NEW_KEY = `${'f00d'.repeat(15)}9z8Y`;

const FULL = {
  id: 1,
  user_id: 9,
  name: 'main',
  key: null,
  key_type: 'primary',
  rights: 'all',
  permissions: false,
  team_id: null,
  team_name: null,
  created_at: 1700000000.5,
};
const SCOPED = {
  id: 42,
  name: 'ci',
  key: NEW_KEY,
  permissions: { api: { misc: {} } },
  team_id: 3,
  team_name: 'T',
  created_at: '2025-01-01',
};

const FULL_VALUE = {
  id: 1,
  name: 'main',
  permissions: null,
  full_access: true,
  key_type: 'primary',
  team_id: null,
  team_name: null,
  created_at: 1700000000.5,
};
const SCOPED_VALUE = {
  id: 42,
  name: 'ci',
  permissions: { api: { misc: {} } },
  full_access: false,
  key_type: null,
  team_id: 3,
  team_name: 'T',
  created_at: '2025-01-01',
};

describe('listApiKeys', () => {
  it('asks for the list and gives fixed shapes without values', async () => {
    const { url, seen } = await serve((response) => json(response, { apikeys: [FULL, SCOPED, { id: 3 }] }));
    const { value, raw } = await listApiKeys(clientFor(url));
    expect(seen).toMatchObject([{ method: 'GET', path: '/api/v0/auth/apikeys/', body: '' }]);
    expect(JSON.stringify(value.slice(0, 2))).toBe(JSON.stringify([FULL_VALUE, SCOPED_VALUE]));
    expect(value[2]).toEqual({
      id: 3,
      name: null,
      permissions: null,
      full_access: null,
      key_type: null,
      team_id: null,
      team_name: null,
      created_at: null,
    });
    const { key: _, ...scoped } = SCOPED;
    expect(raw).toEqual({ apikeys: [FULL, scoped, { id: 3 }] });
  });

  it.each([
    [false, true],
    [{ api: {} }, false],
    [{}, false],
    // No page of the documentation says what these mean.
    [null, null],
    [undefined, null],
    ['x', null],
    ['', null],
    [0, null],
    [1, null],
    [true, null],
    [[], null],
  ])('takes the permissions %j for full access: %j', async (permissions, fullAccess) => {
    const { url } = await serve((response) => json(response, { apikeys: [{ id: 1, permissions }] }));
    const [key] = (await listApiKeys(clientFor(url))).value;
    expect(key?.full_access).toBe(fullAccess);
    expect(key?.permissions).toEqual(fullAccess === false ? permissions : null);
  });

  it.each([
    [[]],
    [{}],
    [{ apikeys: {} }],
    [{ apikeys: [1] }],
    [{ apikeys: [{ name: 'no id' }] }],
    [{ apikeys: [null, { id: '1' }, { id: 1.5 }] }],
    ['key'],
  ])('takes %j as no answer', async (body) => {
    const { url } = await serve((response) => json(response, body));
    expect(await errorOf(listApiKeys(clientFor(url)))).toMatchObject({
      code: 'unreachable',
      outcomeUnknown: false,
    });
  });
});

describe('a record of the list', () => {
  it.each([
    ['name', 5],
    ['key_type', {}],
    ['team_id', '7'],
    ['team_name', false],
    ['created_at', {}],
    ['created_at', true],
    ['permissions', 'x'],
  ])('whose %s is %j has none, and is there all the same', async (name, odd) => {
    const records = [FULL, { ...SCOPED, [name]: odd }];
    const { url } = await serve((response) => json(response, { apikeys: records }));
    const { value, raw, leftOut } = await listApiKeys(clientFor(url));
    const unknown = name === 'permissions' ? { permissions: null, full_access: null } : { [name]: null };
    expect(value).toEqual([FULL_VALUE, { ...SCOPED_VALUE, ...unknown }]);
    expect(leftOut).toBe(0);
    expect(JSON.stringify(raw)).toContain(`${JSON.stringify(name)}:${JSON.stringify(odd)}`);
  });

  it.each([[null], [5], ['key'], [[]], [{}], [{ name: 'no id' }], [{ id: '42' }], [{ id: null }]])(
    'that is %j is left out, and the others are not',
    async (odd) => {
      const { url } = await serve((response) => json(response, { apikeys: [odd, FULL, odd] }));
      const { value, raw, leftOut } = await listApiKeys(clientFor(url));
      expect(value).toEqual([FULL_VALUE]);
      expect(leftOut).toBe(2);
      expect(raw).toEqual({ apikeys: [odd, FULL, odd] });
    },
  );

  it('does not keep "show api-key" from another one', async () => {
    const { url } = await serve((response, { path }) =>
      path.endsWith('/1/') ? json(response, {}, 404) : json(response, { apikeys: [null, { id: '1' }, FULL] }),
    );
    expect((await showApiKey(clientFor(url), 1)).value).toEqual(FULL_VALUE);
  });
});

describe('showApiKey', () => {
  it.each([{ id: '42' }, { name: 'ci' }, null, 'ci'])(
    'does not say that a key is gone when the list has %j',
    async (record) => {
      const { url } = await serve((response, { path }) =>
        path.endsWith('/apikeys/')
          ? json(response, { apikeys: [FULL, record] })
          : json(response, { msg: 'API Key not found.' }, 404),
      );
      expect((await errorOf(showApiKey(clientFor(url), 42))).code).toBe('unreachable');
      expect((await showApiKey(clientFor(url), 1)).value).toEqual(FULL_VALUE);
    },
  );

  it('asks for the one key', async () => {
    const { url, seen } = await serve((response) => json(response, SCOPED));
    const { value, raw } = await showApiKey(clientFor(url), 42);
    expect(seen).toMatchObject([{ method: 'GET', path: '/api/v0/auth/apikeys/42/' }]);
    expect(value).toEqual(SCOPED_VALUE);
    expect(JSON.stringify(raw)).not.toContain(NEW_KEY);
  });

  it.each([
    ['404', 404, { msg: 'API Key not found.' }],
    ['404 in HTML', 404, '<html>'],
    ['405', 405, { detail: 'Method Not Allowed' }],
    ['410', 410, {}],
    ['the bare key', 200, NEW_KEY],
    ['another key', 200, { ...SCOPED, id: 43 }],
  ])('finds it in the list after %s', async (_, status, first) => {
    const { url, seen } = await serve((response, { path }) =>
      path.endsWith('/42/') ? json(response, first, status) : json(response, { apikeys: [FULL, SCOPED] }),
    );
    const { value, raw } = await showApiKey(clientFor(url), 42);
    expect(seen.map(({ path }) => path)).toEqual(['/api/v0/auth/apikeys/42/', '/api/v0/auth/apikeys/']);
    expect(value).toEqual(SCOPED_VALUE);
    expect(JSON.stringify([value, raw])).not.toContain(NEW_KEY);
  });

  it('says that it is not found when the list does not have it either', async () => {
    const { url } = await serve((response, { path }) =>
      path.endsWith('/42/')
        ? json(response, { msg: 'API Key not found.' }, 404)
        : json(response, { apikeys: [FULL] }),
    );
    expect(await errorOf(showApiKey(clientFor(url), 42))).toMatchObject({
      code: 'not_found',
      status: 404,
      source: 'VAST_API_KEY …A1b2',
      message: 'API key 42 does not exist.',
    });
  });

  it.each([
    [404, { success: false, error: 'auth_error', msg: 'Invalid user key' }, 'key_rejected'],
    [404, { success: false, msg: 'Session expired. Please log in again.' }, 'two_factor'],
    [403, { msg: 'You do not have permission to access this key.' }, 'forbidden'],
    [400, { msg: 'bad id' }, 'api_error'],
    [500, {}, 'unreachable'],
  ])('does not ask for the list after %i %j', async (status, body, code) => {
    const { url, seen } = await serve((response) => json(response, body, status));
    expect((await errorOf(showApiKey(clientFor(url), 42))).code).toBe(code);
    expect(seen).toHaveLength(1);
  });
});

describe('ids', () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])('%d is none', async (id) => {
    const { url, seen } = await serve((response) => json(response, {}));
    expect((await errorOf(showApiKey(clientFor(url), id))).code).toBe('usage');
    expect((await errorOf(deleteApiKey(clientFor(url), id))).code).toBe('usage');
    expect(seen).toEqual([]);
  });
});

describe('createApiKey', () => {
  const permissions = { api: { misc: {} } };

  it('sends the name, the permissions and the parameters, and gives the new key hidden', async () => {
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
  ])('tells how to find and delete a key that may have been made when the answer has %s', async (_, body) => {
    const { url, seen } = await serve((response) => response.end(body));
    const error = await errorOf(createApiKey(clientFor(url, { retries: 3 }), { name: 'ci-\u001b[31mred' }));
    expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: true });
    expect(error.hint).toContain('“ci-red”');
    expect(error.hint).toContain('vastai show api-keys');
    expect(error.hint).toContain('vastai delete api-key ID');
    expect(seen).toHaveLength(1);
  });

  it('tells it when the connection breaks, the server fails, or somebody gives it up', async () => {
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

  it('gives no such advice for a refusal', async () => {
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

  it('tells how to find out when the answer is lost', async () => {
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

  it('says so when the connection breaks', async () => {
    const { url, count } = await serveRaw((socket) => socket.destroy());
    const error = await errorOf(resetApiKey(clientFor(url, { retries: 3 })));
    expect(error).toMatchObject({
      outcomeUnknown: true,
      hint: expect.stringContaining('old key may no longer work'),
    });
    expect(count()).toBe(1);
  });
});
