import { rmSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf, revealed } from '../../test/support/keys.js';
import { withKeychainInFolder } from '../../test/support/store-in-folder.js';
import { StorageError, UsageError } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import { type ProfileRecord, readSettings, recordOf, recordProfile } from '../config/settings.js';
import { acquireKey } from '../context/acquire-key.js';
import type { ContextRequest } from '../context/open.js';
import { migrate } from '../operations/migrate/migrate.js';
import type { KeyStore } from '../secrets/store.js';
import { chooseStore } from './choose-store.js';
import { removeKeys } from './remove.js';
import { saveKey } from './save.js';
import { chooseSessionStore, removeSession, saveSession } from './session.js';

const home = useHome();
const OLD = keyOf('old-key-0123456789abcd');
const NEW = keyOf('new-key-9876543210wxyz');
const SESSION = keyOf('session-one-0123456789');
const LATER = keyOf('session-two-9876543210');
const OTHER_URL = 'https://staging.example';
const KEYCHAIN = 'keychain (vastai, default)';
const IN_KEYCHAIN = '.config/vastai/keychain/default';

const broken =
  (message = 'It hangs.') =>
  async () => {
    throw new StorageError(message, [{ do: 'unlock-keychain' }, { do: 'save-key', storage: 'file' }]);
  };

let told: string[] = [];
beforeEach(() => {
  told = [];
});

async function open(change?: Parameters<typeof withKeychainInFolder>[1], more: Partial<ContextRequest> = {}) {
  const notify = (text: string) => void told.push(text);
  return withKeychainInFolder(await home.context({ VASTAI_STORAGE: 'auto' }, { notify, ...more }), change);
}

/** Saves a key in a store, and returns where it is and what happened to the others. */
async function save(kind: KeyStore['kind'], key = NEW, more: Partial<ContextRequest> = {}) {
  const context = await open(undefined, more);
  return saveKey(context, context.stores[kind], key);
}

const record = async () => recordOf(await readSettings(home.paths), 'default');
const recorded = (what: ProfileRecord) => recordProfile(home.paths, 'default', what);
const keyFile = () => home.paths.keyFile('default');
const sessionFile = () => home.paths.sessionFile('default');

describe('saving a key in the keychain', () => {
  it('removes the copy in the file, says which key that was, and notes the end of the new one', async () => {
    home.put(keyFile(), OLD.reveal());
    home.put(home.paths.legacyFile, NEW.reveal());
    expect(await save('keychain')).toEqual({
      storage: 'keychain',
      location: KEYCHAIN,
      removed: [keyFile(), home.paths.legacyFile],
      replaced: [{ location: keyFile(), suffix: 'abcd' }],
      left: [],
    });
    expect(await record()).toEqual({
      storage: 'keychain',
      url: DEFAULT_URL,
      suffix: 'wxyz',
      key_hash: expect.any(String),
    });
    expect(Object.keys(await home.files())).toEqual(['.config/vastai/config.json', IN_KEYCHAIN]);
  });

  it('says which key it replaced there', async () => {
    await save('keychain', OLD);
    expect((await save('keychain')).replaced).toEqual([{ location: KEYCHAIN, suffix: 'abcd' }]);
    expect((await save('keychain')).replaced).toEqual([]);
  });

  it('notes no end of a key that is too short to have one', async () => {
    await save('keychain', keyOf('short'));
    expect(await record()).toEqual({ storage: 'keychain', url: DEFAULT_URL, key_hash: expect.any(String) });
  });

  it('keeps the account of a key that is made from another one, and no other', async () => {
    const context = await open();
    await saveKey(context, context.stores.keychain, OLD, { account: 'ada@example.com', id: 7 });
    expect(await record()).toMatchObject({ account: 'ada@example.com', key_id: 7 });
    await saveKey(context, context.stores.keychain, NEW, { replaces: OLD });
    expect(await record()).toEqual({
      storage: 'keychain',
      url: DEFAULT_URL,
      account: 'ada@example.com',
      suffix: 'wxyz',
      key_hash: expect.any(String),
    });
    await saveKey(context, context.stores.keychain, OLD);
    expect(await record()).not.toHaveProperty('account');
  });

  it('removes the one in the keychain when the key goes back to the file', async () => {
    await save('keychain', OLD);
    expect(await save('file')).toEqual({
      storage: 'file',
      location: keyFile(),
      removed: [KEYCHAIN],
      replaced: [{ location: KEYCHAIN, suffix: 'abcd' }],
      left: [],
    });
    expect(await record()).toEqual({ storage: 'file', url: DEFAULT_URL, key_hash: expect.any(String) });
  });

  it('does not ask a keychain that is not on record when the key is in the file', async () => {
    const context = await open((store) => ({ ...store, read: broken(), remove: broken() }));
    expect(await saveKey(context, context.stores.file, NEW)).toMatchObject({ removed: [], left: [] });
    await recorded({ storage: 'keychain' });
    expect(await saveKey(context, context.stores.file, OLD)).toMatchObject({
      removed: [],
      left: ['It hangs.'],
    });
  });

  it('asks the first time of an API for nothing to be pending: a key without a record is still found', async () => {
    const states: unknown[] = [];
    const context = await open(
      ({ write }) => ({
        async write(name, key) {
          states.push(await record());
          await write(name, key);
        },
      }),
      { url: OTHER_URL },
    );
    await saveKey(context, context.stores.keychain, NEW);
    expect(states).toEqual([{ url: OTHER_URL, suffix: 'wxyz', key_hash: expect.any(String) }]);
    // From now on the place is known, and stays so.
    rmSync(home.at(IN_KEYCHAIN));
    const back = await open(
      ({ write }) => ({
        async write(name, key) {
          states.push(await record());
          await write(name, key);
        },
      }),
      { url: DEFAULT_URL },
    );
    await saveKey(back, back.stores.keychain, OLD);
    expect(states[1]).toMatchObject({ storage: 'keychain', url: DEFAULT_URL });
    expect(states[1]).not.toHaveProperty('pending');
  });

  it('marks a key that may be of either API while it is written', async () => {
    await save('keychain', OLD);
    const states: unknown[] = [];
    const context = await open(
      ({ write }) => ({
        async write(name, key) {
          states.push(await record());
          await write(name, key);
        },
      }),
      { url: OTHER_URL },
    );
    await saveKey(context, context.stores.keychain, NEW);
    expect(states).toEqual([
      { storage: 'keychain', url: OTHER_URL, suffix: 'wxyz', key_hash: expect.any(String), pending: true },
    ]);
    expect(await record()).not.toHaveProperty('pending');
  });
});

describe('a save in the keychain that fails', () => {
  it('changes nothing if what is there cannot be kept', async () => {
    await save('file', OLD);
    const before = await home.files();
    const context = await open(() => ({ keep: broken() }));
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toThrow('It hangs.');
    expect(await home.files()).toEqual(before);
  });

  it('says so if the old key does not come back', async () => {
    await save('keychain', OLD);
    const context = await open(({ keep, write }) => ({
      keep: async (name) => ({ ...(await keep(name)), putBack: broken('Nor does it go back.') }),
      async write(name, key) {
        await write(name, key);
        throw new StorageError('It hangs.', [{ do: 'unlock-keychain' }]);
      },
    }));
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(
        /^It hangs\. The new key \(…wxyz\) may be in keychain \(vastai, default\) instead of the old one \(…abcd\)\. The old file is kept as .*\.$/,
      ),
      advice: [
        { do: 'unlock-keychain' },
        { do: 'save-key', url: DEFAULT_URL, purpose: 'Save the key again' },
      ],
    });
    // The settings did not change, so the record is right for either key.
    expect(await record()).toMatchObject({ storage: 'keychain', url: DEFAULT_URL });
  });

  it('says which API the profile has if there was no key before', async () => {
    await recorded({ storage: 'keychain' });
    const context = await open(
      ({ keep }) => ({
        keep: async (name) => ({ ...(await keep(name)), putBack: broken('Nor does it go back.') }),
        write: broken(),
      }),
      { url: OTHER_URL },
    );
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toMatchObject({
      message: `It hangs. The new key (…wxyz) may be in ${KEYCHAIN}. Profile "default" is now set to ${OTHER_URL}.`,
    });
  });

  it('puts nothing back if the store says that it was not touched', async () => {
    await save('keychain', OLD);
    const before = await home.files();
    const context = await open(
      ({ keep }) => ({
        keep: async (name) => ({ ...(await keep(name)), putBack: broken('Not needed.') }),
        write: async () => {
          throw Object.assign(new StorageError('It is locked.', ''), { untouched: true });
        },
      }),
      { url: OTHER_URL },
    );
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toMatchObject({
      message: 'It is locked.',
    });
    expect(await home.files()).toEqual(before);
  });

  it('and with a bug, says nothing else than that', async () => {
    await save('keychain', OLD);
    const before = await home.files();
    const context = await open(() => ({
      write: async () => {
        throw new TypeError('a bug');
      },
    }));
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toThrow(TypeError);
    expect(await home.files()).toEqual(before);
  });

  it('takes what cannot be read for itself, and not for another fault', async () => {
    await save('keychain', OLD);
    home.put(home.at(IN_KEYCHAIN), 'two words');
    const before = await home.files();
    const context = await open(({ read }) => {
      let isFirst = true;
      return {
        async read(name) {
          const lookup = await read(name);
          const isNew = isFirst && lookup.state === 'present';
          isFirst = !isNew;
          return isNew ? { state: 'absent' } : lookup;
        },
      };
    });
    await expect(saveKey(context, context.stores.keychain, NEW)).rejects.toMatchObject({
      message: `${KEYCHAIN} does not return the key that was just written to it.`,
    });
    expect(await home.files()).toEqual(before);
  });

  it('leaves a sentence about what was kept and could not be removed after a save that worked', async () => {
    await save('keychain', OLD);
    const context = await open(({ keep }) => ({
      keep: async (name) => ({ ...(await keep(name)), letGo: broken('It stays.') }),
    }));
    expect(await saveKey(context, context.stores.keychain, NEW)).toMatchObject({ left: ['It stays.'] });
  });
});

describe('the store of a new key', () => {
  it('is the keychain, or the file with the reason, and a bug is not one', async () => {
    expect(await chooseStore(await open())).toEqual({ store: expect.objectContaining({ kind: 'keychain' }) });
    expect(await chooseStore(await open(() => ({ probe: broken() })))).toEqual({
      store: expect.objectContaining({ kind: 'file' }),
      fellBackBecause: 'It hangs.',
    });
    for (const error of [new TypeError('a bug'), new UsageError('wrong')])
      await expect(
        chooseStore(
          await open(() => ({
            probe: async () => {
              throw error;
            },
          })),
        ),
      ).rejects.toBe(error);
  });

  it('is not chosen for a profile with a program', async () => {
    await recorded({ storage: 'command', command: ['op'] });
    await expect(chooseStore(await open())).rejects.toMatchObject({
      code: 'usage',
      message: 'Profile "default" takes its key from a command, so vastai cannot change it.',
      hint: 'Change the key where the command reads it, or use another profile.',
    });
  });
});

describe('removing keys from two stores', () => {
  it('removes the one in use last', async () => {
    home.put(keyFile(), OLD.reveal());
    home.put(home.at(IN_KEYCHAIN), NEW.reveal());
    home.put(home.paths.legacyFile, OLD.reveal());
    await recorded({ storage: 'keychain', url: OTHER_URL });
    expect(await removeKeys(await open())).toEqual([
      { storage: 'keychain', location: KEYCHAIN },
      { storage: 'file', location: keyFile() },
      { storage: 'legacy', location: home.paths.legacyFile },
    ]);
    expect(await record()).toEqual({ url: OTHER_URL });
  });

  it('says what is gone when the last one stays, and keeps its record', async () => {
    home.put(keyFile(), OLD.reveal());
    home.put(home.at(IN_KEYCHAIN), NEW.reveal());
    await recorded({ storage: 'keychain' });
    await expect(
      removeKeys(await open((_, what) => (what === 'keys' ? { remove: broken() } : {}))),
    ).rejects.toMatchObject({
      code: 'storage',
      message: `The key is still in ${KEYCHAIN}. It hangs. Removed: ${keyFile()}.`,
      data: { removed: [{ storage: 'file', location: keyFile() }] },
    });
    expect(await record()).toEqual({ storage: 'keychain' });
  });

  it('says that nothing is gone when the first one stays', async () => {
    home.put(home.at(IN_KEYCHAIN), NEW.reveal());
    await recorded({ storage: 'keychain' });
    await expect(
      removeKeys(await open((_, what) => (what === 'keys' ? { remove: broken() } : {}))),
    ).rejects.toMatchObject({
      message: `The key is still in ${KEYCHAIN}. It hangs.`,
      data: { removed: [] },
    });
    await expect(
      removeKeys(
        await open((_, what) =>
          what === 'sessions'
            ? {}
            : {
                remove: async () => {
                  throw new TypeError('a bug');
                },
              },
        ),
      ),
    ).rejects.toThrow(TypeError);
  });
});

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

  it('moves with the key, and this is said', async () => {
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

  it('stays where it is if it cannot be read, and this is said', async () => {
    await logIn();
    home.put(home.at(`${IN_KEYCHAIN}.session`), 'two words');
    await migrate(await open(), { to: 'file' });
    expect(told).toEqual([
      expect.stringMatching(
        /^The two-factor session stays in keychain \(vastai, default\/session\)\. .* does not hold one key/,
      ),
    ]);
    expect((await record())?.tfa_session).toMatchObject({ storage: 'keychain' });
  });

  it('is forgotten where it is gone when the key moves', async () => {
    await logIn();
    rmSync(home.at(`${IN_KEYCHAIN}.session`));
    await migrate(await open(), { to: 'file' });
    expect(told).toEqual([]);
    expect((await record())?.tfa_session).toMatchObject({ storage: 'keychain' });
  });

  it('goes to the file with a program’s key if no keychain works, unless the keychain was asked for', async () => {
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

  it('needs a store that works, and the advice is not about keys', async () => {
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

  it('must come back as it was written, or the older one is put back', async () => {
    await logIn();
    await expect(
      logIn(({ write }) => ({ write: async (name) => write(name, NEW) }), LATER),
    ).rejects.toMatchObject({
      code: 'storage',
      message: 'keychain (vastai, default/session) does not return the session that was just written to it.',
      advice: [{ do: 'diagnose', purpose: 'Try again, or see what is wrong' }],
    });
    expect(await sent()).toBe(SESSION.reveal());
  });

  it('says that an older one elsewhere could not be removed', async () => {
    await logIn();
    // The key is in the file by now, without the session having moved.
    const { tfa_session } = (await record()) ?? {};
    home.put(keyFile(), OLD.reveal());
    await recorded({ storage: 'file', ...(tfa_session === undefined ? {} : { tfa_session }) });
    expect(await logIn(() => ({ remove: broken() }), LATER)).toEqual({
      storage: 'file',
      location: sessionFile(),
    });
    expect(told).toEqual(['An older two-factor session could not be removed. It hangs.']);
    expect(await sent()).toBe(LATER.reveal());
  });

  it('is removed where the key is, also without a note', async () => {
    home.put(home.at(`${IN_KEYCHAIN}.session`), SESSION.reveal());
    home.put(sessionFile(), LATER.reveal());
    expect(await removeSession(await open())).toEqual({
      storage: 'keychain',
      location: 'keychain (vastai, default/session)',
    });
    expect(Object.keys(await home.files())).toEqual(['.config/vastai/config.json', IN_KEYCHAIN]);
    expect(await removeSession(await open())).toBeUndefined();
  });

  it('is still noted if it could not be removed', async () => {
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

  it('is removed with the key, first, and this is said', async () => {
    await logIn();
    expect(await removeKeys(await open())).toEqual([{ storage: 'keychain', location: KEYCHAIN }]);
    expect(told).toEqual(['Removed the two-factor session from keychain (vastai, default/session)']);
    expect(Object.keys(await home.files())).toEqual(['.config/vastai/config.json']);
    expect(revealed(await (await open()).stores.keychain.read('default'))).toBe('absent');
  });
});
