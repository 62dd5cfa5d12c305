import { readdir } from 'node:fs/promises';
import { PRESETS } from '@vastai-cli/permissions/authoring/presets';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

describe.concurrent('permissions init', () => {
  it('writes no file named "-", and neither does --write-baseline', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', '{"api":{"misc":{}}}');
    for (const words of [
      ['init', '-'],
      ['validate', 'perms.json', '--write-baseline', '-'],
    ]) {
      const ran = await vastai(['permissions', ...words]);
      expect(ran).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining('"-" is not a file'),
      });
    }
    expect(await readdir(home.path)).not.toContain('-');
  });

  it('prints a preset with a $schema line, and its notes on standard error', async ({ harness }) => {
    const ran = await harness.vastai(['permissions', 'init', '--preset', 'host']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toEqual({
      $schema: './vast-permissions.schema.json',
      api: { billing_read: {}, machine_read: {}, machine_write: {} },
    });
    expect(ran.stderr).toContain('For listing and maintaining hosted machines');
  });

  it('creates a valid file, and never overwrites it', async ({ harness: { vastai, home } }) => {
    const made = await vastai(['permissions', 'init', 'perms.json']);
    expect(made).toMatchObject({ status: 0, stdout: 'Created perms.json\n' });
    const text = await home.read('perms.json');
    expect(JSON.parse(text ?? '').api).toEqual({ instance_read: {} });
    expect((await vastai(['permissions', 'validate', 'perms.json'])).status).toBe(0);
    const again = await vastai(['permissions', 'init', 'perms.json', '--preset', 'host', '--json']);
    expect(again.status).toBe(2);
    expect(again.json().error.message).toBe('perms.json already exists.');
    expect(await home.read('perms.json')).toBe(text);
  });

  it('prints the document and the notes as JSON', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'init', '--preset', 'monitoring', '--json']);
    expect(ran.json()).toEqual({
      document: { $schema: './vast-permissions.schema.json', api: { instance_read: {} } },
      notes: ['For watching instances, their logs and volumes.', expect.stringContaining('maintenance')],
    });
  });

  it('names every preset in its help', async ({ harness: { vastai } }) => {
    const { stdout } = await vastai(['permissions', 'init', '--help']);
    for (const { name } of PRESETS) expect(stdout).toContain(`${name}: `);
    expect((await vastai(['permissions', 'init', '--preset', 'root'])).status).toBe(2);
  });
});

describe.concurrent('permissions suggest', () => {
  it('prints the smallest document for some requests', async ({ harness: { vastai, home } }) => {
    const requests = [
      '--request',
      'GET /api/v0/instances/5/',
      '--request',
      'put /api/v0/instances/reboot/5/',
    ];
    const ran = await vastai(['permissions', 'suggest', ...requests]);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const five = { constraints: { id: { eq: 5 } } };
    expect(ran.json()).toEqual({
      api: { instance_read: { 'api.instance.show': five }, instance_write: { 'api.instance.reboot': five } },
    });
    await home.write('perms.json', ran.stdout);
    const check = ['permissions', 'check', 'perms.json', '--request', 'PUT /api/v0/instances/reboot/5/'];
    expect((await vastai(check)).status).toBe(0);
  });

  it('accepts commands and operations with parameters, and says what it could not narrow', async ({
    harness,
  }) => {
    const actions = ['--command', 'destroy instance', '--operation', 'user.show', '--param', 'id=7'];
    const ran = await harness.vastai(['permissions', 'suggest', ...actions, '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toEqual({
      document: {
        api: {
          user_read: {},
          instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 7 } } } },
        },
      },
      notes: [
        expect.stringMatching(/^The key can also .*read secrets.*: the document allows \d+ operations/),
        expect.stringContaining('user_read cannot be narrowed'),
        expect.stringMatching(/^user_read also opens what can .*read secrets \(env_var\.list\)/),
      ],
      only: ['instance.destroy', 'user.show'],
    });
  });

  it('reads an audit log from a file or standard input', async ({ harness: { vastai } }) => {
    const rows = [{ api_key_id: 42, api_route: 'DELETE /api/v0/instances/5/', args: '{}' }];
    const ran = await vastai(['permissions', 'suggest', '--from-audit-log', '-', '--json'], {
      input: JSON.stringify(rows),
    });
    expect(ran.json()).toEqual({
      document: { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } } },
      notes: [expect.stringContaining('records only what Vast.ai considers important')],
    });
  });

  it('says on the first line of standard error what else the key can do', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'suggest', '--operation', 'user.show']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(/^The key can also .*read secrets.* that you did not ask for\.\n/);
    const exact = await vastai([
      'permissions',
      'suggest',
      '--operation',
      'instance.destroy',
      '--param',
      'id=5',
    ]);
    expect(exact).toMatchObject({ status: 0, stderr: '' });
  });

  it('takes the rows of one key from a log, and says if it has those of several', async ({
    harness: { vastai, asked },
  }) => {
    const row = (key: number, id: number) => ({
      api_key_id: key,
      api_route: `DELETE /api/v0/instances/${id}/`,
      args: '{}',
    });
    const input = JSON.stringify([row(42, 5), row(43, 6), null, { api_key_id: 42 }]);
    const of42 = await vastai(['permissions', 'suggest', '--from-audit-log', '-', '--key', '42'], { input });
    expect(of42.json().api.instance_write).toEqual({
      'api.instance.destroy': { constraints: { id: { eq: 5 } } },
    });
    expect(of42.stderr).toContain(
      'Left out 1 row of other keys.\nSkipped 2 rows without a route or a key.\n',
    );
    const mixed = await vastai(['permissions', 'suggest', '--from-audit-log', '-'], { input });
    expect(mixed.status).toBe(0);
    expect(mixed.stderr).toContain('The log has calls by 2 keys: 42, 43. Use --key ID to choose one.');
    expect(asked()).toEqual([]);
  });

  it('takes what a key did from the audit log of the account', async ({ harness }) => {
    const { vastai, addKey, saveKey, sandbox, asked } = harness;
    await saveKey();
    const { id, value } = await addKey({ name: 'ci' });
    for (const key of [value, sandbox.key]) {
      const instance = key === value ? 5 : 6;
      const headers = { authorization: `Bearer ${key}` };
      await fetch(`${sandbox.url}/api/v0/instances/reboot/${instance}/`, { method: 'PUT', headers });
    }
    const ran = await vastai(['permissions', 'suggest', '--key', String(id)]);
    expect(ran.status).toBe(0);
    expect(ran.json().api).toEqual({
      instance_write: { 'api.instance.reboot': { constraints: { id: { eq: 5 } } } },
    });
    expect(asked().slice(2)).toEqual(['GET /api/v0/audit_logs/']);
    const unused = await addKey({ name: 'unused' });
    const none = await vastai(['permissions', 'suggest', '--key', String(unused.id), '--json']);
    expect(none.status).toBe(6);
    expect(none.json().error).toMatchObject({
      code: 'not_found',
      message: 'The audit log shows nothing to allow.',
      hint: expect.stringContaining(`The log has no calls by key ${unused.id}. The key may only read, or`),
    });
    const { stderr } = await vastai(['permissions', 'suggest', '--key', String(unused.id)]);
    expect(stderr.match(/no calls/gu)).toHaveLength(1);
  });

  it('reads 100,000 rows in seconds', async ({ harness: { vastai, home } }) => {
    const rows = Array.from({ length: 100_000 }, (_, id) => ({
      api_key_id: 42,
      api_route: `DELETE /api/v0/instances/${id}/`,
    }));
    await home.write('rows.json', JSON.stringify(rows));
    const ran = await vastai(['permissions', 'suggest', '--from-audit-log', 'rows.json']);
    expect(ran.status).toBe(0);
    expect(ran.json().api.instance_write['api.instance.destroy']).toEqual({
      constraints: { id: { gte: 0, lte: 99_999 } },
    });
  });

  it.for<[what: string, param: string, message: RegExp, hint?: string]>([
    [
      'is misspelt',
      'idd=5',
      /^A document cannot limit "idd": it is not a parameter/,
      'Their parameters are id.',
    ],
    ['no document could limit', 'image=x', /^A document cannot limit "image"/],
    ['no document could limit, with decimals', 'price=0.5', /^A document cannot limit "price"/],
    ['has no value', 'id=', /^--param "id" has no value/],
    [
      'is a number with a leading zero',
      'id=05',
      /takes a whole number, and the API may not read "[^"]+" as one/,
    ],
    ['is a number with a sign', 'id=+5', /takes a whole number, and the API may not read "[^"]+" as one/],
    ['is a number with decimals', 'id=5.0', /takes a whole number, and the API may not read "[^"]+" as one/],
    [
      'is beyond exact numbers',
      'id=9007199254740993',
      /takes a whole number, and the API may not read "[^"]+" as one/,
    ],
  ])('ends with 2 for a parameter that %s', async ([_, param, message, hint], { harness: { vastai } }) => {
    const args = ['--operation', 'instance.destroy', '--param', param, '--json'];
    const ran = await vastai(['permissions', 'suggest', ...args]);
    expect(ran.status).toBe(2);
    expect(ran.json().error).toMatchObject({
      message: expect.stringMatching(message),
      ...(hint === undefined ? {} : { hint }),
    });
  });

  it('ends with 2 for a parameter that the path has already, or that no row can use', async ({
    harness: { vastai },
  }) => {
    for (const args of [
      ['--request', 'DELETE /api/v0/instances/5/', '--param', 'id=6'],
      ['--from-audit-log', '-', '--param', 'id=6'],
    ]) {
      const ran = await vastai(['permissions', 'suggest', ...args], { input: '[]' });
      expect(ran.status, args.join(' ')).toBe(2);
      expect(ran.stderr).toMatch(
        /^Error: (?:A document cannot limit|--param) "?id"?(?: is not |: it is not )/,
      );
    }
  });

  it('says which parameter a whole category does not enforce', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'suggest', '--operation', 'instance.manage', '--param', 'id=5']);
    expect(ran.json()).toEqual({ api: { instance_write: {} } });
    expect(ran.stderr).toContain('"id" is not enforced.');
  });

  it('ends with 10 when some actions are not covered', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'suggest', '--request', 'GET /api/v0/nowhere/', '--json']);
    expect(ran.status).toBe(10);
    expect(ran.json()).toEqual({
      document: { api: {} },
      notes: [expect.stringContaining('Not covered'), expect.stringContaining('empty "api"')],
    });
  });

  it.for<[what: string, args: string[], input?: string]>([
    ['nothing to allow', []],
    ['an unknown command', ['--command', 'destroy planet']],
    ['an audit log that is not JSON', ['--from-audit-log', '-'], 'rows'],
    ['an audit log that is not a list', ['--from-audit-log', '-'], '{}'],
    ['an audit log without rows', ['--from-audit-log', '-'], '[]'],
    ['an audit log of more than 10 MiB', ['--from-audit-log', '-'], ' '.repeat(10 * 1024 * 1024 + 1)],
    ['a key that is no number', ['--key', '../users']],
  ])('ends with 2 for %s', async ([_, args, input = ''], { harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'suggest', ...args, '--json'], { input });
    expect(ran.status).toBe(2);
    expect(ran.json().error.code).toBe('usage');
  });
});

describe.concurrent('permissions schema', () => {
  it('prints the JSON Schema, with and without --json', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'schema']);
    expect(ran.json()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      required: ['api'],
    });
    expect((await vastai(['permissions', 'schema', '--json'])).stdout).toBe(ran.stdout);
  });
});
