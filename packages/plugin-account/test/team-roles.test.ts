import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const ROLES = '/api/v0/team/roles/';
const DOCUMENT = { api: { instance_read: {}, team_read: {} } };
const OTHER = { api: { billing_read: {} } };
const INLINE = JSON.stringify(DOCUMENT);
const CREATE = ['create', 'team-role', '--name', 'dev ops/1'];

/** Saves the key, and makes the role with ID 1 and a permission file. Returns what was asked after that. */
async function withRole(harness: Harness): Promise<() => string[]> {
  const { home, saveKey, vastai, asked } = harness;
  await saveKey();
  await home.write('other.json', JSON.stringify(OTHER));
  expect((await vastai([...CREATE, '--permissions', INLINE])).status).toBe(0);
  const before = asked().length;
  return () => asked().slice(before);
}

describe.concurrent('create team-role', () => {
  it('sends the name and the document, and prints what it sent', async ({ harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai([...CREATE, '--permissions', INLINE]);
    expect(ran).toMatchObject({ status: 0, stdout: 'Created team role "dev ops/1"\n', stderr: '' });
    expect(asked()).toEqual([`POST ${ROLES}`]);
    expect(sandbox.requests.at(-1)?.body).toEqual({ name: 'dev ops/1', permissions: DOCUMENT });
    const second = ['create', 'team-role', '--name', 'b2', '--permissions', INLINE];
    expect((await vastai([...second, '--json'])).json()).toEqual({ name: 'b2', permissions: DOCUMENT });
    const third = ['create', 'team-role', '--name', 'b3', '--permissions', INLINE];
    expect((await vastai([...third, '--raw'])).json()).toEqual({ msg: 'success' });
  });

  it('takes a document, a file or standard input in each of its spellings', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey } = harness;
    await saveKey();
    await home.write('perms.json', INLINE);
    const flags = ['--permissions', '--permission_file', '--permission-file'];
    let number = 10;
    for (const words of [
      ['create', 'team-role'],
      ['create', 'team_role'],
    ]) {
      for (const flag of flags) {
        for (const value of [INLINE, 'perms.json', '-']) {
          number += 1;
          const ran = await vastai([...words, `--name=r${number}`, flag, value], { input: INLINE });
          expect([flag, value, ran.status, ran.stderr]).toEqual([flag, value, 0, '']);
          expect(sandbox.requests.at(-1)?.body).toEqual({ name: `r${number}`, permissions: DOCUMENT });
        }
      }
    }
  });

  it('takes presets and grants as create api-key does', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    const ran = await vastai([...CREATE, '--preset', 'monitoring', '--allow', 'team_read']);
    expect(ran.status).toBe(0);
    expect(sandbox.requests.at(-1)?.body).toMatchObject({
      permissions: { api: { instance_read: {}, team_read: {} } },
    });
  });

  it.for<[text: string, status: 'error' | 'unknown']>([
    ['{"api":{"instnce_read":{}}}', 'error'],
    ['{"read":true,"write":false}', 'error'],
    ['{"api":{}}', 'unknown'],
    ['{"api":{"instance_write":{"*":{}}}}', 'unknown'],
  ])('checks %s as create api-key does, and sends nothing', async ([text, verdict], { harness }) => {
    const { vastai, saveKey, asked, home } = harness;
    await saveKey();
    await home.write('perms.json', text);
    for (const value of [text, 'perms.json']) {
      const ran = await vastai([...CREATE, '--permissions', value, '--json']);
      expect(ran.status).toBe(10);
      expect(ran.json()).toMatchObject({ error: { code: 'findings' }, diagnostics: expect.any(Array) });
    }
    expect(asked()).toEqual([]);
    const forced = await vastai([...CREATE, '--permissions', text, '--allow-unknown']);
    expect(forced.status).toBe(verdict === 'unknown' ? 0 : 10);
    if (verdict === 'unknown') expect(forced.stderr).not.toContain('key');
  });

  it('says what a role can do that may surprise', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const ran = await vastai([...CREATE, '--permissions', '{"api":{"user_read":{}}}']);
    expect(ran.stderr).toMatch(/^This role is not read-only: /u);
  });

  it.for<[args: readonly string[], said: string]>([
    [['--name', 'x', '--permissions', INLINE], '2 to 50 characters'],
    [['--name', 'x'.repeat(51), '--permissions', INLINE], '2 to 50 characters'],
    [['--name', '   ', '--permissions', INLINE], '2 to 50 characters'],
    [['--name', '..', '--permissions', INLINE], 'cannot be a name'],
    [['--name', '42', '--permissions', INLINE], 'digits only'],
    [['--name', 'a\u0007b', '--permissions', INLINE], 'invisible character'],
    [['--name', 'a\nb', '--permissions', INLINE], 'invisible character'],
    [['--name', 'a\u202eb', '--permissions', INLINE], 'invisible character'],
    [['--permissions', INLINE], '--name'],
    [['--name', 'dev'], 'A role needs permissions.'],
    [['--name', 'dev', '--permissions', 'nowhere.json'], 'no such file'],
    [['--name', 'dev', '--permissions', ''], 'empty'],
    [['--name', 'dev', '--permissions', '{"api":'], 'must be a JSON document'],
    [['--name', 'dev', '--permissions', INLINE, '--permission_file', INLINE], 'cannot'],
    [['--name', 'dev', '--permissions', INLINE, '--preset', 'monitoring'], 'cannot'],
  ])('ends with 2 for %j, before it asks', async ([args, said], { harness }) => {
    await harness.saveKey();
    const ran = await harness.vastai(['create', 'team-role', ...args]);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(said);
    expect(harness.asked()).toEqual([]);
  });

  it('passes on what the API says of a name that is taken', async ({ harness }) => {
    await withRole(harness);
    const ran = await harness.vastai([...CREATE, '--permissions', INLINE]);
    expect([ran.status, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toContain('A role with this name already exists.');
  });
});

describe.concurrent('show team-role and show team-roles', () => {
  it('show the roles as a table, an array and the response', async ({ harness }) => {
    const since = await withRole(harness);
    const { vastai } = harness;
    const lines = (await vastai(['show', 'team-roles'])).stdout.trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^ID +NAME +PERMISSIONS$/u),
      expect.stringMatching(/^1 +dev ops\/1 +instance_read, team_read$/u),
    ]);
    const role = { id: 1, name: 'dev ops/1', permissions: DOCUMENT, full_access: false };
    expect((await vastai(['show', 'team-roles', '--json'])).json()).toEqual([role]);
    expect((await vastai(['show', 'team-roles', '--raw'])).json()).toMatchObject([{ identifier: 'role_1' }]);
    for (const name of ['dev ops/1', '1'])
      expect((await vastai(['show', 'team-role', name])).json()).toEqual(role);
    const list = 'GET /api/v0/team/roles-full/';
    expect(since()).toEqual([list, list, list, `GET ${ROLES}dev%20ops%2F1/`, `GET ${ROLES}1/`]);
  });

  it('name the closest role', async ({ harness }) => {
    await withRole(harness);
    const ran = await harness.vastai(['show', 'team-role', 'dev ops/2']);
    expect(ran.status).toBe(6);
    expect(ran.stderr).toContain('The team has no role “dev ops/2”.');
    expect(ran.stderr).toContain('Did you mean “dev ops/1”?');
  });

  it('say what they leave out, and print no terminal sequence', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    const body = [{ id: 3, name: '\u001b[2Jred', permissions: { api: { '\u001b]0;x\u0007': {} } } }, {}];
    sandbox.fault('GET /api/v0/team/roles-full/', { kind: 'answer', status: 200, body }, 2);
    const ran = await vastai(['show', 'team-roles']);
    expect(ran.stdout).toContain('red');
    expect(ran.stdout).not.toContain('\u001b');
    expect(ran.stderr).toContain('1 record without an ID or a name was left out');
    expect((await vastai(['show', 'team-roles', '--raw'])).stderr).toBe('');
  });
});

describe.concurrent('update team-role', () => {
  it('reads the field that stays, and sends both', async ({ harness }) => {
    const since = await withRole(harness);
    const { vastai, sandbox } = harness;
    const changed = await vastai(['update', 'team-role', 'dev ops/1', '--permissions', 'other.json']);
    expect(changed).toMatchObject({ status: 0, stdout: 'Updated team role "dev ops/1"\n', stderr: '' });
    expect(sandbox.requests.at(-1)?.body).toEqual({ name: 'dev ops/1', permissions: OTHER });
    const renamed = await vastai(['update', 'team-role', '1', '--name', 'dev', '--json']);
    expect(renamed.json()).toEqual({ id: 1, name: 'dev', permissions: OTHER });
    expect(sandbox.requests.at(-1)?.body).toEqual({ name: 'dev', permissions: OTHER });
    expect(since()).toEqual([
      `GET ${ROLES}dev%20ops%2F1/`,
      `PUT ${ROLES}1/`,
      `GET ${ROLES}1/`,
      `PUT ${ROLES}1/`,
    ]);
  });

  it('sends one request for both fields of an ID, as the official CLI does', async ({ harness }) => {
    const since = await withRole(harness);
    const args = ['update', 'team-role', '1', '--name', 'dev', '--permissions', 'other.json'];
    const ran = await harness.vastai([...args, '--raw']);
    expect(ran.json()).toBe('Successfully Updated Team Role For dev');
    expect(since()).toEqual([`PUT ${ROLES}1/`]);
    expect(harness.sandbox.requests.at(-1)?.body).toEqual({ name: 'dev', permissions: OTHER });
  });

  it('sends back permissions of any form as they are', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    const permissions = { api: { misc: { '*': {} } }, note: { api_key: ['x', null, 1.5] } };
    const role = { kind: 'answer', status: 200, body: { id: 9, name: 'odd', permissions } } as const;
    sandbox.fault(`GET ${ROLES}odd/`, role);
    sandbox.fault(`PUT ${ROLES}9/`, { kind: 'answer', status: 200, body: { msg: 'success' } });
    expect((await vastai(['update', 'team-role', 'odd', '--name', 'even'])).status).toBe(0);
    expect(sandbox.requests.at(-1)?.body).toEqual({ name: 'even', permissions });
  });

  it.for<[said: string, body: string | object]>([
    ['full access', { id: 9, name: 'odd', permissions: false }],
    ['did not return the permissions', { id: 9, name: 'odd' }],
    [
      'too large to be sent back exactly',
      { id: 9, name: 'odd', permissions: { api: { misc: { x: { constraints: { id: { eq: 2 ** 60 } } } } } } },
    ],
  ])('changes nothing if it cannot keep a field: %s', async ([said, body], { harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(`GET ${ROLES}odd/`, { kind: 'answer', status: 200, body });
    const ran = await vastai(['update', 'team-role', 'odd', '--name', 'even']);
    expect([ran.status, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toContain(said);
    expect(ran.stderr).toContain('--permissions FILE');
    expect(asked()).toEqual([`GET ${ROLES}odd/`]);
  });

  it.for<[args: readonly string[], status: number, said: string]>([
    [['dev ops/1'], 2, 'Nothing to change'],
    [['..', '--name', 'dev'], 2, 'cannot be a name'],
    [['dev ops/1', '--name', '5'], 2, '2 to 50 characters'],
    [['dev ops/1', '--permissions', '{"api":{"nope":{}}}'], 10, 'error'],
    [['nope', '--name', 'dev'], 6, 'no role “nope”'],
    [['77', '--name', 'dev', '--permissions', INLINE], 6, 'no role “77”'],
  ])('changes nothing for %j: %i', async ([args, status, said], { harness }) => {
    const since = await withRole(harness);
    const ran = await harness.vastai(['update', 'team-role', ...args]);
    expect([ran.status, ran.stdout]).toEqual([status, '']);
    expect(ran.stderr).toContain(said);
    if (status !== 6) expect(since()).toEqual([]);
    expect((await harness.vastai(['show', 'team-roles', '--json'])).json()).toMatchObject([
      { name: 'dev ops/1', permissions: DOCUMENT },
    ]);
  });
});

describe.concurrent('remove team-role', () => {
  it('removes a role by its name, encoded, or its ID', async ({ harness }) => {
    const since = await withRole(harness);
    const { vastai } = harness;
    const ran = await vastai(['remove', 'team-role', 'dev ops/1', '--yes']);
    expect(ran).toMatchObject({ status: 0, stdout: 'Removed team role "dev ops/1"\n', stderr: '' });
    const again = await vastai(['remove', 'team-role', '1', '--yes', '--json']);
    expect([again.status, again.json().error.message]).toEqual([6, 'The team has no role “1”.']);
    expect(since()).toEqual([`DELETE ${ROLES}dev%20ops%2F1/`, `DELETE ${ROLES}1/`]);
  });

  it('never reaches another route by a name', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    const id = sandbox.addMember({ email: 'dev@example.com', roles: [] });
    for (const name of [
      `../members/${id}`,
      `..%2Fmembers%2F${id}`,
      `%2e%2e/members/${id}`,
      `x/../../members/${id}`,
    ])
      expect((await vastai(['remove', 'team-role', name, '--yes'])).status).toBe(6);
    for (const name of ['..', '.', '']) {
      expect((await vastai(['remove', 'team-role', name, '--yes'])).status).toBe(2);
    }
    expect((await vastai(['show', 'members', '--json'])).json()).toHaveLength(2);
  });

  it('says who has a role that cannot be removed', async ({ harness }) => {
    await withRole(harness);
    harness.sandbox.addMember({ email: 'dev@example.com', roles: ['dev ops/1'] });
    const ran = await harness.vastai(['remove', 'team-role', 'dev ops/1', '--yes']);
    expect([ran.status, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toContain('This role is assigned to members of the team.');
    expect(ran.stderr).toContain('See who has it: vastai show members');
  });

  it('needs --yes without a terminal', async ({ harness }) => {
    const since = await withRole(harness);
    const ran = await harness.vastai(['remove', 'team-role', 'dev ops/1']);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(since()).toEqual([]);
  });

  it.runIf(canOpenTerminal())('shows the role before it asks', async ({ harness }) => {
    const since = await withRole(harness);
    const kept = harness.onTerminal(['remove', 'team-role', 'dev ops/1']);
    await kept.see('Remove team role 1 "dev ops/1" (instance_read, team_read)?');
    kept.type('n\r');
    expect((await kept.ended).status).toBe(2);
    expect(since()).toEqual([`GET ${ROLES}dev%20ops%2F1/`]);
    const removed = harness.onTerminal(['remove', 'team-role', 'dev ops/1']);
    await removed.see('Remove team role 1');
    removed.type('y\r');
    expect((await removed.ended).status).toBe(0);
    expect(since().at(-1)).toBe(`DELETE ${ROLES}1/`);
  });
});

describe.concurrent('a role and a key', () => {
  it('are compared with a file by permissions diff', async ({ harness }) => {
    await withRole(harness);
    const diff = ['permissions', 'diff', 'role:dev ops/1', 'other.json'];
    const ran = await harness.vastai([...diff, '--no-new-access']);
    expect(ran.status).toBe(10);
    expect(ran.stdout).toContain('billing_read');
    await harness.vastai(['update', 'team-role', 'dev ops/1', '--permissions', 'other.json']);
    expect((await harness.vastai([...diff, '--no-new-access'])).status).toBe(0);
  });

  it('without the permission end with 5, and say what is missing', async ({ harness }) => {
    const { vastai, addKey } = harness;
    const { value } = await addKey({ name: 'narrow', permissions: { api: { user_read: {} } } });
    const env = { VAST_API_KEY: value };
    for (const [args, category] of [
      [['show', 'team-roles'], 'team_read'],
      [['show', 'team-role', 'dev'], 'team_read'],
      [['show', 'members'], 'team_read'],
      [[...CREATE, '--permissions', INLINE], 'team_write'],
      [['remove', 'team-role', 'dev', '--yes'], 'team_write'],
      [['update', 'team-role', '1', '--name', 'dev', '--permissions', INLINE], 'team_write'],
      [['remove', 'member', '5', '--yes'], 'team_write'],
      [['invite', 'member', '--email', 'a@b', '--role', 'dev'], 'team_write'],
      [['delete', 'session', '5', '--yes'], 'user_write'],
    ] as const) {
      const ran = await vastai(args, { env });
      expect([args, ran.status, ran.stdout]).toEqual([args, 5, '']);
      expect(ran.stderr).toContain(category);
    }
  });
});
