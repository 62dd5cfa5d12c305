import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe } from 'vitest';
import { DOCUMENT, expectRotated, left, live, withKey } from './support/rotation.js';

const ROTATE = ['rotate', 'api-key'];
const LIST = 'GET /api/v0/auth/apikeys/';
const POST = 'POST /api/v0/auth/apikeys/';
const row = (more: object) => ({ id: 42, name: 'laptop', permissions: DOCUMENT, created_at: 1, ...more });
const listed = ({ sandbox }: Harness, more: object) =>
  sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys: [row(more)] } });

describe.concurrent('rotate api-key refuses, before anything is made,', () => {
  it.for([
    ['a primary key', { key_type: 'primary' }, 2, /primary key .*vastai reset api-key/su],
    ['a key without a name and a document', { name: '', permissions: false }, 2, /primary key/u],
    [
      'a key whose permissions are not told',
      { permissions: undefined },
      2,
      /does not return its permissions/u,
    ],
    ['a key with key_params', { key_params: { id: 1 } }, 2, /key_params/u],
    ['a key with key_params as a string', { key_params: 'id=1' }, 2, /key_params/u],
    ['a key that Vast.ai made', { key_type: 'system' }, 2, /Vast\.ai created it/u],
    [
      'a key that may not make keys',
      { permissions: { api: { user_read: {} } } },
      5,
      /is not allowed to create keys/u,
    ],
    ['a key that is not in the list', { id: 77 }, 6, /does not exist/u],
  ] as const)('%s', async ([, more, status, why], { harness, expect }) => {
    const { vastai, home, asked } = harness;
    await withKey(harness);
    const files = await home.files();
    listed(harness, more);
    const ran = await vastai([...ROTATE, '--retry', '0']);
    expect(ran.stderr.replaceAll('\n', ' ')).toMatch(why);
    expect(ran.status).toBe(status);
    expect(ran.stdout).toBe('');
    expect(asked()).not.toContain(POST);
    expect(await home.files()).toEqual(files);
  });

  it.for([[true], [false]])(
    'a key that may not read its own user (id noted: %j)',
    async ([isNoted], { harness, expect }) => {
      const { vastai, home, addKey, asked } = harness;
      const { id, value } = await addKey({ name: 'ci', permissions: { api: { instance_read: {} } } });
      await vastai(['set', 'api-key', '-'], { input: value });
      const settings = JSON.parse((await home.read(SETTINGS)) ?? '');
      if (isNoted) settings.profiles.default.key_id = id;
      await home.write(SETTINGS, JSON.stringify(settings));
      const ran = await vastai(ROTATE);
      expect([ran.status, asked().includes(POST)]).toEqual([5, false]);
      expect(ran.stderr).toContain('Nothing was changed.');
      expect(ran.stderr).toContain('Rotate it with a key that can');
      // Permissions to read the account are no reason to make a key wider.
      expect(ran.stderr).not.toContain('permission file');
    },
  );

  it('the primary key in use', async ({ harness, expect }) => {
    await harness.saveKey();
    const ran = await harness.vastai([...ROTATE, '--json']);
    expect([ran.status, ran.json().error.advice]).toEqual([
      2,
      [expect.objectContaining({ command: 'vastai reset api-key' })],
    ]);
  });

  it.skipIf(process.platform === 'win32')('a key from a command', async ({ harness, expect }) => {
    const { vastai, home, addKey, asked } = harness;
    const { value } = await addKey({ name: 'laptop', permissions: DOCUMENT });
    const file = await home.write('key', value);
    const url = harness.sandbox.url;
    const profiles = { default: { storage: 'command', command: ['cat', file], url } };
    await home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
    const ran = await vastai(ROTATE);
    expect([ran.status, asked().includes(POST)]).toEqual([2, false]);
    expect(ran.stderr).toContain('takes its key from a command');
  });

  it('a key that another profile has too, unless the old one is kept', async ({ harness, expect }) => {
    const { vastai, home } = harness;
    const { value } = await withKey(harness);
    const work = ['set', 'api-key', '-', '--profile', 'work'];
    await vastai(work, { input: value });
    const ran = await vastai(ROTATE);
    expect([ran.status, live(harness).length]).toEqual([2, 1]);
    expect(ran.stderr).toMatch(/Profile "work" has the same key.*--grace 7d/su);
    expect((await vastai([...ROTATE, '--grace', '1d'])).status).toBe(0);
    const tooEarly = await vastai([...ROTATE, '--finish']);
    expect([tooEarly.status, live(harness).length]).toEqual([2, 2]);
    expect(tooEarly.stderr).toContain('vastai set api-key --profile work');
    await vastai(work, { input: (await home.read(KEY_FILE)) ?? '' });
    expect((await vastai([...ROTATE, '--finish'])).status).toBe(0);
    await expectRotated(harness);
  });

  it.for([
    ['--grace', 'soon'],
    ['--grace', '999999w'],
    ['0'],
    ['--grace', '1d', '--finish'],
    ['--due', '1d', '--resume'],
  ])('arguments that make no sense: %s', async (args, { harness, expect }) => {
    await withKey(harness);
    expect((await harness.vastai([...ROTATE, ...args])).status).toBe(2);
    expect(live(harness)).toHaveLength(1);
  });

  it('a ledger that cannot be read', async ({ harness, expect }) => {
    const { vastai, home } = harness;
    await withKey(harness);
    await home.write('.config/vastai/ledger.json', '{');
    const ran = await vastai(ROTATE);
    expect([ran.status, live(harness).length]).toEqual([9, 1]);
    expect(ran.stderr).toContain('ledger.json is not valid JSON');
    expect((await vastai(['auth', 'status'])).stdout).toContain('ledger.json is not valid JSON');
    const { checks } = (await vastai(['doctor', '--json'])).json();
    const said = checks.filter(({ message }: { message: string }) => message.includes('ledger.json'));
    expect(said).toEqual([expect.objectContaining({ check: 'rotation', state: 'problem' })]);
    expect((await vastai(['show', 'user'])).status).toBe(0);
  });
});

describe.concurrent('rotate api-key deletes the new key again', () => {
  it.for([
    ['wider', { api: { ...DOCUMENT.api, misc: {} } }, /more than the old one has \(misc\)/u],
    ['narrower', { api: { user_read: {} } }, /less than the old one/u],
    ['of full access', 'false', /more than the old one has \(full access\)/u],
  ] as const)('if it came out %s', async ([, permissions, why], { harness, expect }) => {
    const { vastai, sandbox, home } = harness;
    const { value } = await withKey(harness);
    sandbox.quirks.newPermissions = permissions;
    const ran = await vastai(ROTATE);
    expect([ran.status, ran.stdout]).toEqual([10, '']);
    expect(ran.stderr).toMatch(why);
    expect(ran.stderr).toContain('The new key was deleted. The old key still works.');
    expect(live(harness).map(({ id }) => id)).toEqual([42]);
    expect(await home.read(KEY_FILE)).toBe(value);
    expect(await left(harness)).toEqual([]);
  });

  it('if the API does not know it after ten seconds', { timeout: 40_000 }, async ({ harness, expect }) => {
    await withKey(harness);
    const body = { success: false, error: 'auth_error', msg: 'Invalid user key' };
    harness.sandbox.fault(
      'GET /api/v0/users/current/',
      { kind: 'answer', status: 404, body },
      Number.POSITIVE_INFINITY,
    );
    expect((await harness.vastai(ROTATE)).status).toBe(4);
    expect(live(harness).map(({ id }) => id)).toEqual([42]);
    expect(await left(harness)).toEqual([]);
  });

  it('if another key was saved meanwhile', async ({ harness, expect }) => {
    const { start, vastai, sandbox, asked, home, addKey } = harness;
    await withKey(harness);
    const other = await addKey({ name: 'other' });
    sandbox.fault(POST, { kind: 'latency', ms: 3000, acts: true });
    const run = start(ROTATE);
    await expect.poll(() => asked().includes(POST), { timeout: 20_000 }).toBe(true);
    await vastai(['set', 'api-key', '-'], { input: other.value });
    const ran = await run.ended;
    expect(ran.status).toBe(9);
    expect(await home.read(KEY_FILE)).toBe(other.value);
    expect(live(harness).map(({ id }) => id)).toEqual([42, other.id]);
    expect(await left(harness)).toEqual([]);
  });
});

describe.concurrent('a rotation that was killed', () => {
  it('is not continued with a key that was saved later, and says what is left', async ({
    harness,
    expect,
  }) => {
    const { start, vastai, sandbox, asked, home, addKey } = harness;
    await withKey(harness);
    sandbox.fault(POST, { kind: 'latency', ms: 60_000, acts: true });
    const run = start(ROTATE);
    await expect.poll(() => live(harness).length, { timeout: 20_000 }).toBe(2);
    run.kill('SIGKILL');
    await run.ended;
    const other = await addKey({ name: 'other', permissions: DOCUMENT });
    await vastai(['set', 'api-key', '-'], { input: other.value });
    const before = asked().length;
    const again = await vastai([...ROTATE, '--resume']);
    expect(again.status).toBe(9);
    // Both keys may be needed somewhere by now, so only a person can know.
    expect(again.stderr).toContain('vastai delete api-key 42');
    expect(again.stderr).toContain('vastai delete api-key 43');
    expect(asked().slice(before)).toEqual([LIST]);
    await vastai(['delete', 'api-key', '42', '43', '--yes']);
    const ended = await vastai([...ROTATE, '--resume']);
    expect([ended.status, ended.stdout]).toEqual([0, 'No rotation is unfinished.\n']);
    expect(await left(harness)).toEqual([]);
    expect(await home.read(KEY_FILE)).toBe(other.value);
  });

  it('is not continued for another profile or another API', async ({ harness, expect }) => {
    const { start, vastai, sandbox, addKey, home } = harness;
    await withKey(harness);
    sandbox.fault(POST, { kind: 'latency', ms: 60_000, acts: true });
    const run = start(ROTATE);
    await expect.poll(() => live(harness).length, { timeout: 20_000 }).toBe(2);
    run.kill('SIGKILL');
    await run.ended;
    const other = await addKey({ name: 'other', permissions: DOCUMENT });
    await vastai(['set', 'api-key', '-', '--profile', 'work'], { input: other.value });
    const ran = await vastai([...ROTATE, '--profile', 'work', '--json']);
    expect(ran.json()).toMatchObject({ old: { id: other.id }, deleted: true });
    expect(live(harness).map(({ id }) => id)).toEqual([42, 43, 45]);
    expect(await left(harness)).toMatchObject([{ profile: 'default', next: 'create' }]);
    const doctor = await vastai(['doctor', '--profile', 'work']);
    expect(doctor.stdout).toContain('vastai rotate api-key --resume --profile default');
    expect((await vastai([...ROTATE, '--resume'])).status).toBe(0);
    expect(live(harness).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^other ~/u),
      expect.stringMatching(/^laptop ~/u),
    ]);
    expect(await home.read(KEY_FILE)).not.toBe('');
  });
});
