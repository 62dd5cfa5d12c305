import { PRESETS } from '@vastai-cli/permissions/authoring/presets';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

describe.concurrent('permissions init', () => {
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
      notes: [expect.stringContaining('user_read cannot be narrowed')],
    });
  });

  it('reads an audit log from a file or standard input', async ({ harness: { vastai } }) => {
    const rows = [{ api_key_id: 42, api_route: 'DELETE /api/v0/instances/5/', args: '{}' }];
    const ran = await vastai(['permissions', 'suggest', '--from-audit-log', '-', '--json'], {
      input: JSON.stringify(rows),
    });
    expect(ran.json()).toEqual({
      document: { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } } },
      notes: [],
    });
  });

  it('ends with 10 when some actions are not covered', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'suggest', '--request', 'GET /api/v0/nowhere/', '--json']);
    expect(ran.status).toBe(10);
    expect(ran.json()).toEqual({ document: { api: {} }, notes: [expect.stringContaining('Not covered')] });
  });

  it.for<[what: string, args: string[], input?: string]>([
    ['nothing to allow', []],
    ['an unknown command', ['--command', 'destroy planet']],
    ['an audit log that is not JSON', ['--from-audit-log', '-'], 'rows'],
    ['an audit log that is not a list', ['--from-audit-log', '-'], '{}'],
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
