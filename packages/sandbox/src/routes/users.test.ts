import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../test-support/ask.js';
import { type Sandbox, startSandbox } from '../server.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({
    moreUsers: [{ id: 7, email: 'sub@example.com', parent_id: 123456, username: 'sub' }],
  });
});
afterEach(() => sandbox.close());

describe('the account', () => {
  it('shows the id and value of the calling key, and of no other', async () => {
    const { id, value } = sandbox.addKey({ name: 'ro', permissions: { api: { user_read: {} } } });
    const { json, text } = await ask(sandbox, 'GET', '/api/v0/users/current/', { key: value });
    expect(json).toMatchObject({
      id: 123456,
      key_id: id,
      api_key: value,
      ssh_key: expect.stringMatching(/^ssh-rsa /u),
    });
    expect(text).not.toContain(sandbox.key);
  });

  it('changes the fields sent, and no others', async () => {
    const body = { ssh_key: 'ssh-ed25519 AAAA', ['__proto__']: { admin: true } };
    expect((await ask(sandbox, 'PUT', '/api/v0/users/', { body })).json).toEqual({ success: true });
    const { json } = await ask(sandbox, 'GET', '/api/v0/users/current/');
    expect(json).toMatchObject({ ssh_key: 'ssh-ed25519 AAAA', email: 'you@example.com' });
  });

  it('does not let a caller change its credit or its id', async () => {
    for (const body of [{ credit: 1e6 }, { id: 654321 }, { api_key: 'x' }]) {
      expect((await ask(sandbox, 'PUT', '/api/v0/users/', { body })).status).toBe(400);
    }
    expect(sandbox.users()[0]).toMatchObject({ id: 123456, credit: 25 });
  });

  it('rejects an email address in use with status 200', async () => {
    const { status, json } = await ask(sandbox, 'PUT', '/api/v0/users/', {
      body: { email: 'someone.else@example.com' },
    });
    expect([status, json.success]).toEqual([200, false]);
    expect(sandbox.users()[0]?.email).toBe('you@example.com');
  });

  it('lists subaccounts and addresses of the caller only', async () => {
    expect((await ask(sandbox, 'GET', '/api/v0/subaccounts/')).json.users).toMatchObject([{ id: 7 }]);
    for (const user of ['me', '123456']) {
      expect((await ask(sandbox, 'GET', `/api/v0/users/${user}/ipaddrs/`)).json.results).toHaveLength(1);
    }
    expect((await ask(sandbox, 'GET', '/api/v0/users/654321/ipaddrs/')).status).toBe(403);
  });

  it('keeps an audit log of what each key changed, newest first', async () => {
    const { id, value } = sandbox.addKey({ name: 'ci' });
    await ask(sandbox, 'POST', '/api/v0/auth/apikeys/', { body: { name: 'a' }, key: value });
    await ask(sandbox, 'DELETE', '/api/v0/auth/apikeys/43/');
    await ask(sandbox, 'DELETE', '/api/v0/auth/apikeys/43/');
    const { json } = await ask(sandbox, 'GET', '/api/v0/audit_logs/');
    expect(json).toEqual([
      expect.objectContaining({
        api_key_id: 40,
        api_route: '/api/v0/auth/apikeys/43/',
        ip_address: '127.0.0.1',
      }),
      expect.objectContaining({ api_key_id: id, api_route: '/api/v0/auth/apikeys/', args: '{"name":"a"}' }),
    ]);
  });

  it('returns the audit log in pages, each row once', async () => {
    const row = { ip_address: '192.0.2.1', api_key_id: 42, api_route: '/api/v0/asks/1/', args: '{}' };
    sandbox.addAuditRows(Array.from({ length: 250 }, (_, at) => ({ ...row, created_at: at })));
    sandbox.quirks.auditLog = 'pages';
    const times: number[] = [];
    const sizes: number[] = [];
    for (let token: string | undefined = ''; token !== undefined; ) {
      const after: string = token === '' ? '' : `?after_token=${encodeURIComponent(token)}`;
      const { json } = await ask(sandbox, 'GET', `/api/v0/audit_logs/${after}`);
      times.push(...json.audit_logs.map((one: { created_at: number }) => one.created_at));
      sizes.push(json.audit_logs.length);
      token = json.next_token;
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(times).toEqual(Array.from({ length: 250 }, (_, at) => 249 - at));
    expect((await ask(sandbox, 'GET', '/api/v0/audit_logs/?after_token=x')).status).toBe(400);
    sandbox.quirks.auditLog = 'same_page';
    const first = await ask(sandbox, 'GET', '/api/v0/audit_logs/');
    const second = await ask(sandbox, 'GET', '/api/v0/audit_logs/?after_token=x');
    expect(second.json).toEqual(first.json);
  });
});
