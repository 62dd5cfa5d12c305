import { mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import {
  type SecretService,
  secretServiceInstalled,
  startSecretService,
} from '@vastai-cli/testing/secret-service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import type { Environment } from '../base/environment.js';
import type { VastaiError } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import { acquireKey } from '../context/acquire-key.js';
import type { ContextRequest } from '../context/open.js';
import { migrate, planMigration } from '../operations/migrate/migrate.js';
import { undoMigration } from '../operations/migrate/undo.js';
import type { Context } from './context.js';
import { saveKey } from './save.js';
import { chooseSessionStore, removeSession, saveSession } from './session.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
const SESSION = keyOf('session-one-0123456789');
const LATER = keyOf('session-two-9876543210');

const written = () => JSON.parse(readFileSync(home.paths.settingsFile, 'utf8'));
const codeOf = (error: VastaiError) => error.code;

/** Logs in with the key of a context: saves a session as `tfa login` does. */
async function logIn(context: Context, session = SESSION, more: { ends?: number } = {}) {
  const found = await acquireKey(context, { withSession: false });
  return saveSession(context, await chooseSessionStore(context, found), found, session, more);
}

/** Returns what a run would send. */
async function sent(environment: Environment = {}, more: Partial<ContextRequest> = {}) {
  const { key, session, notes, warnings } = await acquireKey(await home.context(environment, more));
  return [(session?.key ?? key).reveal(), ...notes, ...warnings.map(({ message }) => message)];
}

describe('the session of a key in a file', () => {
  beforeEach(() => home.put(home.paths.keyFile('default'), KEY.reveal()));

  it('is kept in a private file, and noted without its value', async () => {
    const saved = await logIn(await home.context(), SESSION, { ends: 1_800_000_000 });
    const file = home.paths.sessionFile('default');
    expect(saved).toEqual({ storage: 'file', location: file });
    expect(readFileSync(file, 'utf8')).toBe(SESSION.reveal());
    if (process.platform !== 'win32') {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    }
    expect(written().profiles.default).toEqual({
      tfa_session: {
        storage: 'file',
        key_hash: expect.stringMatching(/^hmac-sha256:/u),
        url: DEFAULT_URL,
        ends: 1_800_000_000,
      },
    });
    expect(readFileSync(home.paths.settingsFile, 'utf8')).not.toContain('0123456789');
    expect(await sent()).toEqual([SESSION.reveal()]);
  });

  it('takes the place of an older one', async () => {
    await logIn(await home.context());
    await logIn(await home.context(), LATER);
    expect(await sent()).toEqual([LATER.reveal()]);
    expect(Object.keys(await home.files())).toEqual([
      '.config/vastai/config.json',
      '.config/vastai/profiles/default/tfa_session',
      '.config/vastai/vast_api_key',
    ]);
  });

  it('is sent to its API and to this machine, but to no other', async () => {
    await logIn(await home.context());
    expect(await sent({ VAST_URL: 'http://127.0.0.1:1' })).toEqual([SESSION.reveal()]);
    await logIn(await home.context({ VAST_URL: 'http://127.0.0.1:1' }), LATER);
    expect(await sent({ VAST_URL: 'http://127.0.0.1:2' })).toEqual([LATER.reveal()]);
    // The key belongs there, but the session does not; nothing is removed.
    expect(await sent()).toEqual([KEY.reveal()]);
    expect(await sent({ VAST_URL: 'http://127.0.0.1:1' })).toEqual([LATER.reveal()]);
  });

  it('is refused for a key from a flag or a variable', async () => {
    for (const [source, more] of [
      ['--api-key', { apiKey: KEY.reveal() }],
      ['VAST_API_KEY', {}],
    ] as const) {
      const context = await home.context({ VAST_API_KEY: KEY.reveal() }, more);
      await expect(logIn(context)).rejects.toMatchObject({
        code: 'usage',
        message: `A two-factor session belongs to a saved key. The key of this run (${source} ${KEY}) is not saved.`,
        advice: [
          { do: 'save-key', purpose: 'Save it' },
          { do: 'tfa-login', purpose: 'Then log in' },
        ],
      });
    }
    expect(Object.keys(await home.files())).toEqual(['.config/vastai/vast_api_key']);
  });

  it('is not saved if the profile got another key in the meantime', async () => {
    await saveKey(await home.context(), (await home.context()).stores.file, KEY);
    const context = await home.context();
    const found = await acquireKey(context, { withSession: false });
    const store = await chooseSessionStore(context, found);
    await saveKey(await home.context(), context.stores.file, keyOf('another-key-0123456789'));
    const before = await home.files();
    await expect(saveSession(context, store, found, SESSION)).rejects.toMatchObject({
      code: 'storage',
      message: 'Profile "default" now has another key, so the session was not saved.',
      advice: [{ do: 'tfa-login', purpose: 'Log in with it' }],
    });
    expect(await home.files()).toEqual(before);
  });

  it('is not removed for another one that was saved since', async () => {
    await logIn(await home.context());
    const old = (await home.context()).record?.tfa_session;
    await saveKey(await home.context(), (await home.context()).stores.file, keyOf('another-key-0123456789'));
    await logIn(await home.context(), LATER);
    expect(await removeSession(await home.context(), old)).toBeUndefined();
    expect(await sent()).toEqual([LATER.reveal()]);
    expect(await removeSession(await home.context())).toMatchObject({ storage: 'file' });
    expect(await removeSession(await home.context())).toBeUndefined();
    expect(Object.keys(await home.files())).toEqual([
      '.config/vastai/config.json',
      '.config/vastai/vast_api_key',
    ]);
  });

  it.runIf(process.platform !== 'win32')('is never written through a link', async () => {
    const file = home.paths.sessionFile('default');
    mkdirSync(dirname(file), { recursive: true });
    home.put(home.at('target'), 'mine');
    symlinkSync(home.at('target'), file);
    expect(await logIn(await home.context()).catch(codeOf)).toBe('storage');
    expect(readFileSync(home.at('target'), 'utf8')).toBe('mine');
    expect(await sent()).toEqual([KEY.reveal()]);
  });

  it('is not half saved', async () => {
    await logIn(await home.context());
    const context = await home.context();
    const found = await acquireKey(context, { withSession: false });
    const store = await chooseSessionStore(context, found);
    const broken = { ...store, read: async () => ({ state: 'absent' }) as const };
    expect(await saveSession(context, broken, found, LATER).catch(codeOf)).toBe('storage');
    expect(await sent()).toEqual([SESSION.reveal()]);
    // Neither is the first one.
    await removeSession(await home.context());
    const empty = await home.files();
    expect(await saveSession(await home.context(), broken, found, LATER).catch(codeOf)).toBe('storage');
    expect(await home.files()).toEqual(empty);
  });
});

describe('the session of a key that a program prints', () => {
  const script = `process.stdout.write(${JSON.stringify(KEY.reveal())})`;
  beforeEach(() =>
    home.put(
      home.paths.settingsFile,
      JSON.stringify({
        version: 1,
        profiles: { default: { storage: 'command', command: [process.execPath, '-e', script] } },
      }),
    ),
  );

  it('is kept in a file if no keychain should be used', async () => {
    expect(await logIn(await home.context())).toMatchObject({ storage: 'file' });
    expect(await sent()).toEqual([SESSION.reveal()]);
  });
});

describe.runIf(secretServiceInstalled())('the session of a key in a keychain', () => {
  let service: SecretService;
  beforeEach(async () => {
    service = await startSecretService();
    await service.store('default', KEY.reveal());
    home.put(
      home.paths.settingsFile,
      JSON.stringify({ version: 1, profiles: { default: { storage: 'keychain' } } }),
    );
  });
  afterEach(() => service.stop());

  const environment = () => ({ VASTAI_STORAGE: 'auto', VASTAI_KEYCHAIN_TIMEOUT: '30', ...service.env });
  const open = (notify?: (text: string) => void) =>
    home.context(environment(), { cliRoot, ...(notify === undefined ? {} : { notify }) });

  it('is kept there under an account of its own, and nowhere else', async () => {
    expect(await logIn(await open())).toEqual({
      storage: 'keychain',
      location: 'keychain (vastai, default/session)',
    });
    expect(await service.lookup('default/session')).toBe(SESSION.reveal());
    expect(await service.lookup('default')).toBe(KEY.reveal());
    expect(Object.keys(await home.files())).toEqual(['.config/vastai/config.json']);
    expect(await sent(environment(), { cliRoot })).toEqual([SESSION.reveal()]);
    await removeSession(await open());
    expect(await service.lookup('default/session')).toBeUndefined();
    expect(await sent(environment(), { cliRoot })).toEqual([KEY.reveal()]);
  });

  it('is not asked for without a note', async () => {
    await service.store('default/session', 'two words');
    expect(await sent(environment(), { cliRoot })).toEqual([KEY.reveal()]);
  });

  it('stops the command if it cannot be read, and names no way to save a key', async () => {
    await logIn(await open());
    await service.store('default/session', 'two words');
    const error = await acquireKey(await open()).catch((thrown: VastaiError) => thrown);
    expect(error).toMatchObject({
      code: 'storage',
      message: expect.stringContaining('The two-factor session of …abcd cannot be read'),
      advice: [{ do: 'tfa-login' }],
    });
    // A login replaces it.
    await logIn(await open(), LATER);
    expect(await sent(environment(), { cliRoot })).toEqual([LATER.reveal()]);
  });

  it('of a key that a program prints is kept there too, and stops the command while that is locked', async () => {
    const script = `process.stdout.write(${JSON.stringify(KEY.reveal())})`;
    const record = { storage: 'command', command: [process.execPath, '-e', script] };
    home.put(home.paths.settingsFile, JSON.stringify({ version: 1, profiles: { default: record } }));
    expect(await logIn(await open())).toMatchObject({ storage: 'keychain' });
    expect(await sent(environment(), { cliRoot })).toEqual([SESSION.reveal()]);
    await service.lock();
    const error = await acquireKey(await open()).catch((thrown: VastaiError) => thrown);
    expect(error).toMatchObject({
      code: 'storage',
      advice: [{ do: 'unlock-keychain' }, { do: 'tfa-login' }],
    });
    // Where it is not asked for, the key is there.
    const alone = await acquireKey(await open(), { withSession: false });
    expect(alone.key.equals(KEY)).toBe(true);
    const { DBUS_SESSION_BUS_ADDRESS: _, ...bare } = environment();
    const afar = await acquireKey(await home.context(bare, { cliRoot })).catch(
      (thrown: VastaiError) => thrown,
    );
    expect(afar).toMatchObject({
      message: expect.stringContaining('The two-factor session of profile "default" is in the keychain'),
    });
  });

  it('stays noted if it cannot be removed, and the error does not advise saving a key', async () => {
    await logIn(await open());
    await service.lock();
    const error = await removeSession(await open()).catch((thrown: VastaiError) => thrown);
    expect(error).toMatchObject({
      code: 'storage',
      message: expect.stringContaining('The two-factor session is still in keychain'),
      advice: [{ do: 'unlock-keychain' }],
    });
    expect(written().profiles.default).toHaveProperty('tfa_session');
  });

  it('goes with the key when that is replaced', async () => {
    await logIn(await open());
    const told: string[] = [];
    await saveKey(
      await open((text) => told.push(text)),
      (await open()).stores.keychain,
      keyOf('another-key-0123456789'),
    );
    expect(await service.lookup('default/session')).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('was removed, because it belongs to the old key')]);
  });

  it.each(['unwanted', 'wanted'] as const)('moves with the key, and back, if a copy is %s', async (copy) => {
    await logIn(await open(), SESSION, { ends: 1_800_000_000 });
    expect((await planMigration(await open(), { to: 'file' }))[0]?.note).toContain('two-factor session');
    await migrate(await open(), { to: 'file' });
    expect(await service.lookup('default/session')).toBeUndefined();
    expect(readFileSync(home.paths.sessionFile('default'), 'utf8')).toBe(SESSION.reveal());
    expect(await sent(environment(), { cliRoot })).toEqual([SESSION.reveal()]);
    if (copy === 'wanted') await migrate(await open(), { to: 'keychain', keepFile: true });
    else await undoMigration(await open(), false);
    expect(await service.lookup('default/session')).toBe(SESSION.reveal());
    expect(Object.keys(await home.files())).not.toContain('.config/vastai/profiles/default/tfa_session');
    expect(written().profiles.default.tfa_session).toMatchObject({
      storage: 'keychain',
      ends: 1_800_000_000,
    });
    expect(await sent(environment(), { cliRoot })).toEqual([SESSION.reveal()]);
  });
});
