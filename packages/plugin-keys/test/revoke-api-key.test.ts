import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { SETTINGS } from '@vastai-cli/testing/places';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe } from 'vitest';

const REVOKE = ['revoke', 'api-key', '--yes'];
const USER = 'GET /api/v0/users/current/';
const LIST = 'GET /api/v0/auth/apikeys/';
const LOG = 'GET /api/v0/audit_logs/';
const DELETE = 'DELETE /api/v0/auth/apikeys/{id}/';
const remove = (id: number) => `DELETE /api/v0/auth/apikeys/${id}/`;
const ANOTHER_USER = 654321;

const isRevoked = ({ sandbox }: Harness, id: number) =>
  sandbox.keys().find((key) => key.id === id)?.revoked === true;
/** Returns the id of the key that sent each request, in order. */
const senders = ({ sandbox }: Harness) => sandbox.requests.map(({ authorization }) => authorization?.keyId);
const PRIMARY = 40;

describe.concurrent('revoke api-key', () => {
  it('shows what is known about a key and deletes it with the key in use', async ({ harness, expect }) => {
    const { vastai, saveKey, addKey, asked } = harness;
    const { id, value } = await addKey({ name: 'ci' });
    await saveKey();
    const ran = await vastai(REVOKE, { input: `${value}\n` });
    expect(ran).toMatchObject({ status: 0, stdout: `Deleted API key ${id}\n` });
    expect(ran.stderr).toBe(
      `API key ${id} "ci". Permissions: full access. It is not in the audit log, which records only important actions.\n`,
    );
    expect(asked()).toEqual([USER, LIST, LOG, remove(id)]);
    expect(senders(harness)).toEqual([id, PRIMARY, PRIMARY, PRIMARY]);
    expect(isRevoked(harness, id)).toBe(true);
  });

  it('prints the document of a deletion with --json, and asks only what it needs', async ({
    harness,
    expect,
  }) => {
    const { vastai, saveKey, addKey, asked } = harness;
    const { id, value } = await addKey({ name: 'ci' });
    await saveKey();
    const ran = await vastai([...REVOKE, '--json'], { input: value });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.json()).toEqual({ deleted: [id], absent: [], failed: [] });
    expect(asked()).toEqual([USER, LIST, remove(id)]);
  });

  it('says when the key was last used, and from where', async ({ harness, expect }) => {
    const { vastai, saveKey, addKey } = harness;
    const { value } = await addKey({ name: 'ci' });
    const { id } = await addKey({ name: 'made by it' });
    await vastai(['delete', 'api-key', String(id), '--yes'], { env: { VAST_API_KEY: value } });
    await saveKey();
    const ran = await vastai(REVOKE, { input: value });
    expect(ran.stderr).toMatch(
      /Last use in the audit log, which records only important actions: \d{4}-\d\d-\d\d \d\d:\d\d UTC from \S+\.\n$/u,
    );
  });

  it.for([
    ['of another account', { userId: ANOTHER_USER }],
    ['of a machine where no key is saved', {}],
  ] as const)('lets a key delete itself: one %s', async ([what, more], { harness, expect }) => {
    const { vastai, saveKey, addKey, asked } = harness;
    const { id, value } = await addKey({ name: 'theirs', ...more });
    const isElsewhere = 'userId' in more;
    if (isElsewhere) await saveKey();
    const ran = await vastai(REVOKE, { input: value });
    expect([what, ran.status, ran.stdout]).toEqual([what, 0, `Deleted API key ${id}\n`]);
    expect(asked().at(-1)).toBe(remove(id));
    expect(senders(harness)).toEqual(isElsewhere ? [id, PRIMARY, id, id, id] : [id, id, id, id]);
    expect(isRevoked(harness, id)).toBe(true);
  });

  it('lets a key delete itself if the key in use may not', async ({ harness, expect }) => {
    const { vastai, saveKey, addKey } = harness;
    const reader = await addKey({ name: 'reader', permissions: { api: { user_read: {} } } });
    const { id, value } = await addKey({ name: 'ci' });
    await saveKey(reader.value);
    const ran = await vastai(REVOKE, { input: value });
    expect(ran).toMatchObject({ status: 0, stdout: `Deleted API key ${id}\n` });
    expect(isRevoked(harness, id)).toBe(true);
  });

  it('says that the API does not know a key', async ({ harness, expect }) => {
    const { vastai, sandbox, saveKey, unknownKey, asked } = harness;
    await saveKey();
    const value = await unknownKey();
    const ran = await vastai(REVOKE, { input: value });
    expect(ran).toMatchObject({
      status: 6,
      stdout: '',
      stderr: `Error: The API (${sandbox.url}) does not know the key …${value.slice(-4)}: it is already revoked, or never belonged to this API.\n`,
    });
    expect(asked()).toEqual([USER]);
    expect((await vastai([...REVOKE, '--json'], { input: value })).json().error).toMatchObject({
      code: 'not_found',
    });
  });

  it('lists the keys of the account if the key may not read its own user', async ({ harness, expect }) => {
    const { vastai, saveKey, addKey, asked } = harness;
    const { id, value } = await addKey({ name: 'narrow', permissions: { api: { instance_read: {} } } });
    await saveKey();
    const ran = await vastai(REVOKE, { input: value });
    expect(ran.status).toBe(5);
    expect(ran.stdout).toMatch(new RegExp(`^${id} +narrow +instance_read`, 'mu'));
    expect(ran.stderr).toContain(
      'has no permission to read its user (user_read), so its ID cannot be found.',
    );
    expect(ran.stderr).toContain('Delete it by its ID: vastai delete api-key ID\n');
    expect(asked()).toEqual([USER, LIST]);
    expect(isRevoked(harness, id)).toBe(false);
    const json = (await vastai([...REVOKE, '--json'], { input: value })).json();
    expect(json.error.code).toBe('forbidden');
    expect(json.keys).toContainEqual(expect.objectContaining({ id, name: 'narrow' }));
    const alone = await vastai(REVOKE, { input: value, env: { XDG_CONFIG_HOME: harness.home.at('empty') } });
    expect(alone).toMatchObject({ status: 5, stdout: '' });
    expect(alone.stderr).toContain('https://cloud.vast.ai/manage-keys/');
  });

  it('knows the ID of a saved key that may not read its own user, if it is noted', async ({
    harness,
    expect,
  }) => {
    const { vastai, sandbox, home, saveKey, addKey } = harness;
    const { id, value } = await addKey({ name: 'narrow', permissions: { api: { instance_read: {} } } });
    await vastai(['set', 'api-key', '-', '--profile', 'ci'], { input: value });
    const settings = JSON.parse((await home.read(SETTINGS)) ?? '');
    settings.profiles.ci.key_id = id;
    await home.write(SETTINGS, JSON.stringify(settings));
    await saveKey();
    const ran = await vastai(REVOKE, { input: value });
    expect(ran).toMatchObject({ status: 0, stdout: `Deleted API key ${id}\n` });
    expect(senders(harness).at(-1)).toBe(PRIMARY);
    expect(sandbox.keys().filter(({ revoked }) => revoked)).toHaveLength(1);
  });

  it('says that a two-factor session is missing for the key', async ({ harness, expect }) => {
    const { vastai, sandbox, addKey, asked } = harness;
    const { value } = await addKey({ name: 'ci' });
    sandbox.quirks.twoFactor = 'required';
    const ran = await vastai(REVOKE, { input: value });
    expect(ran.status).toBe(11);
    expect(ran.stderr).toContain('two-factor session');
    expect(asked()).toEqual([USER]);
  });

  it.for([[true], [false]])(
    'offers a reset for the primary key (in use: %j)',
    async ([isInUse], { harness, expect }) => {
      const { vastai, sandbox, saveKey, addKey, asked } = harness;
      const other = await addKey({ name: 'other' });
      await saveKey(isInUse ? sandbox.key : other.value);
      const ran = await vastai(REVOKE, { input: sandbox.key });
      expect(ran).toMatchObject({ status: 1, stdout: '' });
      expect(ran.stderr).toContain(
        'is the primary key of its account, which cannot be deleted. It still works.',
      );
      expect(ran.stderr).toContain(
        isInUse
          ? 'Only a reset replaces it: vastai reset api-key\n'
          : 'Only a reset replaces it: set VAST_API_KEY to this key, then run: vastai reset api-key\n',
      );
      expect(asked().some((line) => line.startsWith('DELETE'))).toBe(false);
    },
  );

  it('offers a reset if only the API knows that it is the primary key', async ({ harness, expect }) => {
    const { vastai, addKey } = harness;
    const { id, value } = await addKey({ name: 'main', kind: 'primary' });
    const ran = await vastai([...REVOKE, '--json'], { input: value });
    expect(ran.status).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'api_error',
      message: expect.stringContaining('primary key'),
    });
    expect(isRevoked(harness, id)).toBe(false);
  });

  it('names the profiles that have the key, and what to do about them', async ({ harness, expect }) => {
    const { vastai, home, saveKey, addKey } = harness;
    const { value } = await addKey({ name: 'ci' });
    await saveKey(value);
    for (const name of ['work', 'other'])
      await home.write(
        `.config/vastai/profiles/${name}/vast_api_key`,
        name === 'work' ? value : harness.sandbox.key,
      );
    await vastai(['set', 'api-key', '-', '--profile', 'work'], { input: value });
    const ran = await vastai(REVOKE, { input: value });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('Warning: It is the saved key of profiles "default", "work".\n');
    expect(ran.stderr).toContain('Save another one: vastai set api-key\n');
    expect(ran.stderr).toContain('Save another one: vastai set api-key --profile work\n');
    const again = await vastai(REVOKE, { input: value });
    expect(again.status).toBe(6);
    expect(again.stderr).toContain('Save another one: vastai set api-key --profile work\n');
  });

  it('needs no settings if key and API are given', async ({ harness, expect }) => {
    const { vastai, sandbox, home, addKey } = harness;
    const { id, value } = await addKey({ name: 'ci' });
    await home.write(SETTINGS, '?');
    const ran = await vastai(REVOKE, { input: value, env: { VAST_API_KEY: sandbox.key } });
    expect(ran).toMatchObject({ status: 0, stdout: `Deleted API key ${id}\n` });
  });

  it('says that a variable still has the key', async ({ harness, expect }) => {
    const { id, value } = await harness.addKey({ name: 'ci' });
    const ran = await harness.vastai(REVOKE, { input: value, env: { VAST_API_KEY: value } });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('Warning: It is the key in use (VAST_API_KEY).\n');
    expect(ran.stderr).toContain(
      'VAST_API_KEY still has this key, which no longer works. Replace it there.\n',
    );
    expect(isRevoked(harness, id)).toBe(true);
  });

  it.for(['aabbccddeeff0011', 'word', '42', ''])(
    'repeats no argument: %j',
    async (argument, { harness, expect }) => {
      const { vastai, saveKey, asked } = harness;
      await saveKey();
      const ran = await vastai([...REVOKE, argument], { input: 'x' });
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toContain('cannot be an argument');
      if (argument.length > 2) expect(ran.stderr).not.toContain(argument);
      expect(asked()).toEqual([]);
    },
  );

  it('says how to pass a key that is an argument, and not how to save it', async ({ harness, expect }) => {
    const { vastai, saveKey, unknownKey, asked } = harness;
    await saveKey();
    const value = await unknownKey();
    for (const args of [[value], ['--', value], ['--json', value], [value, value]]) {
      const ran = await vastai([...REVOKE, ...args], { input: value });
      expect([ran.status, asked()]).toEqual([2, []]);
      expect(ran.stdout + ran.stderr).toContain('Pass it on standard input');
      expect(ran.stdout + ran.stderr).not.toContain('set api-key');
    }
  });

  it('sends nothing that cannot be a key, and does nothing without --yes', async ({ harness, expect }) => {
    const { vastai, saveKey, addKey, asked } = harness;
    const { value } = await addKey({ name: 'ci' });
    await saveKey();
    for (const input of ['', 'two words', `VAST_API_KEY=${value}`, `"${value}"`])
      expect((await vastai(REVOKE, { input })).status).toBe(2);
    expect((await vastai(['revoke', 'api-key'], { input: value })).status).toBe(2);
    expect(asked()).toEqual([]);
  });

  it('keeps a saved key away from another API, and a given one from the API of the profile', async ({
    harness,
    expect,
  }) => {
    const { vastai, home, addKey, asked } = harness;
    const { id, value } = await addKey({ name: 'ci' });
    const profiles = { default: { storage: 'file', url: 'https://other.example' } };
    await home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
    await home.write('.config/vastai/vast_api_key', harness.sandbox.key);
    const ran = await vastai(REVOKE, { input: value, env: { VAST_URL: 'https://127.0.0.1:9' } });
    expect(ran.status).toBe(8);
    expect(asked()).toEqual([]);
    expect(isRevoked(harness, id)).toBe(false);
  });
});

describe.concurrent('a revocation that something happens to', () => {
  it.for([
    ['drop', { kind: 'drop', acts: true }, 0],
    ['502', { kind: 'answer', status: 502, body: 'Bad Gateway', acts: true }, 0],
    ['HTML', { kind: 'junk', acts: true }, 0],
    ['half', { kind: 'truncate' }, 0],
    ['drop before', { kind: 'drop' }, 8],
    ['502 before', { kind: 'answer', status: 502, body: 'Bad Gateway' }, 8],
    ['429', { kind: 'answer', status: 429, body: 'endpoint threshold=0.01' }, 0],
  ] as const)('tells what became of the key: %s', async ([, fault, status], { harness, expect }) => {
    const { vastai, sandbox, saveKey, addKey } = harness;
    const { id, value } = await addKey({ name: 'ci' });
    await saveKey();
    sandbox.fault(DELETE, fault);
    const ran = await vastai(REVOKE, { input: value });
    expect(ran.status).toBe(status);
    expect(isRevoked(harness, id)).toBe(status === 0);
    expect(ran.stdout).toBe(status === 0 ? `Deleted API key ${id}\n` : '');
    if (status !== 0) expect(ran.stderr).toContain('The key still works.');
  });

  it.for([
    ['drop', { kind: 'drop' }, 8],
    ['429', { kind: 'answer', status: 429, body: 'no' }, 7],
    ['HTML', { kind: 'junk' }, 8],
  ] as const)(
    'deletes nothing if the API cannot say which key it is: %s',
    async ([, fault, status], { harness, expect }) => {
      const { vastai, sandbox, saveKey, addKey, asked } = harness;
      const { value } = await addKey({ name: 'ci' });
      await saveKey();
      sandbox.fault(USER, fault, Number.POSITIVE_INFINITY);
      const ran = await vastai([...REVOKE, '--retry', '0'], { input: value });
      expect(ran.status).toBe(status);
      expect(ran.stderr).toContain('Nothing was revoked.');
      expect(asked()).toEqual([USER]);
    },
  );

  it('says how to find out when a signal ends it', async ({ harness, expect }) => {
    const { start, sandbox, saveKey, addKey, asked } = harness;
    const { id, value } = await addKey({ name: 'ci' });
    await saveKey();
    sandbox.fault(DELETE, { kind: 'latency', ms: 3_600_000, acts: true });
    const run = start(REVOKE, { input: value });
    await expect.poll(asked, { timeout: 20_000 }).toContain(remove(id));
    run.kill('SIGTERM');
    const ran = await run.ended;
    expect(ran).toMatchObject({ status: 143, stdout: '' });
    expect(ran.stderr).toContain('Run the same command again');
  });
});

describe.skipIf(!canOpenTerminal())('revoke api-key on a terminal', { concurrent: true }, () => {
  it.for([
    ['y\r', 0],
    ['n\r', 2],
    ['\x03', 130],
  ] as const)(
    'asks for the key without showing it, then for confirmation: %j',
    async ([answer, status], { harness, expect }) => {
      const { onTerminal, saveKey, addKey, asked } = harness;
      const { id, value } = await addKey({ name: 'ci' });
      await saveKey();
      const terminal = onTerminal(['revoke', 'api-key']);
      await terminal.see('Key to revoke:');
      terminal.type(`${value}\r`);
      await terminal.see(`Delete API key ${id} "ci" (…${value.slice(-4)})?`);
      terminal.type(answer);
      const { status: ended, screen } = await terminal.ended;
      expect(ended).toBe(status);
      expect(screen).toContain('Permissions: full access.');
      expect(screen).not.toContain(value.slice(0, 8));
      expect(asked().includes(remove(id))).toBe(status === 0);
    },
  );
});
