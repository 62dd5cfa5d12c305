import { it } from '@vastai-cli/testing/checkout/cli';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';

const CREATE = ['create', 'api-key', '--name', 'ci'];
const POST = 'POST /api/v0/auth/apikeys/';
const printsKey = true;

describe.concurrent('create api-key', () => {
  it('prints only the new key on standard output', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    const ran = await vastai(CREATE, { printsKey });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    const key = ran.stdout.trim();
    await recordKey(key);
    expect(ran.stderr).toContain('vastai delete api-key 42');
    expect(ran.stderr).toContain('full access');
    await vastai(['show', 'user', '--api-key', key]);
    expect(sandbox.requests.at(-1)).toMatchObject({ status: 200, authorization: { keyId: 42 } });
  });

  it('prints one document with --json', async ({ harness: { vastai, saveKey, home } }) => {
    await saveKey();
    const full = (await vastai([...CREATE, '--json'], { printsKey })).json();
    const key = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(full).toEqual({ id: 42, name: 'ci', key, permissions: null });
    await home.write('perms.json', '{"api":{"misc":{}}}');
    const scoped = await vastai([...CREATE, '--permission_file', 'perms.json', '--json'], { printsKey });
    expect(scoped.json()).toEqual({ id: 43, name: 'ci', key, permissions: { api: { misc: {} } } });
    for (const made of [full, scoped.json()]) await recordKey(made.key);
  });

  it('sends the permissions of a file, without "$schema"', async ({
    harness: { vastai, sandbox, saveKey, home },
  }) => {
    await saveKey();
    const permissions = { api: { instance_read: {}, instance_write: { 'api.instance.reboot': {} } } };
    const text = JSON.stringify({ $schema: 'https://example.com/schema.json', ...permissions });
    await home.write('perms.json', text);
    for (const args of [
      ['--permission_file', 'perms.json'],
      ['--permission-file', home.at('perms.json')],
    ])
      expect((await vastai([...CREATE, ...args], { printsKey })).status).toBe(0);
    expect((await vastai([...CREATE, '--permission_file', '-'], { input: text, printsKey })).status).toBe(0);
    expect(sandbox.requests.map(({ body }) => body)).toEqual(Array(3).fill({ name: 'ci', permissions }));
  });

  it('says in one line what a key with a valid file can also do', async ({
    harness: { vastai, saveKey, home },
  }) => {
    await saveKey();
    await home.write('perms.json', '{"api":{"user_write":{}}}');
    const ran = await vastai([...CREATE, '--permission_file', 'perms.json'], { printsKey });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(/^At worst, it has full access: [^\n]+\.\nCreated API key [^\n]+\n$/);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it.for([
    ['a misspelt category', '{\n  "api": {\n    "instance_raed": {}\n  }\n}', 3, 5],
    ['a file that is not JSON', '{\n  "api": {\n}', 3, 2],
    ['an empty file', '', 1, 1],
    ['the format of older pages', '{"read": true, "write": false}', 1, 2],
  ] as const)(
    'rejects %s with file, line and column, and sends nothing',
    async ([, text, line, column], { harness }) => {
      const { vastai, saveKey, home, asked } = harness;
      await saveKey();
      await home.write('perms.json', text);
      const ran = await vastai([...CREATE, '--permission_file', 'perms.json']);
      expect(ran.status).toBe(10);
      expect(ran.stdout).toBe('');
      expect(ran.stderr).toContain(`perms.json:${line}:${column}: error `);
      const { error, diagnostics } = (
        await vastai([...CREATE, '--permission_file', 'perms.json', '--json'])
      ).json();
      expect(error.code).toBe('findings');
      const fault = { severity: 'error', file: 'perms.json', line, column };
      expect(diagnostics).toContainEqual(expect.objectContaining(fault));
      expect(asked()).toEqual([]);
    },
  );

  it('reports errors in a file only in the document with --json', async ({ harness }) => {
    const { vastai, home } = harness;
    await home.write('perms.json', '{"api":{"instance_raed":{}}}');
    const ran = await vastai([...CREATE, '--permission_file', 'perms.json', '--json']);
    expect(ran).toMatchObject({ status: 10, stderr: '' });
    expect(ran.json().diagnostics).not.toEqual([]);
  });

  it('checks the file before it looks for a key', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', '[]');
    expect((await vastai([...CREATE, '--permission_file', 'perms.json'])).status).toBe(10);
    expect((await vastai(CREATE)).status).toBe(3);
  });

  it.for([
    ['a missing file', ['--permission_file', 'nowhere.json']],
    ['a folder', ['--permission_file', '.']],
    ['parameters that are not JSON', ['--key_params', '{']],
    ['parameters that are a list', ['--key_params', '[1]']],
    ['parameters that are null', ['--key_params', 'null']],
    ['an empty name', ['--name', ' ']],
    ['a name that could control a terminal', ['--name', 'a\u001b[2Jb']],
  ] as const)('exits with 2 for %s', async ([, args], { harness: { vastai, saveKey, asked } }) => {
    await saveKey();
    const ran = await vastai([
      'create',
      'api-key',
      ...(args[0] === '--name' ? [] : ['--name', 'ci']),
      ...args,
    ]);
    expect(ran.status).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).not.toContain('\u001b');
    expect(asked()).toEqual([]);
  });

  it('needs a name', async ({ harness: { vastai, saveKey, asked } }) => {
    await saveKey();
    const ran = await vastai(['create', 'api-key']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('Error: create api-key needs --name NAME.\n');
    expect(asked()).toEqual([]);
  });

  it.for([
    ['no key', { success: true, id: 7 }],
    ['a malformed key', { success: true, id: 7, key: 'two words' }],
    ['no id', { success: true, key: 'k'.repeat(64) }],
    ['nothing', {}],
  ] as const)('says how to find the new key when the response has %s', async ([, body], { harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(POST, { kind: 'answer', status: 200, body });
    const ran = await vastai(CREATE);
    expect(ran.status).toBe(8);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain('vastai show api-keys');
    expect(asked()).toEqual([POST]);
  });

  it('names the permission that a scoped key lacks', async ({ harness: { vastai, saveKey, addKey } }) => {
    await saveKey((await addKey({ name: 'scoped', permissions: { api: { user_read: {} } } })).value);
    const ran = await vastai(CREATE);
    expect(ran.status).toBe(5);
    expect(ran.stderr).toContain('"user_write": {}');
  });
});
