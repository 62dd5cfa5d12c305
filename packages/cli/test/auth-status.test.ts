import { chmod } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

const USER = 'GET /api/v0/users/current/';

describe.concurrent('auth status', () => {
  it('shows all sources in order, which one is used, and the owner of the key', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey, asked } = harness;
    const place = await saveKey();
    const ran = await vastai(['auth', 'status', '--json']);
    const suffix = sandbox.key.slice(-4);
    expect(ran.status).toBe(0);
    expect(ran.json()).toEqual({
      profile: 'default',
      profile_from: 'default',
      url: sandbox.url,
      active: { source: 'file', location: place, suffix },
      state: 'verified',
      user: { id: 123456, username: 'you', email: 'you@example.com' },
      key_id: 40,
      sources: [
        { source: 'flag', location: '--api-key', state: 'absent', active: false, problems: [] },
        { source: 'env', location: 'VAST_API_KEY', state: 'absent', active: false, problems: [] },
        { source: 'env_file', location: 'VAST_API_KEY_FILE', state: 'absent', active: false, problems: [] },
        { source: 'file', location: place, state: 'present', suffix, active: true, problems: [] },
        {
          source: 'legacy',
          location: home.at(LEGACY_FILE),
          state: 'absent',
          active: false,
          problems: [],
        },
      ],
    });
    expect(asked()).toEqual([USER]);
  });

  it('prints the same for a person', async ({ harness: { vastai, sandbox, saveKey } }) => {
    const place = await saveKey();
    const ran = await vastai(['auth', 'status']);
    expect(ran.status).toBe(0);
    const winner = ran.stdout.split('\n').find((line) => line.startsWith('*'));
    expect(winner).toMatch(/^\* +file +present +…[0-9a-f]{4} +\S/);
    expect(ran.stdout).toContain(`The key …${sandbox.key.slice(-4)} from ${place} works: you@example.com`);
  });

  it('sends no request with --offline', async ({ harness: { vastai, saveKey, asked } }) => {
    await saveKey();
    const ran = await vastai(['auth', 'status', '--offline', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json().state).toBe('skipped');
    expect(asked()).toEqual([]);
  });

  it('exits with 3 if no key is found', async ({ harness: { vastai, asked } }) => {
    const ran = await vastai(['auth', 'status', '--json']);
    expect(ran.status).toBe(3);
    expect(ran.json()).toMatchObject({ active: null, state: 'absent' });
    expect(asked()).toEqual([]);
  });

  it('exits with 4 if the key is rejected, and still prints its report', async ({ harness }) => {
    const { vastai, saveKey, unknownKey } = harness;
    const key = await unknownKey();
    await saveKey(key);
    const ran = await vastai(['auth', 'status', '--json']);
    expect(ran.status).toBe(4);
    expect(ran.json()).toMatchObject({ state: 'rejected', active: { suffix: key.slice(-4) } });
    expect(ran.json().error).toBeUndefined();
    const shown = await vastai(['auth', 'status']);
    expect(shown.stdout).toMatch(/is rejected by http/);
  });

  it('exits with 8 if the key could not be checked', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(USER, { kind: 'answer', status: 500 }, Number.POSITIVE_INFINITY);
    const ran = await vastai(['auth', 'status', '--json']);
    expect(ran.status).toBe(8);
    expect(ran.json()).toMatchObject({ state: 'unverifiable' });
  });

  it('exits with 9 if the key cannot be read, and does not use the next one', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey, asked } = harness;
    await saveKey(`${'k'.repeat(20)}\n${'k'.repeat(20)}`);
    await home.write(LEGACY_FILE, sandbox.key);
    const ran = await vastai(['auth', 'status', '--json']);
    expect(ran.status).toBe(9);
    expect(ran.json()).toMatchObject({ active: null, state: 'unreadable' });
    const file = ran.json().sources.find(({ source }: { source: string }) => source === 'file');
    expect(file).toMatchObject({ state: 'unreadable', active: false, problems: [{ code: 'not_a_key' }] });
    expect(asked()).toEqual([]);
  });

  it('accepts a key that cannot read the account', async ({ harness }) => {
    const { vastai, saveKey, addKey } = harness;
    const { value } = await addKey({ name: 'scoped', permissions: { api: { misc: {} } } });
    await saveKey(value);
    const ran = await vastai(['auth', 'status', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json().state).toBe('verified');
    expect(ran.json().user).toBeUndefined();
    expect(ran.json().key_id).toBeUndefined();
  });

  it.for(['session_expired', 'required'] as const)(
    'exits with 11 if the account requires a two-factor session (%s), and does not say that the key works',
    async (form, { harness: { vastai, sandbox, saveKey } }) => {
      sandbox.quirks.twoFactor = form;
      await saveKey();
      const ran = await vastai(['auth', 'status', '--json']);
      expect(ran.status).toBe(11);
      expect(ran.json()).toMatchObject({ state: 'two_factor', active: { source: 'file' } });
      const { problems } = ran.json().sources.find(({ active }: { active: boolean }) => active);
      expect(problems).toMatchObject([{ code: 'two_factor', fix: expect.stringMatching(/second factor/) }]);
      const shown = await vastai(['auth', 'status']);
      expect(shown.status).toBe(11);
      expect(shown.stdout).not.toContain('accepted');
      expect(shown.stdout).toContain('requires a two-factor session');
      const doctor = await vastai(['doctor', '--json']);
      expect(doctor.status).toBe(10);
      expect(doctor.json().checks).toContainEqual(
        expect.objectContaining({ check: 'api', state: 'problem' }),
      );
    },
  );

  it('shows the id of the key, and the command that shows what it can do', async ({ harness }) => {
    const { vastai, saveKey, asked } = harness;
    await saveKey();
    const { stdout } = await vastai(['auth', 'status']);
    expect(stdout).toContain('you@example.com (id 123456), key id 40.\n');
    expect(asked()).toEqual([USER]);
    const command = /See what it can do: vastai (permissions explain --key 40)\n/.exec(stdout)?.[1] ?? '';
    const explained = await vastai(command.split(' '));
    expect(explained.status).toBe(0);
    expect(explained.stdout).toContain('Full access');
  });

  it('judges with --require-scoped how much the key may do', async ({ harness }) => {
    const { vastai, sandbox, addKey } = harness;
    const status = async (key: string) => {
      const ran = await vastai(['auth', 'status', '--require-scoped', '--json'], {
        env: { VAST_API_KEY: key },
      });
      return [ran.status, ran.json().access];
    };
    const reader = await addKey({ name: 'reader', permissions: { api: { user_read: {} } } });
    const renter = await addKey({ name: 'renter', permissions: { api: { instance_read: {} } } });
    const full = await addKey({ name: 'full' });
    expect(await status(reader.value)).toEqual([0, 'scoped']);
    expect(await status(renter.value)).toEqual([0, 'scoped']);
    expect(await status(full.value)).toEqual([10, 'full']);
    expect((await status(sandbox.key))[0]).not.toBe(0);
    sandbox.fault('GET /api/v0/auth/apikeys/', { kind: 'answer', status: 502, body: 'Bad' }, 9);
    expect(await status(reader.value)).toEqual([8, 'unknown']);
    sandbox.clearFaults();
    expect((await vastai(['auth', 'status', '--require-scoped'])).status).toBe(3);
    expect((await vastai(['auth', 'status', '--require-scoped', '--offline'])).status).toBe(2);
    const text = await vastai(['auth', 'status', '--require-scoped'], { env: { VAST_API_KEY: full.value } });
    expect(text.stdout).toContain('full access');
  });

  it('lists places without a key on one line', async ({ harness: { vastai, home, saveKey } }) => {
    await saveKey();
    const { stdout } = await vastai(['auth', 'status', '--offline']);
    expect(stdout).toContain(
      `\nNo key in: --api-key, VAST_API_KEY, VAST_API_KEY_FILE, ${home.at(LEGACY_FILE)}\n`,
    );
    expect(stdout).not.toContain('absent');
  });

  it('names each problem with its fix, and changes nothing', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey, unknownKey } = harness;
    await saveKey();
    await chmod(home.at(KEY_FILE), 0o644);
    const legacy = await unknownKey();
    await home.write(LEGACY_FILE, legacy);
    const session = await unknownKey();
    await home.write('.config/vastai/vast_tfa_key', session);
    const env = { VAST_API_KEY: sandbox.key };
    const ran = await vastai(['auth', 'status', '--json'], { env });
    const problemsOf = (name: string) => {
      const found = ran.json().sources.find(({ source }: { source: string }) => source === name);
      return Object.fromEntries(
        found.problems.map((one: { code: string; fix: string }) => [one.code, one.fix]),
      );
    };
    expect(ran.status).toBe(0);
    expect(problemsOf('env')).toEqual({});
    expect(problemsOf('legacy').legacy_left).toContain(`rm ${home.at(LEGACY_FILE)}`);
    expect(problemsOf('file').shadowed).toContain('VAST_API_KEY');
    expect(problemsOf('file').two_factor_session).toContain(home.at('.config/vastai/vast_tfa_key'));
    if (process.platform !== 'win32') expect(problemsOf('file').file_mode).toBe('vastai config migrate');
    expect(await home.read(LEGACY_FILE)).toBe(legacy);
    expect(await home.read(SETTINGS)).toBeUndefined();
    expect(sandbox.requests.map(({ authorization }) => authorization?.keyId)).toEqual([40]);
  });

  it('never moves the legacy file, even when its key is the one in use', async ({ harness }) => {
    const { vastai, sandbox, home } = harness;
    await home.write(LEGACY_FILE, sandbox.key);
    const ran = await vastai(['auth', 'status', '--json']);
    expect(ran.json()).toMatchObject({ state: 'verified', active: { source: 'legacy' } });
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('says when a saved key belongs to another API', async ({
    harness: { vastai, home, sandbox, asked },
  }) => {
    const settings = { version: 1, profiles: { default: { storage: 'file', url: sandbox.url } } };
    await home.write(SETTINGS, JSON.stringify(settings));
    await home.write(KEY_FILE, sandbox.key);
    const ran = await vastai(['auth', 'status', '--json', '--url', 'https://api.example.invalid']);
    expect(ran.status).toBe(3);
    expect(ran.json().active).toBeNull();
    const { problems } = ran.json().sources.find(({ source }: { source: string }) => source === 'file');
    expect(problems).toMatchObject([{ code: 'other_origin' }]);
    expect(problems[0].message).toContain(sandbox.url);
    const shown = await vastai(['auth', 'status', '--url', 'https://api.example.invalid']);
    expect(shown.stdout).toContain(
      'No key for https://api.example.invalid: the saved one belongs to another',
    );
    expect(asked()).toEqual([]);
  });
});
