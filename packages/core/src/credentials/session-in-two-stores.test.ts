import { rmSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf, revealed } from '../../test/support/keys.js';
import { broken, IN_KEYCHAIN, KEYCHAIN, useTwoStores } from '../../test/support/two-stores.js';
import { UsageError } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import { acquireKey } from '../context/acquire-key.js';
import { migrate } from '../operations/migrate/migrate.js';
import type { KeyStore } from '../secrets/store.js';
import { removeKeys } from './remove.js';
import { chooseSessionStore, removeSession, saveSession } from './session.js';

const home = useHome();
const stores = useTwoStores(home);
const { told, open, record, recorded, file } = stores;
const OLD = keyOf('old-key-0123456789abcd');
const NEW = keyOf('new-key-9876543210wxyz');
const SESSION = keyOf('session-one-0123456789');
const LATER = keyOf('session-two-9876543210');
const sessionFile = () => home.paths.sessionFile('default');
const save = (kind: KeyStore['kind'], key = NEW) => stores.save(kind, key);

describe('a session of a key in the keychain', () => {
  beforeEach(async () => {
    await save('keychain', OLD);
  });

  async function logIn(change?: Parameters<typeof open>[0], session = SESSION) {
    const context = await open(change);
    const found = await acquireKey(context, { withSession: false });
    return saveSession(context, await chooseSessionStore(context, found), found, session);
  }

  const sent = async () => (await acquireKey(await open())).session?.key.reveal();

  it('moves with the key, and a note says so', async () => {
    await logIn();
    await migrate(await open(), { to: 'file' });
    expect(told).toEqual([`The two-factor session moved to ${sessionFile()}.`]);
    expect(await sent()).toBe(SESSION.reveal());
    expect(Object.keys(await home.files())).not.toContain(`${IN_KEYCHAIN}.session`);
    await migrate(await open(), { to: 'keychain' });
    expect(told.slice(1)).toEqual(['The two-factor session moved to keychain (vastai, default/session).']);
    expect(await sent()).toBe(SESSION.reveal());
    expect(Object.keys(await home.files()).filter((name) => name.includes('profiles'))).toEqual([]);
  });

  it('stays where it is if it cannot be read, and a note says so', async () => {
    await logIn();
    home.put(home.at(`${IN_KEYCHAIN}.session`), 'two words');
    await migrate(await open(), { to: 'file' });
    expect(told).toEqual([
      expect.stringMatching(
        /^The two-factor session stays in keychain \(vastai, default\/session\)\. .* does not contain exactly one key/,
      ),
    ]);
    expect((await record())?.tfa_session).toMatchObject({ storage: 'keychain' });
  });

  it('stays on record if it is gone when the key moves', async () => {
    await logIn();
    rmSync(home.at(`${IN_KEYCHAIN}.session`));
    await migrate(await open(), { to: 'file' });
    expect(told).toEqual([]);
    expect((await record())?.tfa_session).toMatchObject({ storage: 'keychain' });
  });

  it('of a command’s key goes to the file if no keychain works, unless the keychain was asked for', async () => {
    const context = await open(() => ({ probe: broken() }));
    const source = { name: 'command', location: 'op', boundOrigin: new URL(DEFAULT_URL) } as never;
    const found = { key: OLD, source };
    expect((await chooseSessionStore(context, found)).kind).toBe('file');
    expect((await chooseSessionStore(await open(), found)).kind).toBe('keychain');
    const asked = { ...context, environment: { VASTAI_STORAGE: 'keychain' } };
    await expect(chooseSessionStore(asked, found)).rejects.toMatchObject({ message: 'It hangs.' });
    const file = { ...context, environment: { VASTAI_STORAGE: 'file' } };
    expect((await chooseSessionStore(file, found)).kind).toBe('file');
    const bug = await open(() => ({
      probe: async () => {
        throw new TypeError('a bug');
      },
    }));
    await expect(chooseSessionStore(bug, found)).rejects.toThrow(TypeError);
    const wrong = await open(() => ({
      probe: async () => {
        throw new UsageError('wrong');
      },
    }));
    await expect(chooseSessionStore(wrong, found)).rejects.toMatchObject({ code: 'usage' });
  });

  it('needs a working store, and the advice is not about saving keys', async () => {
    await expect(logIn(() => ({ probe: broken() }))).rejects.toMatchObject({
      code: 'storage',
      message: 'It hangs.',
      advice: [{ do: 'unlock-keychain' }],
    });
    await expect(logIn(() => ({ keep: broken(), write: broken() }))).rejects.toThrow('It hangs.');
    await expect(logIn(() => ({ remove: broken() }))).rejects.toMatchObject({
      advice: [{ do: 'unlock-keychain' }],
    });
  });

  it('is replaced only if the store returns the new one', async () => {
    await logIn();
    await expect(
      logIn(({ write }) => ({ write: async (name) => write(name, NEW) }), LATER),
    ).rejects.toMatchObject({
      code: 'storage',
      message: 'keychain (vastai, default/session) does not return the session that was just written to it.',
      advice: [{ do: 'diagnose', purpose: 'Try again, or look for the cause' }],
    });
    expect(await sent()).toBe(SESSION.reveal());
  });

  it('is saved with a note if an older one elsewhere cannot be removed', async () => {
    await logIn();
    // The key is now in the file, but the session did not move.
    const { tfa_session } = (await record()) ?? {};
    home.put(file(), OLD.reveal());
    await recorded({ storage: 'file', ...(tfa_session === undefined ? {} : { tfa_session }) });
    expect(await logIn(() => ({ remove: broken() }), LATER)).toEqual({
      storage: 'file',
      location: sessionFile(),
    });
    expect(told).toEqual(['An older two-factor session could not be removed. It hangs.']);
    expect(await sent()).toBe(LATER.reveal());
  });

  it('is removed from the store of the key even if it is not on record', async () => {
    home.put(home.at(`${IN_KEYCHAIN}.session`), SESSION.reveal());
    home.put(sessionFile(), LATER.reveal());
    expect(await removeSession(await open())).toEqual({
      storage: 'keychain',
      location: 'keychain (vastai, default/session)',
    });
    expect(Object.keys(await home.files())).toEqual(['.config/vastai/config.json', IN_KEYCHAIN]);
    expect(await removeSession(await open())).toBeUndefined();
  });

  it('stays on record if it cannot be removed', async () => {
    await logIn();
    await expect(removeSession(await open(() => ({ remove: broken() })))).rejects.toMatchObject({
      code: 'storage',
      message: 'The two-factor session is still in keychain (vastai, default/session). It hangs.',
      advice: [{ do: 'unlock-keychain' }],
    });
    expect(await record()).toHaveProperty('tfa_session');
    await expect(
      removeSession(
        await open(() => ({
          remove: async () => {
            throw new TypeError('a bug');
          },
        })),
      ),
    ).rejects.toThrow(TypeError);
  });

  it('is removed before the key, and a note says so', async () => {
    await logIn();
    expect(await removeKeys(await open())).toEqual([{ storage: 'keychain', location: KEYCHAIN }]);
    expect(told).toEqual(['Removed the two-factor session from keychain (vastai, default/session)']);
    expect(Object.keys(await home.files())).toEqual(['.config/vastai/config.json']);
    expect(revealed(await (await open()).stores.keychain.read('default'))).toBe('absent');
  });
});
