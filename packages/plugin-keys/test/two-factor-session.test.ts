import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { keyFile, logIn, sentWith, sessionFile } from '@vastai-cli/testing/session';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe } from 'vitest';
import { DOCUMENT, left, live } from './support/rotation.js';

const SCOPED = { name: 'laptop', permissions: DOCUMENT };

describe.concurrent('rotate api-key with a two-factor session', () => {
  it('makes the new key, deletes the old one, and drops the session', async ({ harness, expect }) => {
    const { vastai, home, addKey } = harness;
    const { key } = await logIn(harness, { key: await addKey(SCOPED) });
    const ran = await vastai(['rotate', 'api-key', '--json']);
    expect(ran.stderr).toContain('two-factor session of profile "default" was removed');
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ old: { id: key.id }, deleted: true });
    await recordKey((await home.read(KEY_FILE)) ?? '');
    expect(live(harness)).toHaveLength(1);
    expect(live(harness)[0]?.id).not.toBe(key.id);
    expect(await left(harness)).toEqual([]);
    expect(await home.read(sessionFile())).toBeUndefined();
    expect((await vastai(['show', 'user'])).status).toBe(11);
  });

  it('keeps the old key with --grace, and deletes it with a session of the new one', async ({
    harness,
    expect,
  }) => {
    const { vastai, home, addKey } = harness;
    const { key } = await logIn(harness, { key: await addKey(SCOPED) });
    expect((await vastai(['rotate', 'api-key', '--grace', '7d'])).status).toBe(0);
    const value = (await home.read(KEY_FILE)) ?? '';
    await recordKey(value);
    const made = live(harness).find(({ id }) => id !== key.id);
    const without = await vastai(['rotate', 'api-key', '--finish']);
    expect(without.status).toBe(11);
    expect(without.stderr).toContain('vastai tfa login');
    await logIn(harness, { key: { id: made?.id ?? 0, value } });
    expect((await vastai(['rotate', 'api-key', '--finish'])).status).toBe(0);
    expect(sentWith(harness).at(-1)).toBe(`session of ${made?.id}`);
    expect(live(harness).map(({ id }) => id)).toEqual([made?.id]);
    expect(await home.read(sessionFile())).toBeDefined();
  });

  it('changes nothing with a session that has ended', async ({ harness, expect }) => {
    const { vastai, home, addKey, sandbox } = harness;
    const { key } = await logIn(harness, { key: await addKey(SCOPED) });
    sandbox.clock.advance(8 * 86_400);
    const before = await home.read(KEY_FILE);
    const ran = await vastai(['rotate', 'api-key']);
    expect(ran.status).toBe(11);
    expect(await home.read(KEY_FILE)).toBe(before);
    expect(live(harness).map(({ id }) => id)).toEqual([key.id]);
    expect(await left(harness)).toEqual([]);
    expect(await home.read(sessionFile())).toBeDefined();
  });

  it('leaves a key that works if the session ends before the old key is deleted', async ({
    harness,
    expect,
  }) => {
    const { vastai, home, addKey, sandbox } = harness;
    const { key } = await logIn(harness, { key: await addKey(SCOPED) });
    sandbox.fault(
      'DELETE /api/v0/auth/apikeys/{id}/',
      {
        kind: 'answer',
        status: 404,
        body: { success: false, error: 'auth_error', msg: 'Session expired. Please log in again.' },
      },
      Number.POSITIVE_INFINITY,
    );
    const ran = await vastai(['rotate', 'api-key', '--json']);
    expect(ran.status).toBe(11);
    expect(ran.stderr + ran.stdout).toContain('vastai rotate api-key --resume');
    sandbox.clearFaults();
    const value = (await home.read(KEY_FILE)) ?? '';
    await recordKey(value);
    const made = live(harness).find(({ id }) => id !== key.id);
    await logIn(harness, { key: { id: made?.id ?? 0, value } });
    expect((await vastai(['rotate', 'api-key', '--resume'])).status).toBe(0);
    expect(live(harness).map(({ id }) => id)).toEqual([made?.id]);
    expect(await left(harness)).toEqual([]);
  });
});

describe.concurrent('reset api-key with a two-factor session', () => {
  it('asks with the session, and drops it with the old key', async ({ harness, expect }) => {
    const { vastai, home, sandbox } = harness;
    await logIn(harness, { key: { id: 40, value: sandbox.key } });
    const ran = await vastai(['reset', 'api-key', '--yes']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('two-factor session of profile "default" was removed');
    expect(sentWith(harness)).toEqual(['session of 40']);
    const value = (await home.read(KEY_FILE)) ?? '';
    await recordKey(value);
    expect(value).not.toBe(sandbox.key);
    expect(await home.read(sessionFile())).toBeUndefined();
    expect(JSON.parse((await home.read(SETTINGS)) ?? '').profiles.default).not.toHaveProperty('tfa_session');
  });
});

describe.concurrent('prune api-keys with two-factor sessions', () => {
  it('asks for the id of each profile with its own session', async ({ harness, expect }) => {
    const { vastai, addKey } = harness;
    const own = await logIn(harness);
    const work = await logIn(harness, { profile: 'work' });
    await addKey({ name: 'spare', createdAt: 1 });
    const ran = await vastai([
      'prune',
      'api-keys',
      '--unused-for',
      '1s',
      '--include-unseen',
      '--yes',
      '--json',
    ]);
    expect(ran.status).toBe(0);
    expect(sentWith(harness)).toContain(`session of ${work.key.id}`);
    expect(sentWith(harness).some((one) => one.startsWith('key'))).toBe(false);
    expect(live(harness).map(({ id }) => id)).toEqual([own.key.id, work.key.id]);
  });

  it('deletes nothing if the session of another profile has ended', async ({ harness, expect }) => {
    const { vastai, sandbox, addKey } = harness;
    await logIn(harness);
    const work = await logIn(harness, { profile: 'work' });
    const spare = await addKey({ name: 'spare', createdAt: 1 });
    const [, second] = sandbox.twoFactor.sessions();
    sandbox.twoFactor.endSession(second?.id ?? 0);
    const args = ['prune', 'api-keys', '--unused-for', '1s', '--include-unseen', '--yes', '--json'];
    const ran = await vastai(args);
    expect(ran.status).toBe(11);
    expect(JSON.stringify(ran.json())).toContain('vastai tfa login --profile work');
    expect(live(harness).map(({ id }) => id)).toContain(spare.id);
    expect(live(harness).map(({ id }) => id)).toContain(work.key.id);
  });
});

describe.concurrent('revoke api-key with a two-factor session', () => {
  it('deletes another key with the session of the key in use', async ({ harness, expect }) => {
    const { vastai, addKey } = harness;
    const { key } = await logIn(harness);
    const found = await addKey({ name: 'found' });
    const ran = await vastai(['revoke', 'api-key', '--yes'], { input: found.value });
    // The found key may not be asked without a session of its own, so it cannot be traced to an id.
    expect(ran.status).toBe(11);
    expect(ran.stderr).toContain('so its ID cannot be found');
    expect(live(harness).map(({ id }) => id)).toEqual([key.id, found.id]);
  });

  it('deletes the key in use with its own session', async ({ harness, expect }) => {
    const { vastai, home } = harness;
    const { key } = await logIn(harness, { profile: 'work' });
    const ran = await vastai(['revoke', 'api-key', '--yes', '--profile', 'work'], { input: key.value });
    expect(ran.status).toBe(0);
    expect(live(harness)).toEqual([]);
    expect(await home.read(keyFile('work'))).toBe(key.value);
  });
});
