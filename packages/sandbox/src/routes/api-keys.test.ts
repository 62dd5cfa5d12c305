import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../test-support/ask.js';
import { type Sandbox, startSandbox } from '../server.js';

const KEYS = '/api/v0/auth/apikeys/';
const RESET = '/api/v0/commands/reset_apikey/';
const SCOPED = { api: { user_read: {} } };
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

describe('creating a key', () => {
  it('returns the value once, and the key works immediately', async () => {
    const made = await ask(sandbox, 'POST', KEYS, { body: { name: 'ci', permissions: SCOPED } });
    expect(made.status).toBe(200);
    expect(made.json).toEqual({ success: true, id: 42, key: expect.any(String), permissions: SCOPED });
    expect(made.json.key).toMatch(/^[0-9a-f]{64}$/u);
    const list = await ask(sandbox, 'GET', KEYS, { key: made.json.key });
    expect(list.status).toBe(200);
    expect(list.text).not.toContain(made.json.key);
  });

  it('grants full access without a document, reported as false', async () => {
    const { json } = await ask(sandbox, 'POST', KEYS, { body: { name: 'all' } });
    expect(json.permissions).toBe(false);
    expect((await ask(sandbox, 'POST', KEYS, { body: { name: 'next' }, key: json.key })).status).toBe(200);
  });

  it.each([
    ['false', { permissions: false }, undefined],
    ['absent', {}, undefined],
    [{ api: { misc: {} } }, { permissions: { api: { misc: {} } } }, { api: { misc: {} } }],
  ] as const)(
    'grants permissions other than those requested if quirks say so: %j',
    async (quirk, reported, stored) => {
      sandbox.quirks.newPermissions = quirk;
      const body = { name: 'ci', permissions: SCOPED };
      const { json } = await ask(sandbox, 'POST', KEYS, { body });
      const { success: _, id, key: __, ...rest } = json;
      expect(rest).toEqual(reported);
      expect(sandbox.keys().find((key) => key.id === id)?.permissions).toEqual(stored);
    },
  );

  it('accepts what the Python CLI sends: null as the name, a string as key_params', async () => {
    const body = { name: null, permissions: SCOPED, key_params: 'a=1' };
    const { status, json } = await ask(sandbox, 'POST', KEYS, { body });
    expect(status).toBe(200);
    expect(sandbox.keys().find((key) => key.id === json.id)).toMatchObject({ name: null, keyParams: 'a=1' });
  });

  it('creates a second key when it is repeated', async () => {
    const ids = [];
    for (let n = 0; n < 2; n += 1)
      ids.push((await ask(sandbox, 'POST', KEYS, { body: { name: 'ci' } })).json.id);
    expect(ids).toEqual([42, 43]);
  });

  it('rejects a name or a document of the wrong type', async () => {
    for (const body of [{ name: 7 }, { name: 'x', permissions: [] }, { name: 'x', permissions: 'all' }]) {
      expect((await ask(sandbox, 'POST', KEYS, { body })).status).toBe(400);
    }
  });
});

describe('listing and showing keys', () => {
  it("lists the caller's own keys without their values", async () => {
    const { id } = sandbox.addKey({ name: 'mine', permissions: SCOPED });
    sandbox.addKey({ name: 'theirs', userId: 654321 });
    const { json } = await ask(sandbox, 'GET', KEYS);
    expect(json.apikeys).toEqual([
      expect.objectContaining({
        id: 40,
        user_id: 123456,
        key: null,
        key_type: 'primary',
        permissions: false,
      }),
      expect.objectContaining({
        id,
        user_id: 123456,
        name: 'mine',
        key: null,
        permissions: SCOPED,
        team_id: null,
      }),
    ]);
    expect(json.apikeys[0]).not.toHaveProperty('team_id');
  });

  it('shows one key as the list does', async () => {
    const { id } = sandbox.addKey({ name: 'mine' });
    const [, row] = (await ask(sandbox, 'GET', KEYS)).json.apikeys;
    expect((await ask(sandbox, 'GET', `${KEYS}${id}/`)).json).toEqual(row);
  });

  it.each([404, 405, 410] as const)(
    'responds with %i without auth_error if quirks say so',
    async (showKey) => {
      sandbox.quirks.showKey = showKey;
      const { status, json } = await ask(sandbox, 'GET', `${KEYS}40/`);
      expect(status).toBe(showKey);
      expect(json).toMatchObject({ success: false });
      expect(json.error).not.toBe('auth_error');
    },
  );

  it('responds with the bare value if quirks say so', async () => {
    sandbox.quirks.showKey = 'value';
    expect((await ask(sandbox, 'GET', `${KEYS}40/`)).json).toBe(sandbox.key);
  });

  it.each(['0', '-1', '1e3', '99', '42x', '4.2', '%20', '{id}'])('finds no key %s', async (id) => {
    const { status, json } = await ask(sandbox, 'GET', `${KEYS}${id}/`);
    expect([status, json.msg, json.error]).toEqual([404, 'API Key not found.', 'not_found']);
  });
});

describe('deleting a key', () => {
  it('responds with a bare JSON string, removes the key and never reuses its id', async () => {
    const { id, value } = sandbox.addKey({ name: 'old' });
    const { status, text } = await ask(sandbox, 'DELETE', `${KEYS}${id}/`, { body: {} });
    expect([status, text]).toEqual([200, '"Successfully Deleted API Key"']);
    expect((await ask(sandbox, 'GET', KEYS)).json.apikeys).toHaveLength(1);
    expect((await ask(sandbox, 'GET', `${KEYS}${id}/`)).json.msg).toBe('API Key not found.');
    expect((await ask(sandbox, 'DELETE', `${KEYS}${id}/`)).json.msg).toBe('API Key not found.');
    expect((await ask(sandbox, 'GET', KEYS, { key: value })).json.msg).toBe('Invalid user key');
    expect(sandbox.keys().find((key) => key.id === id)).toMatchObject({ name: 'old', revoked: true });
    expect(sandbox.addKey({ name: 'new' }).id).toBe(id + 1);
  });

  it('works on the key that makes the request', async () => {
    const { id, value } = sandbox.addKey({ name: 'me' });
    expect((await ask(sandbox, 'DELETE', `${KEYS}${id}/`, { key: value })).status).toBe(200);
    expect((await ask(sandbox, 'GET', KEYS, { key: value })).status).toBe(404);
  });

  it('fails for the primary key and for keys that Vast.ai made', async () => {
    const { id } = sandbox.addKey({ name: 'instance', kind: 'system' });
    const primary = await ask(sandbox, 'DELETE', `${KEYS}40/`);
    expect([primary.status, primary.json.msg]).toEqual([400, 'You cannot delete your primary key.']);
    const system = await ask(sandbox, 'DELETE', `${KEYS}${id}/`);
    expect([system.status, system.json.msg]).toEqual([400, 'Only user-created API keys can be deleted.']);
  });

  it.each([401, 403] as const)("fails with %i for another user's key", async (anotherUsers) => {
    sandbox.quirks.anotherUsers = anotherUsers;
    const { id } = sandbox.addKey({ name: 'theirs', userId: 654321 });
    const { status, json } = await ask(sandbox, 'DELETE', `${KEYS}${id}/`);
    expect([status, json.success]).toEqual([anotherUsers, false]);
    expect(json.msg).not.toBe('Invalid user key');
    expect(sandbox.keys().find((key) => key.id === id)?.revoked).toBe(false);
  });
});

describe('resetting the key', () => {
  it.each([
    ['new_api_key', (json: Record<string, string>) => json.new_api_key, { success: true }],
    ['key', (json: Record<string, string>) => json.key, { sent: true }],
  ] as const)('stops the old one at once, answering with %s', async (resetKey, keyOf, rest) => {
    sandbox.quirks.resetKey = resetKey;
    const { status, json } = await ask(sandbox, 'PUT', RESET, { body: { client_id: 'me' } });
    expect(status).toBe(200);
    expect(json).toMatchObject(rest);
    expect((await ask(sandbox, 'GET', KEYS)).json.msg).toBe('Invalid user key');
    const list = await ask(sandbox, 'GET', KEYS, { key: keyOf(json) });
    expect(list.json.apikeys.map((key: { id: number }) => key.id)).toEqual([40]);
  });

  it('keeps its permissions', async () => {
    const { value } = sandbox.addKey({ name: 'ci', permissions: { api: { user_write: {} } } });
    const { json } = await ask(sandbox, 'PUT', RESET, { body: { client_id: 'me' }, key: value });
    expect((await ask(sandbox, 'GET', KEYS, { key: json.new_api_key })).status).toBe(401);
  });

  it('requires the documented body', async () => {
    expect((await ask(sandbox, 'PUT', RESET, { body: {} })).status).toBe(400);
    expect((await ask(sandbox, 'GET', KEYS)).status).toBe(200);
  });
});
