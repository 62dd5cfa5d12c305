import { chmod, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe as anyDescribe, expect } from 'vitest';
import { it as plainIt } from '../support/it.js';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '../support/places.js';
import { describe, it, type KeychainStage } from '../support/with-keychain.js';

const MIGRATE = ['config', 'migrate'];
const TO_KEYCHAIN = [...MIGRATE, '--to', 'keychain'];
const TO_FILE = [...MIGRATE, '--to', 'file'];
const KEYCHAIN = 'keychain (vastai, default)';
/** Saves a key for Vast.ai's own API, without asking it. */
const SET = ['set', 'api-key', '-', '--no-verify'];
const VAST_AI = { VAST_URL: undefined };

/** Each receipt's path and text. */
async function receiptsOf({ home }: Pick<KeychainStage, 'home'>): Promise<{ path: string; text: string }[]> {
  const folder = home.at('.local/state/vastai/migrations');
  const names = (await readdir(folder).catch(() => [])).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: join(folder, name),
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
}

describe('config migrate --to', () => {
  it('keychain moves the key file there, and tells who will miss it', async ({ stage }) => {
    const { vastai, keep, sandbox, home, keychain } = stage;
    await keep('file', sandbox.key);
    const ran = await vastai(TO_KEYCHAIN);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^DONE +FROM +TO\n.*moved +/);
    expect(ran.stdout).toContain(KEYCHAIN);
    expect(ran.stdout).toMatch(/Python CLI and SDK, SkyPilot .* --keep-file/);
    expect(await keychain.lookup('default')).toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(JSON.parse((await home.read(SETTINGS)) ?? '').profiles).toEqual({
      default: { storage: 'keychain', url: sandbox.url },
    });
    expect((await vastai(['show', 'user'])).status).toBe(0);
  });

  it('shows the plan with --dry-run, and changes nothing', async ({ stage }) => {
    const { vastai, sandbox, home, keychain, saveKey } = stage;
    const from = await saveKey();
    const plan = { step: 'between-stores', action: 'move', from, to: KEYCHAIN };
    const ran = await vastai([...TO_KEYCHAIN, '--dry-run', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toEqual({ applied: false, changes: [{ ...plan, note: expect.any(String) }] });
    const shown = await vastai([...TO_KEYCHAIN, '--dry-run']);
    expect(shown.stdout).toMatch(/^PLAN +FROM +TO\nmove +/);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await home.read(SETTINGS)).toBeUndefined();
    expect(await receiptsOf(stage)).toEqual([]);
  });

  it('file moves it back, and has nothing to do after that', async ({ stage }) => {
    const { vastai, keep, sandbox, home, keychain } = stage;
    await keep('keychain', sandbox.key);
    const ran = await vastai([...TO_FILE, '--json']);
    expect(ran.json()).toMatchObject({
      applied: true,
      changes: [{ action: 'move', from: KEYCHAIN, to: home.at(KEY_FILE) }],
    });
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect((await stat(home.at(KEY_FILE))).mode & 0o777).toBe(0o600);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect((await stage.record())?.storage).toBe('file');
    const before = await home.read(SETTINGS);
    expect((await vastai([...TO_FILE, '--json'])).json()).toEqual({ applied: false, changes: [] });
    expect((await vastai(TO_FILE)).stdout).toBe('Nothing to migrate.\n');
    expect(await home.read(SETTINGS)).toBe(before);
    expect(await receiptsOf(stage)).toHaveLength(1);
  });

  it('keychain leaves the key file with --keep-file, which is then not the one in use', async ({ stage }) => {
    const { vastai, sandbox, home, keychain, saveKey, addKey } = stage;
    const file = await saveKey();
    const ran = await vastai([...TO_KEYCHAIN, '--keep-file', '--json']);
    expect(ran.json().changes).toMatchObject([{ action: 'copy', from: file, to: KEYCHAIN }]);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    const { value } = await addKey({ name: 'newer' });
    await keychain.store('default', value);
    expect(await stage.token()).toBe(value);
    const { sources } = (await vastai(['auth', 'status', '--offline', '--json'])).json();
    expect(sources).toContainEqual(
      expect.objectContaining({
        source: 'file',
        active: false,
        problems: [expect.objectContaining({ code: 'unused_copy' })],
      }),
    );
    // A copy that nobody keeps up to date would mislead: the next key takes it away.
    expect((await vastai(['set', 'api-key', value])).stderr).toContain(`Removed the older copy in ${file}`);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('moves the key of one profile, for the API it belongs to', async ({ stage }) => {
    const { vastai, sandbox, home, keychain, saveKey } = stage;
    await saveKey();
    await vastai(['set', 'api-key', sandbox.key, '--profile', 'work', '--storage', 'file']);
    expect((await vastai([...TO_KEYCHAIN, '--profile', 'work'], { env: VAST_AI })).status).toBe(0);
    expect(await keychain.lookup('work')).toBe(sandbox.key);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(JSON.parse((await home.read(SETTINGS)) ?? '').profiles).toEqual({
      work: { storage: 'keychain', url: sandbox.url },
    });
  });

  it('has nothing to do without a key', async ({ stage: { vastai } }) => {
    expect((await vastai([...TO_KEYCHAIN, '--json'])).json()).toEqual({ applied: false, changes: [] });
    expect((await vastai([...TO_FILE, '--json'])).json()).toEqual({ applied: false, changes: [] });
  });

  it('takes an entry along that another program put into the keychain', async ({ stage }) => {
    const { vastai, sandbox, home, keychain } = stage;
    await keychain.store('default', sandbox.key);
    expect((await vastai(TO_FILE)).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await keychain.lookup('default')).toBeUndefined();
  });

  it.for([
    { what: 'is locked', to: 'keychain' },
    { what: 'is locked', to: 'file' },
    { what: 'is not there', to: 'keychain' },
    { what: 'is not there', to: 'file' },
  ] as const)(
    '$to fails while the keychain $what, and the key stays where it is',
    async ({ what, to }, { stage }) => {
      const { vastai, keep, sandbox, keychain } = stage;
      await keep(to === 'file' ? 'keychain' : 'file', sandbox.key);
      if (what === 'is locked') await keychain.lock();
      const env = what === 'is locked' ? {} : { DBUS_SESSION_BUS_ADDRESS: undefined };
      for (const more of [['--dry-run'], []]) {
        const ran = await vastai([...MIGRATE, '--to', to, ...more, '--json'], { env });
        expect(ran.status).toBe(9);
        expect(ran.json().error.hint).toContain('VAST_API_KEY');
      }
      if (what === 'is locked') await keychain.unlock();
      expect(await stage.token()).toBe(sandbox.key);
      expect(await receiptsOf(stage)).toEqual([]);
    },
  );

  it.for(['--to cloud', '--keep-file', '--to keychain --undo'])(
    'is not what is meant by: %s',
    async (flags, { stage: { vastai } }) => {
      expect((await vastai([...MIGRATE, ...flags.split(' ')])).status).toBe(2);
    },
  );
});

describe('config migrate with a legacy file', () => {
  it('moves its key all the way into the keychain, and planned to', async ({ stage }) => {
    const { vastai, sandbox, home, keychain } = stage;
    const legacy = await home.write(LEGACY_FILE, `${sandbox.key}\n`);
    const moves = [
      { step: 'legacy-file', action: 'move', from: legacy, to: home.at(KEY_FILE) },
      { step: 'between-stores', action: 'move', from: home.at(KEY_FILE), to: KEYCHAIN },
    ];
    const plan = (await vastai([...TO_KEYCHAIN, '--dry-run', '--json'])).json();
    expect(plan.changes).toMatchObject(moves);
    const ran = await vastai([...TO_KEYCHAIN, '--json']);
    expect(ran.json().changes).toMatchObject(moves);
    expect(await keychain.lookup('default')).toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
    // Back goes the move between the stores; the legacy file is never written.
    expect((await vastai([...MIGRATE, '--undo'])).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
  });

  it('drops it where the keychain has the same key, and leaves another one alone', async ({ stage }) => {
    const { vastai, sandbox, home, unknownKey } = stage;
    await vastai(SET, { input: sandbox.key, env: VAST_AI });
    await home.write(LEGACY_FILE, sandbox.key);
    const dropped = (await vastai([...MIGRATE, '--json'])).json();
    expect(dropped.changes).toMatchObject([{ step: 'legacy-file', action: 'drop' }]);
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
    const other = await unknownKey();
    await home.write(LEGACY_FILE, other);
    const left = { step: 'legacy-file', action: 'report' };
    expect((await vastai([...MIGRATE, '--json'])).json()).toMatchObject({ applied: false, changes: [left] });
    const moved = (await vastai([...TO_FILE, '--json'])).json();
    expect(moved).toMatchObject({ applied: true, changes: [left, { step: 'between-stores' }] });
    expect(await home.read(LEGACY_FILE)).toBe(other);
    expect(await stage.token()).toBe(sandbox.key);
  });

  it('fails, and leaves it, while the keychain that has the key is locked', async ({ stage }) => {
    const { vastai, sandbox, home, keychain } = stage;
    await vastai(SET, { input: sandbox.key, env: VAST_AI });
    await home.write(LEGACY_FILE, sandbox.key);
    await keychain.lock();
    expect((await vastai(MIGRATE)).status).toBe(9);
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
  });

  it('leaves one alone that cannot be read, and says why', async ({ stage }) => {
    const { vastai, keep, home, sandbox, keychain } = stage;
    await keep('keychain', sandbox.key);
    await mkdir(home.at(LEGACY_FILE), { mode: 0o700 });
    const ran = await vastai([...TO_FILE, '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json().changes).toMatchObject([
      { step: 'legacy-file', action: 'report', note: expect.stringContaining('not a regular file') },
      { step: 'between-stores', action: 'move' },
    ]);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await stage.token()).toBe(sandbox.key);
  });
});

describe('config migrate --undo', () => {
  it('takes the last move back, and the one before it the next time', async ({ stage }) => {
    const { vastai, keep, sandbox } = stage;
    await keep('file', sandbox.key);
    await vastai(TO_KEYCHAIN);
    await vastai(TO_FILE);
    const undo = [...MIGRATE, '--undo', '--json'];
    expect((await vastai([...undo, '--dry-run'])).json()).toMatchObject({
      applied: false,
      changes: [{ action: 'move', to: KEYCHAIN }],
    });
    expect((await stage.record())?.storage).toBe('file');
    expect((await vastai(undo)).json()).toMatchObject({ applied: true, changes: [{ to: KEYCHAIN }] });
    expect((await stage.record())?.storage).toBe('keychain');
    expect((await vastai(undo)).json()).toMatchObject({ applied: true, changes: [{ from: KEYCHAIN }] });
    expect((await stage.record())?.storage).toBe('file');
    expect((await vastai(undo)).json()).toEqual({ applied: false, changes: [] });
    expect(await stage.token()).toBe(sandbox.key);
    expect(await receiptsOf(stage)).toEqual([]);
  });

  it('takes the key along that is there now, not the one that was moved', async ({ stage }) => {
    const { vastai, keep, sandbox, home, keychain, addKey } = stage;
    await keep('file', sandbox.key);
    await vastai(TO_KEYCHAIN);
    const { value } = await addKey({ name: 'newer' });
    await keep('keychain', value);
    expect((await vastai([...MIGRATE, '--undo'])).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(value);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await stage.token()).toBe(value);
  });

  it('changes nothing where the key is back already, or gone', async ({ stage }) => {
    const { vastai, keep, sandbox } = stage;
    const undo = [...MIGRATE, '--undo', '--json'];
    const nothing = { applied: false, changes: [] };
    await keep('file', sandbox.key);
    await vastai(TO_KEYCHAIN);
    await keep('file', sandbox.key);
    expect((await vastai(undo)).json()).toEqual(nothing);
    await vastai(TO_KEYCHAIN);
    await vastai(['unset', 'api-key', '--yes']);
    expect((await vastai(undo)).json()).toEqual(nothing);
    expect((await vastai(['auth', 'token'])).status).toBe(3);
  });

  it('fails while the keychain is locked, and works when it is not', async ({ stage }) => {
    const { vastai, keep, sandbox, keychain } = stage;
    await keep('file', sandbox.key);
    await vastai(TO_KEYCHAIN);
    await keychain.lock();
    expect((await vastai([...MIGRATE, '--undo'])).status).toBe(9);
    await keychain.unlock();
    expect((await vastai([...MIGRATE, '--undo'])).status).toBe(0);
    expect(await stage.token()).toBe(sandbox.key);
    expect((await stage.record())?.storage).toBe('file');
  });

  it('undoes a profile by its own receipt', async ({ stage }) => {
    const { vastai, keep, sandbox, home, keychain } = stage;
    await keep('file', sandbox.key);
    await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
    await vastai([...TO_KEYCHAIN, '--profile', 'work']);
    await vastai(TO_KEYCHAIN);
    await vastai([...MIGRATE, '--undo', '--profile', 'work']);
    expect(await keychain.lookup('work')).toBeUndefined();
    expect(await keychain.lookup('default')).toBe(sandbox.key);
  });

  it('goes by a receipt for its owner alone, in which is no key', async ({ stage }) => {
    const { vastai, sandbox, home, saveKey } = stage;
    const from = await saveKey();
    await vastai(TO_KEYCHAIN);
    const receipts = await receiptsOf(stage);
    expect(receipts).toHaveLength(1);
    for (const { path, text } of receipts) {
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(text).not.toContain(sandbox.key);
      expect(JSON.parse(text)).toMatchObject({
        version: 1,
        profile: 'default',
        changes: [{ step: 'between-stores', action: 'move', from, to: KEYCHAIN }],
      });
    }
    for (const folder of ['.local/state/vastai', '.local/state/vastai/migrations'])
      expect((await stat(home.at(folder))).mode & 0o777).toBe(0o700);
  });

  it('finds its receipts by XDG_STATE_HOME', async ({ stage }) => {
    const { vastai, home, saveKey } = stage;
    await saveKey();
    const env = { XDG_STATE_HOME: home.at('state') };
    await vastai(TO_KEYCHAIN, { env });
    expect(await readdir(home.at('state/vastai/migrations'))).toHaveLength(1);
    expect((await vastai([...MIGRATE, '--undo'])).stdout).toBe('Nothing to undo.\n');
    await vastai([...MIGRATE, '--undo'], { env });
    expect((await stage.record())?.storage).toBe('file');
  });

  it.for([
    '',
    '{',
    'null',
    '{"version":2,"profile":"default","changes":[]}',
    '{"version":1,"profile":"default","changes":[null]}',
  ])('cannot go by a receipt that holds %j, and says so', async (text, { stage }) => {
    const { vastai, keep, home, sandbox } = stage;
    await keep('file', sandbox.key);
    const path = await home.write('.local/state/vastai/migrations/9.json', text);
    const ran = await vastai([...MIGRATE, '--undo', '--json']);
    expect(ran.status).toBe(9);
    expect(ran.json().error.message).toContain(path);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('does not move anything where no receipt can be written', async ({ stage }) => {
    const { vastai, home, sandbox, keychain, saveKey } = stage;
    await saveKey();
    await home.write('.local/state/vastai', 'a file in the place of the folder');
    expect((await vastai(TO_KEYCHAIN)).status).toBe(9);
    expect(await keychain.lookup('default')).toBeUndefined();
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });
});

anyDescribe.concurrent('config migrate, without a keychain', () => {
  plainIt.skipIf(process.platform === 'win32')(
    'closes the folders and the keys of all profiles',
    async ({ stage }) => {
      const { vastai, home, sandbox, saveKey } = stage;
      await vastai(['set', 'api-key', sandbox.key, '--profile', 'work']);
      await saveKey();
      const folders = ['.config/vastai', '.config/vastai/profiles', '.config/vastai/profiles/work'];
      const files = [KEY_FILE, SETTINGS, '.config/vastai/profiles/work/vast_api_key'];
      await Promise.all(files.map((name) => chmod(home.at(name), 0o666)));
      await Promise.all(folders.map((name) => chmod(home.at(name), 0o777)));
      const ran = await vastai([...MIGRATE, '--json']);
      expect(ran.json().changes.length).toBeGreaterThan(0);
      const modeOf = async (name: string) => (await stat(home.at(name))).mode & 0o777;
      for (const name of folders) expect(await modeOf(name)).toBe(0o700);
      for (const name of files) expect(await modeOf(name)).toBe(0o600);
      expect((await vastai([...MIGRATE, '--json'])).json()).toEqual({ applied: false, changes: [] });
    },
  );

  plainIt(
    'writes the version into settings that do not say theirs, and keeps all else',
    async ({ stage }) => {
      const { vastai, home } = stage;
      const settings = {
        current: 'work',
        profiles: { work: { storage: 'file', colour: 'red' } },
        extra: [1],
      };
      await home.write(SETTINGS, JSON.stringify(settings));
      const ran = await vastai([...MIGRATE, '--json']);
      expect(ran.json().changes).toMatchObject([{ step: 'settings-version', action: 'update' }]);
      expect(JSON.parse((await home.read(SETTINGS)) ?? '')).toEqual({ version: 1, ...settings });
      expect((await vastai([...MIGRATE, '--json'])).json().changes).toEqual([]);
    },
  );

  plainIt.for(['config migrate', 'config migrate --dry-run', 'config migrate --undo', 'set api-key -'])(
    'leaves the settings of a newer program alone: %s',
    async (line, { stage }) => {
      const { vastai, home, asked, saveKey } = stage;
      await saveKey();
      const newer = '{"version":2,"profiles":[{"name":"default"}]}';
      await home.write(SETTINGS, newer);
      const ran = await vastai(line.split(' '), { input: 'a-key-0123456789' });
      expect(ran.status).toBe(9);
      expect(ran.stderr).toMatch(/newer vastai.*\n.*Update/);
      expect(await home.read(SETTINGS)).toBe(newer);
      expect(asked()).toEqual([]);
    },
  );

  plainIt('tells of a two-factor session of the Python CLI, and leaves it', async ({ stage }) => {
    const { vastai, home, unknownKey } = stage;
    const session = await unknownKey();
    const from = await home.write('.config/vastai/vast_tfa_key', session);
    for (const more of [[], ['--dry-run']]) {
      const ran = await vastai([...MIGRATE, '--json', ...more]);
      expect(ran.status).toBe(0);
      expect(ran.json()).toMatchObject({
        applied: false,
        changes: [{ step: 'python-leftovers', action: 'report', from }],
      });
    }
    expect(await home.read('.config/vastai/vast_tfa_key')).toBe(session);
  });

  plainIt('does not hand the legacy key to the API of another profile record', async ({ stage }) => {
    const { vastai, home, sandbox } = stage;
    await home.write(LEGACY_FILE, sandbox.key);
    await home.write(SETTINGS, '{"version":1,"profiles":{"default":{"url":"https://elsewhere.example"}}}');
    await vastai(MIGRATE);
    await vastai(['auth', 'token'], { printsKey: true });
    // The legacy key is one for Vast.ai's own API, and may not become one for that of the record.
    const report = await vastai(['auth', 'status', '--offline', '--json'], { env: VAST_AI });
    expect(report.json()).toMatchObject({ url: 'https://elsewhere.example', active: null, state: 'absent' });
  });
});
