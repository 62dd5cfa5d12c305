import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const SCOPED = { api: { instance_read: {} } };
const READS_ITSELF = { api: { user_read: {}, instance_read: {} } };
const OWNER_CAN_READ =
  /This machine is rented: its owner can read the key …\w{4}, which (\w+ \w+|may have full access)/u;

describe.concurrent('on a rented machine, set api-key', () => {
  it('saves a key with full access only with --yes, where no terminal can ask', async ({ harness }) => {
    const { vastai, sandbox, home } = harness;
    const env = { CONTAINER_ID: '42' };
    const refused = await vastai(['set', 'api-key', '-'], { input: sandbox.key, env });
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(OWNER_CAN_READ);
    expect(refused.stderr).toContain('has full access');
    expect(refused.stderr).toContain('add --yes');
    expect(await home.read(KEY_FILE)).toBeUndefined();
    const saved = await vastai(['set', 'api-key', '-', '--yes'], { input: sandbox.key, env });
    expect(saved.status).toBe(0);
    expect(saved.stderr).toMatch(OWNER_CAN_READ);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it.runIf(canOpenTerminal())('asks on a terminal', async ({ harness }) => {
    const { onTerminal, sandbox, home } = harness;
    const terminal = onTerminal(['set', 'api-key'], { env: { CONTAINER_ID: '42' } });
    await terminal.see('API key:');
    terminal.type(`${sandbox.key}\r`);
    await terminal.see('here anyway?');
    terminal.type('n\r');
    expect((await terminal.ended).status).toBe(2);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it.for([
    ['that may not read its account', SCOPED],
    [
      'that may read its account, but not its keys',
      { api: { user_read: { 'api.x': {} }, instance_read: {} } },
    ],
    ['that may read its account and its keys', READS_ITSELF],
  ] as const)('says nothing about a scoped key %s', async ([, permissions], { harness }) => {
    const { vastai, addKey, home } = harness;
    const { value } = await addKey({ name: 'scoped', permissions });
    const ran = await vastai(['set', 'api-key', '-'], { input: value, env: { CONTAINER_API_KEY: value } });
    expect(ran.status).toBe(0);
    expect(ran.stderr).not.toContain('rented');
    expect(await home.read(KEY_FILE)).toBe(value);
  });

  it('warns of a key whose access is not known', async ({ harness: { vastai, sandbox, home } }) => {
    const ran = await vastai(['set', 'api-key', '-', '--no-verify'], {
      input: sandbox.key,
      env: { CONTAINER_ID: '42' },
    });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('may have full access');
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  // Distrobox puts the name of a container there.
  it.for(['', 'ubuntu', 'C.42', '0'])('asks nothing elsewhere: CONTAINER_ID=%s', async (id, { harness }) => {
    const { vastai, sandbox, asked } = harness;
    const ran = await vastai(['set', 'api-key', '-'], { input: sandbox.key, env: { CONTAINER_ID: id } });
    expect(ran.status).toBe(0);
    expect(ran.stderr).not.toContain('rented');
    expect(asked()).toEqual(['GET /api/v0/users/current/']);
    const status = await vastai(['auth', 'status', '--json'], { env: { CONTAINER_ID: id } });
    expect(status.json().sources.map((one: { source: string }) => one.source)).not.toContain('container');
  });
});

describe.concurrent("a rented machine's own key", () => {
  it('is named where no key is found, and never sent', async ({ harness: { vastai, asked, unknownKey } }) => {
    const env = { CONTAINER_API_KEY: await unknownKey(), CONTAINER_ID: '42' };
    const ran = await vastai(['show', 'user'], { env });
    expect(ran).toMatchObject({ status: 3, stdout: '' });
    expect(ran.stderr).toContain('CONTAINER_API_KEY can only start, stop and destroy instance 42');
    expect(ran.stderr).toContain('export VAST_API_KEY="$CONTAINER_API_KEY"');
    expect(asked()).toEqual([]);
  });

  it('is sent once it is exported, as advised, which is not advised again', async ({ harness }) => {
    const { vastai, addKey, saveKey } = harness;
    const { value } = await addKey({ name: 'container', permissions: SCOPED });
    const container = { CONTAINER_API_KEY: ` ${value}\n` };
    const expectSent = async (env: Record<string, string>) => {
      expect((await vastai(['show', 'user'], { env })).status).toBe(5);
      const { sources } = (await vastai(['auth', 'status', '--json'], { env })).json();
      expect(sources.at(-1)).toMatchObject({ source: 'container', state: 'present', problems: [] });
      expect((await vastai(['doctor'], { env })).stdout).not.toContain('CONTAINER_API_KEY');
    };
    await expectSent({ ...container, VAST_API_KEY: value });
    await saveKey(value);
    await expectSent(container);
  });

  it.for([
    ['of two words', 'two words'],
    ['in quotation marks', '"0123456789abcdef"'],
    ['with a name in front', 'VAST_API_KEY=0123456789abcdef'],
  ] as const)('is not advised, and no problem, if it is malformed: %s', async ([, value], { harness }) => {
    const { vastai, addKey } = harness;
    const env = { CONTAINER_API_KEY: value };
    const without = await vastai(['show', 'user'], { env });
    expect(without.status).toBe(3);
    expect(without.stderr).not.toContain('CONTAINER_API_KEY');
    const { value: key } = await addKey({ name: 'scoped', permissions: SCOPED });
    const given = { ...env, VAST_API_KEY: key };
    const status = await vastai(['auth', 'status', '--json'], { env: given });
    expect(status.status).toBe(0);
    expect(status.json().sources.at(-1)).toMatchObject({ source: 'container', state: 'unreadable' });
    const doctor = await vastai(['doctor', '--json'], { env: given });
    expect(doctor.json().checks).toContainEqual({
      check: 'key',
      state: 'info',
      message: expect.stringMatching(/^The key of CONTAINER_API_KEY /u),
    });
    for (const { stdout, stderr } of [without, status, doctor]) expect(stdout + stderr).not.toContain(value);
  });

  it('is listed as a source that is not used', async ({
    harness: { vastai, saveKey, sandbox, unknownKey },
  }) => {
    await saveKey();
    const value = await unknownKey();
    const env = { CONTAINER_API_KEY: value };
    const ran = await vastai(['auth', 'status', '--json'], { env });
    expect(ran.status).toBe(0);
    expect(ran.json().active.suffix).toBe(sandbox.key.slice(-4));
    expect(ran.json().sources.at(-1)).toEqual({
      source: 'container',
      location: 'CONTAINER_API_KEY',
      state: 'present',
      suffix: value.slice(-4),
      active: false,
      problems: [
        {
          code: 'container_key',
          message:
            'CONTAINER_API_KEY can only start, stop and destroy this instance. It is not sent unless you pass it.',
          fix: 'To send it: export VAST_API_KEY="$CONTAINER_API_KEY"',
        },
      ],
    });
    const without = await vastai(['auth', 'status', '--json']);
    expect(without.json().sources.map((one: { source: string }) => one.source)).not.toContain('container');
  });

  it('does not make auth status succeed', async ({ harness: { vastai, unknownKey } }) => {
    const env = { CONTAINER_API_KEY: await unknownKey() };
    expect((await vastai(['auth', 'status'], { env })).status).toBe(3);
  });
});

describe.concurrent('on a rented machine, doctor', () => {
  it('reports a key with full access', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const ran = await vastai(['doctor', '--json'], { env: { CONTAINER_ID: '42' } });
    expect(ran.status).toBe(10);
    expect(ran.json().checks).toContainEqual({
      check: 'key',
      state: 'problem',
      message: expect.stringMatching(OWNER_CAN_READ),
      fix: expect.stringContaining('vastai create api-key --name rented --preset monitoring'),
    });
  });

  it('has nothing to say about a scoped key, nor elsewhere', async ({ harness }) => {
    const { vastai, saveKey, addKey } = harness;
    await saveKey();
    expect((await vastai(['doctor'])).stdout).not.toContain('rented');
    await saveKey((await addKey({ name: 'scoped', permissions: SCOPED })).value);
    expect((await vastai(['doctor'], { env: { CONTAINER_ID: '42' } })).stdout).not.toContain('rented');
  });
});

describe.concurrent('the preset self-destruct', () => {
  it('lets a key destroy the instance in CONTAINER_ID, and nothing else', async ({ harness }) => {
    const { vastai, home } = harness;
    const env = { CONTAINER_ID: '42' };
    const made = await vastai(['permissions', 'init', 'perms.json', '--preset', 'self-destruct'], { env });
    expect(made.status).toBe(0);
    expect(JSON.parse((await home.read('perms.json')) ?? '').api).toEqual({
      instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 42 } } } },
    });
    expect((await vastai(['permissions', 'validate', '--fail-level', 'security', 'perms.json'])).status).toBe(
      0,
    );
    const check = (request: string) => vastai(['permissions', 'check', 'perms.json', '--request', request]);
    expect((await check('DELETE /api/v0/instances/42/')).status).toBe(0);
    expect((await check('DELETE /api/v0/instances/43/')).status).toBe(10);
  });

  it('makes a key that can destroy only that instance', async ({ harness }) => {
    const { vastai, saveKey, sandbox } = harness;
    await saveKey();
    const ran = await vastai(['create', 'api-key', '--name', 'box', '--preset', 'self-destruct', '--json'], {
      env: { CONTAINER_ID: '42' },
      printsKey: true,
    });
    expect(ran.status).toBe(0);
    const created = sandbox.requests.find(({ method }) => method === 'POST');
    expect(created?.body).toMatchObject({
      permissions: {
        api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 42 } } } } },
      },
    });
  });

  it.for([
    ['is not set', undefined],
    ['is not the ID of an instance', 'C.42'],
    ...['0', '007', '1e3', '-1', '42.0', '0x2a', '42; rm', '9007199254740993', '\u0664'].map(
      (id) => ['is not the ID of an instance', id] as const,
    ),
  ] as const)('says that CONTAINER_ID %s: %s', async ([what, id], { harness: { vastai } }) => {
    const env = { CONTAINER_ID: id ?? '' };
    for (const command of [
      ['permissions', 'init', '--preset', 'self-destruct'],
      ['permissions', 'explain', 'preset:self-destruct'],
      ['create', 'api-key', '--name', 'x', '--preset', 'self-destruct'],
    ]) {
      const ran = await vastai(command, { env });
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toContain(`is for one instance, but CONTAINER_ID ${what}.`);
    }
  });
});
