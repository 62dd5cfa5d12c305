import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const USER = 'GET /api/v0/users/current/';
const LIST = 'GET /api/v0/auth/apikeys/';
const ODD_USER = { id: 7, email: 5, username: ['x'], credit: '25.00', balance: {}, ssh_key: 0, key_id: '42' };

describe.concurrent('a user with fields of other types', () => {
  it('is shown with the valid fields, and unchanged with --raw', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    sandbox.fault(USER, { kind: 'answer', status: 200, body: ODD_USER }, Number.POSITIVE_INFINITY);
    const shown = await vastai(['show', 'user', '--json']);
    expect(shown.status).toBe(0);
    expect(shown.json()).toEqual({ id: 7 });
    const raw = await vastai(['show', 'user', '--raw']);
    expect(raw.status).toBe(0);
    expect(raw.json()).toEqual(ODD_USER);
  });

  it('proves that the key is valid', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(USER, { kind: 'answer', status: 200, body: ODD_USER }, Number.POSITIVE_INFINITY);
    const status = await vastai(['auth', 'status', '--json']);
    expect(status.status).toBe(0);
    expect(status.json()).toMatchObject({ state: 'verified', user: { id: 7 } });
    const saved = await vastai(['set', 'api-key', '--json'], { input: sandbox.key });
    expect(saved.json().verified).toBe('verified');
  });
});

describe.concurrent('a list of keys with odd records', () => {
  const odd = {
    id: 2,
    name: 5,
    key_type: {},
    team_id: '7',
    team_name: [],
    created_at: {},
    permissions: 'x',
  };
  const apikeys = [{ id: 1, name: 'a', permissions: { api: { misc: {} } } }, odd, null, { name: 'no id' }];

  it('is shown without invalid records, and with their number', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys } }, Number.POSITIVE_INFINITY);
    const ran = await vastai(['show', 'api-keys', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject([{ id: 1, name: 'a' }, { id: 2 }]);
    const none = { name: null, permissions: null, full_access: null, key_type: null };
    expect(ran.json()[1]).toEqual({ id: 2, ...none, team_id: null, team_name: null, created_at: null });
    expect(ran.stderr).toContain('2 records without an ID were left out');
    const table = await vastai(['show', 'api-keys']);
    expect(table.stdout).toMatch(/^2 .*unknown/m);
    expect(table.stdout).not.toMatch(/full access|none/);
  });

  it('is printed unchanged with --raw', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys } });
    const ran = await vastai(['show', 'api-keys', '--raw']);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.json()).toEqual({ apikeys });
  });

  it('does not guess permissions that have another form', async ({
    harness: { vastai, sandbox, saveKey },
  }) => {
    await saveKey();
    sandbox.fault('GET /api/v0/auth/apikeys/2/', { kind: 'answer', status: 404, body: '' });
    sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys } });
    const ran = await vastai(['permissions', 'explain', '--key', '2', '--json']);
    expect(ran.status).toBe(1);
    expect(ran.json().error.message).toContain('did not return');
  });
});
