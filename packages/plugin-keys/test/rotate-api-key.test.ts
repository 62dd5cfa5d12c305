import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe } from 'vitest';
import { DOCUMENT, expectRotated, idOf, LEDGER, live, MARKED, withKey } from './support/rotation.js';

const ROTATE = ['rotate', 'api-key'];
const LIST = 'GET /api/v0/auth/apikeys/';
const POST = 'POST /api/v0/auth/apikeys/';
const USER = 'GET /api/v0/users/current/';
const DELETE_42 = 'DELETE /api/v0/auth/apikeys/42/';

describe.concurrent('rotate api-key', () => {
  it('replaces the saved key with one that may do the same', async ({ harness, expect }) => {
    const { vastai, home, asked, sandbox } = harness;
    const old = await withKey(harness);
    const before = asked().length;
    const ran = await vastai([...ROTATE, '--json']);
    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(0);
    const value = (await home.read(KEY_FILE)) ?? '';
    expect(ran.json()).toEqual({
      old: { id: old.id, name: 'laptop' },
      new: { id: 43, name: expect.stringMatching(MARKED), suffix: value.slice(-4) },
      storage: 'file',
      location: home.at(KEY_FILE),
      deleted: true,
    });
    expect(asked().slice(before)).toEqual([LIST, POST, USER, LIST, DELETE_42]);
    expect(sandbox.requests.at(-1)?.authorization?.keyId).toBe(43);
    await expectRotated(harness);
    expect(JSON.parse((await home.read(SETTINGS)) ?? '').profiles.default).toMatchObject({
      key_id: 43,
      account: 'you@example.com',
    });
  });

  it('replaces the mark of the rotation before', async ({ harness, expect }) => {
    const { vastai } = harness;
    await withKey(harness);
    const names: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      expect((await vastai(ROTATE)).status).toBe(0);
      names.push(live(harness)[0]?.name ?? '');
    }
    for (const name of names) expect(name).toMatch(MARKED);
    expect(new Set(names).size).toBe(3);
  });

  it('keeps the old key with --grace until --finish', async ({ harness, expect }) => {
    const { vastai, asked } = harness;
    const old = await withKey(harness);
    const ran = await vastai([...ROTATE, '--grace', '7d', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ deleted: false, finish_after: expect.any(Number) });
    expect(ran.stderr).toContain('rotate api-key --finish');
    expect(live(harness).map(({ id }) => id)).toEqual([old.id, 43]);
    const status = await vastai(['auth', 'status']);
    expect(status.stdout).toMatch(/API key 42 "laptop" was replaced, and still works/u);
    expect(status.stdout).toContain('vastai rotate api-key --finish');
    expect(status.status).toBe(0);
    const doctor = await vastai(['doctor', '--json']);
    expect(doctor.json().checks).toContainEqual(
      expect.objectContaining({ check: 'rotation', state: 'info' }),
    );
    const resumed = await vastai([...ROTATE, '--resume', '--json']);
    expect(resumed.json()).toMatchObject({ deleted: false, finish_after: expect.any(Number) });
    expect(live(harness)).toHaveLength(2);
    const before = asked().length;
    const finished = await vastai([...ROTATE, '--finish', '--json']);
    expect(finished.json()).toMatchObject({ old: { id: old.id }, new: { id: 43 }, deleted: true });
    expect(asked().slice(before)).toEqual([LIST, DELETE_42]);
    await expectRotated(harness);
  });

  it('ends a rotation whose time is over before the next one', async ({ harness, expect }) => {
    const { vastai, home } = harness;
    const old = await withKey(harness);
    await vastai([...ROTATE, '--grace', '7d']);
    const ledger = JSON.parse((await home.read(LEDGER)) ?? '');
    ledger.entries[0].finish_after = 1_700_000_000;
    await home.write(LEDGER, JSON.stringify(ledger));
    const doctor = await vastai(['doctor', '--json']);
    expect(doctor.status).toBe(10);
    expect(doctor.json().checks).toContainEqual(
      expect.objectContaining({ check: 'rotation', state: 'problem' }),
    );
    const ran = await vastai([...ROTATE, '--grace', '7d', '--json']);
    expect(ran.json()).toMatchObject({ old: { id: 43 }, new: { id: 44 }, deleted: false });
    expect(live(harness).map(({ id }) => id)).toEqual([43, 44]);
    expect(old.id).toBe(42);
    await vastai([...ROTATE, '--finish']);
    await expectRotated(harness);
  });

  it('says what to do if the new key was revoked before the old one is deleted', async ({
    harness,
    expect,
  }) => {
    const { vastai, sandbox, addKey } = harness;
    await withKey(harness);
    await vastai([...ROTATE, '--grace', '7d']);
    sandbox.revoke(43);
    const ran = await vastai([...ROTATE, '--finish']);
    expect(ran.status).toBe(4);
    expect(ran.stderr).toContain('If the new key was revoked, save another one: vastai set api-key\n');
    const other = await addKey({ name: 'other', permissions: DOCUMENT });
    await vastai(['set', 'api-key', '-'], { input: other.value });
    expect((await vastai([...ROTATE, '--finish'])).stderr).toContain('vastai delete api-key 42');
  });

  it('shows its plan with --dry-run, and makes nothing', async ({ harness, expect }) => {
    const { vastai, home } = harness;
    const old = await withKey(harness);
    const files = await home.files();
    const ran = await vastai([...ROTATE, '--dry-run', '--json']);
    expect(ran.json()).toMatchObject({
      dry_run: true,
      old: { id: old.id, name: 'laptop' },
      new: { name: expect.stringMatching(MARKED) },
      storage: 'file',
      location: home.at(KEY_FILE),
    });
    expect((await vastai([...ROTATE, '--dry-run'])).stdout).toContain('delete API key 42');
    expect(await home.files()).toEqual(files);
    expect(live(harness)).toHaveLength(1);
  });

  it('says that nothing is open', async ({ harness, expect }) => {
    const { vastai } = harness;
    await withKey(harness);
    for (const flag of ['--resume', '--finish']) {
      const ran = await vastai([...ROTATE, flag, '--json']);
      expect([ran.status, ran.json()]).toEqual([
        0,
        { old: null, new: null, storage: null, location: null, deleted: false },
      ]);
      expect((await vastai([...ROTATE, flag])).stdout).toBe('No rotation is unfinished.\n');
    }
    expect(live(harness)).toHaveLength(1);
  });

  it('prints a key that is not saved here, and leaves the old one', async ({ harness, expect }) => {
    const { vastai, home, addKey } = harness;
    const old = await addKey({ name: 'laptop', permissions: DOCUMENT });
    const env = { VAST_API_KEY: old.value };
    const ran = await vastai([...ROTATE, '--grace', '1d'], { env, printsKey: true });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/u);
    await recordKey(ran.stdout.trim());
    expect(await idOf(harness, ran.stdout.trim())).toBe(43);
    expect(ran.stderr).toContain('vastai delete api-key 42');
    expect(live(harness).map(({ id }) => id)).toEqual([42, 43]);
    expect(await home.files()).toEqual({});
  });

  it('rotates another key of the account by its ID', async ({ harness, expect }) => {
    const { vastai, saveKey, sandbox, addKey, home } = harness;
    await saveKey();
    const { id } = await addKey({ name: 'laptop', permissions: { api: { instance_read: {} } } });
    const ran = await vastai([...ROTATE, String(id), '--json'], { printsKey: true });
    expect(ran.status).toBe(0);
    await recordKey(ran.json().key);
    expect(ran.json()).toMatchObject({ old: { id }, new: { id: 43 }, storage: null, deleted: false });
    expect(sandbox.keys().find((key) => key.id === 43)?.permissions).toEqual({ api: { instance_read: {} } });
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await idOf(harness, ran.json().key)).toBeUndefined();
  });

  it('names the profile that has the old key of a printed one', async ({ harness, expect }) => {
    const { vastai, saveKey, addKey } = harness;
    await saveKey();
    const { id, value } = await addKey({ name: 'ci', permissions: { api: { user_read: {} } } });
    await vastai(['set', 'api-key', '-', '--profile', 'work'], { input: value });
    const ran = await vastai([...ROTATE, String(id)], { printsKey: true });
    await recordKey(ran.stdout.trim());
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(
      'Profile "work" still has the old key. Save the new one there: vastai set api-key --profile work',
    );
    expect((await vastai(['show', 'user', '--profile', 'work'])).status).toBe(0);
  });

  it('prints a key although the settings cannot be read', async ({ harness, expect }) => {
    const { vastai, addKey, home } = harness;
    const { value } = await addKey({ name: 'laptop', permissions: DOCUMENT });
    await home.write(SETTINGS, '{');
    const ran = await vastai(ROTATE, { env: { VAST_API_KEY: value }, printsKey: true });
    expect(ran.status).toBe(0);
    await recordKey(ran.stdout.trim());
    expect(await idOf(harness, ran.stdout.trim())).toBe(43);
  });

  it('treats the ID of the key in use like no ID', async ({ harness, expect }) => {
    const { id } = await withKey(harness);
    expect((await harness.vastai([...ROTATE, String(id)])).status).toBe(0);
    await expectRotated(harness);
  });

  it('lists the keys that are due', async ({ harness, expect }) => {
    const { vastai, saveKey, addKey } = harness;
    await saveKey();
    await addKey({ name: 'laptop', permissions: DOCUMENT });
    const young = await vastai([...ROTATE, '--due', '1d', '--json']);
    expect([young.status, young.json()]).toEqual([0, []]);
    const old = await vastai([...ROTATE, '--due', '0s', '--json']);
    expect([old.status, old.json()]).toEqual([10, [expect.objectContaining({ id: 42, name: 'laptop' })]]);
    expect((await vastai([...ROTATE, '42', '--due', '0s'])).stdout).toMatch(/^ID +NAME.*\n42 +laptop/u);
    expect((await vastai([...ROTATE, '99', '--due', '0s'])).status).toBe(6);
    expect((await vastai([...ROTATE, '--due', 'soon'])).status).toBe(2);
  });

  it('waits as long as the API requires', async ({ harness, expect }) => {
    await withKey(harness);
    const limit = { kind: 'answer', status: 429, body: 'endpoint threshold=0.01' } as const;
    for (const route of [LIST, POST, 'DELETE /api/v0/auth/apikeys/*']) harness.sandbox.fault(route, limit, 2);
    expect((await harness.vastai([...ROTATE, '--retry', '0'])).status).toBe(0);
    await expectRotated(harness);
  });

  it('waits for a new key that is not known at once', async ({ harness, expect }) => {
    await withKey(harness);
    const body = { success: false, error: 'auth_error', msg: 'Invalid user key' };
    harness.sandbox.fault(USER, { kind: 'answer', status: 404, body }, 2);
    expect((await harness.vastai(ROTATE)).status).toBe(0);
    await expectRotated(harness);
  });

  it('lets one rotation of a key happen at a time', async ({ harness, expect }) => {
    await withKey(harness);
    const all = await Promise.all([1, 2, 3].map(() => harness.vastai([...ROTATE, '--json'])));
    expect(all.map(({ status }) => status)).toEqual([0, 0, 0]);
    await expectRotated(harness);
    expect(new Set(all.map((ran) => ran.json().new.id)).size).toBe(3);
  });
});
