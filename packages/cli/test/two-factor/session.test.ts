import { chmod, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { keepSession, keyFile, logIn, sentWith, sessionFile } from '@vastai-cli/testing/session';
import { describe } from 'vitest';

const SHOW = ['show', 'user', '--json'];
const unix = process.platform !== 'win32';

/** Returns what `config.json` notes about the session of a profile. */
async function noted({ home }: Harness, profile = 'default'): Promise<unknown> {
  return JSON.parse((await home.read(SETTINGS)) ?? '{}').profiles?.[profile]?.tfa_session;
}

describe.concurrent('a saved key with a two-factor session', () => {
  it('is sent as that session', async ({ harness, expect }) => {
    const { key, file } = await logIn(harness);
    const ran = await harness.vastai(SHOW);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(sentWith(harness)).toEqual([`session of ${key.id}`]);
    expect(await harness.home.read(sessionFile())).toBeDefined();
    expect(file).toBe(harness.home.at(sessionFile()));
  });

  it('shows neither of them with --explain', async ({ harness, expect }) => {
    const { key, session } = await logIn(harness);
    harness.sandbox.fault('GET /api/v0/users/current/', {
      kind: 'answer',
      status: 200,
      body: { id: 1, email: `${key.value}@example.com`, username: session.toUpperCase() },
    });
    const ran = await harness.vastai(['show', 'user', '--explain']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(`Bearer …${session.slice(-4)}`);
    for (const text of [ran.stdout, ran.stderr]) {
      expect(text.toLowerCase()).not.toContain(key.value);
      expect(text.toLowerCase()).not.toContain(session);
    }
  });

  it.for([
    ['--api-key', (key: string) => ({ args: ['--api-key', key] })],
    ['VAST_API_KEY', (key: string) => ({ env: { VAST_API_KEY: key } })],
  ] as const)('is sent itself if it is passed in %s too', async ([, give], { harness, expect }) => {
    const { key } = await logIn(harness);
    const { args, env } = { args: [], env: {}, ...give(key.value) };
    const ran = await harness.vastai([...SHOW, ...args], { env });
    expect(ran.status).toBe(11);
    expect(sentWith(harness)).toEqual([`key ${key.id}`]);
  });

  it('goes before a key in a variable with --profile', async ({ harness, expect }) => {
    const { key } = await logIn(harness);
    const env = { VAST_API_KEY: harness.sandbox.key };
    expect((await harness.vastai([...SHOW, '--profile', 'default'], { env })).status).toBe(0);
    expect(sentWith(harness)).toEqual([`session of ${key.id}`]);
  });

  it('shares its session with no other profile', async ({ harness, expect }) => {
    const work = await logIn(harness, { profile: 'work' });
    const { home, vastai, sandbox } = harness;
    await harness.saveKey();
    expect((await vastai(SHOW)).status).toBe(11);
    expect((await vastai([...SHOW, '--profile', 'work'])).status).toBe(0);
    expect(sentWith(harness)).toEqual(['key 40', `session of ${work.key.id}`]);
    // Not even the same key in another profile.
    await home.write(KEY_FILE, work.key.value);
    expect((await vastai(SHOW)).status).toBe(11);
    expect(sandbox.requests.at(-1)?.authorization).not.toHaveProperty('sessionId');
    expect(await noted(harness, 'work')).toBeDefined();
  });

  it('is recognised by its session after other white space around it', async ({ harness, expect }) => {
    const { key } = await logIn(harness);
    await harness.home.write(KEY_FILE, `  ${key.value}\n`);
    expect((await harness.vastai(SHOW)).status).toBe(0);
    expect(sentWith(harness)).toEqual([`session of ${key.id}`]);
  });
});

describe.concurrent('a session that has ended', () => {
  it.for([
    ['by its time', ({ sandbox }: Harness) => sandbox.clock.advance(8 * 86_400)],
    [
      'because the account ended it',
      ({ sandbox }: Harness) =>
        sandbox.twoFactor.sessions().map(({ id }) => sandbox.twoFactor.endSession(id)),
    ],
    [
      'and that the API does not know at all',
      ({ sandbox }: Harness) =>
        sandbox.fault('* /api/*', {
          kind: 'answer',
          status: 404,
          body: { success: false, error: 'auth_error', msg: 'Invalid user key' },
        }),
    ],
  ] as const)('%s ends the command with 11 and says how to go on', async ([, end], { harness, expect }) => {
    const { key } = await logIn(harness, { profile: 'work' });
    end(harness);
    const ran = await harness.vastai(['show', 'user', '--profile', 'work', '--json']);
    expect(ran.status).toBe(11);
    const label = `the two-factor session of …${key.value.slice(-4)}`;
    expect(ran.json().error).toMatchObject({
      code: 'two_factor',
      source: label,
      message: expect.stringContaining(`no longer accepts ${label}`),
    });
    expect(JSON.stringify(ran.json())).toContain('vastai tfa login --profile work');
    // The key alone is not tried behind the user's back, and nothing is thrown away.
    expect(sentWith(harness)).toEqual([`session of ${key.id}`]);
    expect(await noted(harness, 'work')).toBeDefined();
  });

  it('is what auth status and doctor find', async ({ harness, expect }) => {
    const { key } = await logIn(harness, { profile: 'work' });
    harness.sandbox.clock.advance(8 * 86_400);
    const status = await harness.vastai(['auth', 'status', '--profile', 'work']);
    expect(status.status).toBe(11);
    expect(status.stdout).toContain(`The two-factor session of the key …${key.value.slice(-4)} has ended.`);
    expect(status.stdout).toContain('vastai tfa login --profile work');
    const doctor = await harness.vastai(['doctor', '--profile', 'work']);
    expect(doctor.status).toBe(10);
    expect(doctor.stdout).toContain('vastai tfa login --profile work');
  });

  it('between two requests of one command ends it with 11', async ({ harness, expect }) => {
    const { key } = await logIn(harness);
    harness.sandbox.fault('GET /api/v0/audit_logs/', {
      kind: 'answer',
      status: 404,
      body: { success: false, error: 'auth_error', msg: 'Session expired. Please log in again.' },
    });
    const ran = await harness.vastai(['show', 'api-keys', '--usage']);
    expect(ran.status).toBe(11);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain(`the two-factor session of …${key.value.slice(-4)}`);
    expect(ran.stderr).toContain('vastai tfa login');
    expect(new Set(sentWith(harness))).toEqual(new Set([`session of ${key.id}`]));
  });
});

describe.concurrent('a session whose key was replaced', () => {
  it('by another program is removed with a note, and never sent', async ({ harness, expect }) => {
    const { home, vastai, sandbox } = harness;
    await logIn(harness);
    await home.write(KEY_FILE, sandbox.key);
    const ran = await vastai(SHOW);
    expect(ran.status).toBe(11);
    expect(ran.stderr).toContain('two-factor session of profile "default" was removed');
    expect(sentWith(harness)).toEqual(['key 40']);
    expect(await home.read(sessionFile())).toBeUndefined();
    expect(await noted(harness)).toBeUndefined();
    expect((await vastai(SHOW)).stderr).not.toContain('removed');
  });

  it('is not sent either if it cannot be removed', async ({ harness, expect }) => {
    const { home, vastai, sandbox } = harness;
    const { file } = await logIn(harness);
    await home.write(KEY_FILE, sandbox.key);
    await home.write('.config/vastai/.lock/in-the-way', '');
    const ran = await vastai(SHOW);
    expect(ran.status).toBe(11);
    expect(ran.stderr).toContain('is not sent, because it belongs to another key, but could not be removed');
    expect(sentWith(harness)).toEqual(['key 40']);
    expect(await home.read(sessionFile())).toBeDefined();
    expect(file).toBe(home.at(sessionFile()));
  });

  it('is reported, but not removed, by auth status and doctor', async ({ harness, expect }) => {
    const { home, vastai, sandbox } = harness;
    await logIn(harness);
    await home.write(KEY_FILE, sandbox.key);
    const before = await home.files();
    const status = await vastai(['auth', 'status', '--json']);
    expect(status.status).toBe(11);
    expect(status.json().active).not.toHaveProperty('session');
    expect(JSON.stringify(status.json())).toContain('session_left');
    const doctor = await vastai(['doctor']);
    expect(doctor.stdout).toContain('belongs to another key');
    expect(await home.files()).toEqual(before);
  });

  it('by set api-key is removed with a note', async ({ harness, expect }) => {
    const { home, vastai } = harness;
    await logIn(harness, { profile: 'work' });
    const other = await harness.addKey({ name: 'other' });
    const ran = await vastai(['set', 'api-key', '--profile', 'work'], { input: other.value });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('two-factor session of profile "work" was removed');
    expect(ran.stderr).toContain('vastai tfa login --profile work');
    expect(await home.read(sessionFile('work'))).toBeUndefined();
    expect(await noted(harness, 'work')).toBeUndefined();
  });

  it('stays if set api-key saves the same key', async ({ harness, expect }) => {
    const { key } = await logIn(harness);
    const ran = await harness.vastai(['set', 'api-key'], { input: key.value });
    expect(ran.status).toBe(0);
    expect(ran.stderr).not.toContain('removed');
    expect((await harness.vastai(SHOW)).status).toBe(0);
    expect(sentWith(harness).at(-1)).toBe(`session of ${key.id}`);
  });

  it('stays if set api-key fails', async ({ harness, expect }) => {
    await logIn(harness);
    const before = await harness.home.files();
    expect((await harness.vastai(['set', 'api-key'], { input: await harness.unknownKey() })).status).toBe(4);
    expect(await harness.home.files()).toEqual(before);
  });
});

describe.concurrent('a session that cannot be read', () => {
  const junk = [
    ['two words', 'two words'],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00)],
    ['a control character', 'abc\u001b[31mdef0123456789'],
  ] as const;
  it.for(junk)(
    'holds %s: nothing is sent, and it says how to go on',
    async ([, content], { harness, expect }) => {
      const { key } = await logIn(harness, { profile: 'work' });
      await harness.home.write(sessionFile('work'), content);
      const ran = await harness.vastai([...SHOW, '--profile', 'work']);
      expect(ran.status).toBe(9);
      expect(ran.json().error).toMatchObject({
        code: 'storage',
        message: expect.stringContaining(`The two-factor session of …${key.value.slice(-4)} cannot be read`),
      });
      expect(JSON.stringify(ran.json())).toContain('vastai tfa login --profile work');
      expect(JSON.stringify(ran.json())).not.toContain('set api-key');
      expect(harness.asked()).toEqual([]);
      const status = await harness.vastai(['auth', 'status', '--json', '--profile', 'work']);
      expect(status.status).toBe(9);
      expect(status.json()).toMatchObject({ state: 'unreadable', active: null });
      expect(harness.asked()).toEqual([]);
    },
  );

  it('is not needed for a key that is passed', async ({ harness, expect }) => {
    await logIn(harness);
    await harness.home.write(sessionFile(), 'two words');
    await harness.vastai(SHOW, { env: { VAST_API_KEY: harness.sandbox.key } });
    expect(sentWith(harness)).toEqual(['key 40']);
  });

  it('because it is gone is forgotten with a note, and the key is sent', async ({ harness, expect }) => {
    const { key, file } = await logIn(harness);
    await rm(file);
    const ran = await harness.vastai(SHOW);
    expect(ran.status).toBe(11);
    expect(ran.stderr).toContain(`is no longer in ${file}`);
    expect(sentWith(harness)).toEqual([`key ${key.id}`]);
    expect(await noted(harness)).toBeUndefined();
  });
});

describe.runIf(unix).concurrent('the file of a session', () => {
  it('that others can read is used with a warning, and closed by config migrate', async ({
    harness,
    expect,
  }) => {
    const { file } = await logIn(harness);
    await chmod(file, 0o644);
    const ran = await harness.vastai(SHOW);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(`Other users can open ${file} (mode 0644)`);
    expect((await harness.vastai(['config', 'migrate', '--yes'])).status).toBe(0);
    expect((await harness.vastai(SHOW)).stderr).toBe('');
  });

  it('is read through a link to a file of the user', async ({ harness, expect }) => {
    const { key, file } = await logIn(harness);
    await rename(file, harness.home.at('elsewhere'));
    await symlink(harness.home.at('elsewhere'), file);
    expect((await harness.vastai(SHOW)).status).toBe(0);
    expect(sentWith(harness)).toEqual([`session of ${key.id}`]);
  });

  it('does not make vastai hang if it is not a text file', async ({ harness, expect }) => {
    const { file } = await logIn(harness);
    await rm(file);
    await symlink('/dev/zero', file);
    expect((await harness.vastai(SHOW)).status).toBe(9);
    expect(harness.asked()).toEqual([]);
  });
});

describe.concurrent('the note of a session in config.json', () => {
  const notes = [
    ['a string', 'session'],
    ['no fingerprint', { storage: 'file', url: 'https://console.vast.ai' }],
    [
      'another kind of store',
      {
        storage: 'command',
        key_hash: `hmac-sha256:${'0'.repeat(32)}:${'0'.repeat(64)}`,
        url: 'https://console.vast.ai',
      },
    ],
    ['an invalid fingerprint', { storage: 'file', key_hash: 'x', url: 'https://console.vast.ai' }],
    [
      'an invalid address',
      { storage: 'file', key_hash: `hmac-sha256:${'0'.repeat(32)}:${'0'.repeat(64)}`, url: 'nowhere' },
    ],
  ] as const;
  it.for(notes)('with %s counts as none', async ([, note], { harness, expect }) => {
    const { home, sandbox } = harness;
    await harness.saveKey();
    await writeFile(await home.write(sessionFile(), 'whatever-0123456789'), 'whatever-0123456789');
    const profiles = { default: { storage: 'file', url: sandbox.url, tfa_session: note } };
    await home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
    expect(await harness.vastai(SHOW)).toMatchObject({ status: 0, stderr: '' });
    expect(sentWith(harness)).toEqual(['key 40']);
  });

  it('survives a save of another profile', async ({ harness, expect }) => {
    const { key } = await logIn(harness);
    await harness.vastai(['set', 'api-key', '--profile', 'work'], { input: harness.sandbox.key });
    expect((await harness.vastai(SHOW)).status).toBe(0);
    expect(sentWith(harness).at(-1)).toBe(`session of ${key.id}`);
    expect(await harness.home.read(keyFile('work'))).toBe(harness.sandbox.key);
  });

  it('keeps the end of the session, which auth status shows', async ({ harness, expect }) => {
    const { key, file } = await logIn(harness, { ends: 1_800_000_000 });
    const ran = await harness.vastai(['auth', 'status', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({
      state: 'verified',
      active: { suffix: key.value.slice(-4), session: { location: file, ends: 1_800_000_000 } },
    });
    const shown = await harness.vastai(['auth', 'status'], { env: { TZ: 'UTC' } });
    expect(shown.stdout).toMatch(
      /works, with the two-factor session from .*, until 2027-01-15 08:00:00 \(UTC\): you@/u,
    );
  });
});

describe.concurrent('what removes a key', () => {
  it.for([
    ['unset api-key', ['unset', 'api-key', '--yes', '--profile', 'work']],
    ['profile remove', ['profile', 'remove', 'work', '--yes']],
  ] as const)('removes its session too: %s', async ([, args], { harness, expect }) => {
    const { home, vastai } = harness;
    await logIn(harness, { profile: 'work' });
    const ran = await vastai([...args]);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(`Removed the two-factor session from ${home.at(sessionFile('work'))}`);
    expect(await home.read(sessionFile('work'))).toBeUndefined();
    expect(await home.read(keyFile('work'))).toBeUndefined();
    expect(await noted(harness, 'work')).toBeUndefined();
  });

  it.for(
    [
      ['tfa', 'logout'],
      ['unset', 'api-key', '--yes'],
      ['profile', 'remove', 'work', '--yes'],
    ].flatMap((words) =>
      ['config.json is gone', 'its note is not valid'].map((what) => [words.join(' '), what, words] as const),
    ),
  )('leaves no session here: %s, if %s', async ([, what, words], { harness, expect }) => {
    const { home, vastai } = harness;
    const { file } = await logIn(harness, { profile: 'work' });
    const settings = JSON.parse((await home.read(SETTINGS)) ?? '');
    settings.profiles.work.tfa_session.key_hash = 'x';
    if (what === 'config.json is gone') await rm(home.at(SETTINGS));
    else await home.write(SETTINGS, JSON.stringify(settings));
    const ran = await vastai(words.includes('work') ? words : [...words, '--profile', 'work']);
    expect(ran.status).toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(/Removed the two-factor session/u);
    expect(ran.stdout + ran.stderr).toContain(file);
    expect(await home.read(sessionFile('work'))).toBeUndefined();
    expect(await noted(harness, 'work')).toBeUndefined();
  });

  it.for([
    ['tfa', 'logout', '--profile', 'work'],
    ['unset', 'api-key', '--yes', '--profile', 'work'],
  ])('leaves nothing of a save that was killed: %s %s', async (args, { harness, expect }) => {
    const { home, vastai } = harness;
    const { key, file, session } = await logIn(harness, { profile: 'work' });
    await rm(file);
    for (const noted of [true, false]) {
      if (!noted) await rm(home.at(SETTINGS));
      await home.write(keyFile('work'), key.value);
      for (const name of ['.tfa_session.tmp-1', '.tfa_session.old-1'])
        await home.write(`.config/vastai/profiles/work/${name}`, session);
      expect((await vastai(args)).status).toBe(0);
      expect(Object.keys(await home.files()).filter((name) => name.includes('tfa_session'))).toEqual([]);
    }
  });

  it('leaves no session behind that is not noted', async ({ harness, expect }) => {
    const { home, vastai } = harness;
    const { key, session } = await logIn(harness);
    await vastai(['unset', 'api-key', '--yes']);
    await home.write(sessionFile(), session);
    await harness.saveKey(key.value);
    await vastai(SHOW);
    expect(sentWith(harness)).toEqual([`key ${key.id}`]);
    await keepSession(harness, { key: key.value, session });
    await vastai(SHOW);
    expect(sentWith(harness).at(-1)).toBe(`session of ${key.id}`);
  });
});
