import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, serve } from '../http/test-support/loopback-server.js';
import { deleteApiKey, listApiKeys, showApiKey } from './api-keys.js';

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
  it('requests the list and returns stable shapes without keys', async () => {
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
    // Not documented.
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
  ])('rejects %j', async (body) => {
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

  it('requests the one key', async () => {
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
    ['400', 400, { error: 'deprecated_endpoint', msg: 'Use /api/v0/auth/apikeys/ instead.' }],
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

  it('reports a key that the list does not have either', async () => {
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
  ])('does not request the list after %i %j', async (status, body, code) => {
    const { url, seen } = await serve((response) => json(response, body, status));
    expect((await errorOf(showApiKey(clientFor(url), 42))).code).toBe(code);
    expect(seen).toHaveLength(1);
  });
});

describe('ids', () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])('%d is not valid', async (id) => {
    const { url, seen } = await serve((response) => json(response, {}));
    expect((await errorOf(showApiKey(clientFor(url), id))).code).toBe('usage');
    expect((await errorOf(deleteApiKey(clientFor(url), id))).code).toBe('usage');
    expect(seen).toEqual([]);
  });
});
