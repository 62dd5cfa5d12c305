import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import type { Environment } from '../base/environment.js';
import { StorageError, type VastaiError } from '../base/errors.js';
import { recordProfile } from '../config/settings.js';
import type { Context } from '../credentials/context.js';
import { chooseSessionStore, saveSession } from '../credentials/session.js';
import { acquireKey } from './acquire-key.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
const SESSION = keyOf('session-one-0123456789');
const ADVICE = [{ do: 'save-key' }, { do: 'pass-key' }, { do: 'make-key' }];

const errorOf = async (
  environment: Environment = {},
  change: (context: Context) => Context = (same) => same,
) =>
  acquireKey(change(await home.context(environment))).then(
    () => undefined,
    (error: VastaiError) => error,
  );

describe('a run that finds no key', () => {
  it('says how to get one', async () => {
    expect((await errorOf())?.advice).toEqual(ADVICE);
  });

  it('behind a broker, advises only to use its token', async () => {
    home.put(home.paths.keyFile('default'), KEY.reveal());
    expect(await errorOf({ VASTAI_BROKER: '1' })).toMatchObject({
      code: 'no_key',
      advice: [{ do: 'say', text: 'Use the VAST_API_KEY that vastai exec --broker gave to this program.' }],
    });
  });

  it('without a home folder, says that keys cannot be saved', async () => {
    const before = process.env.HOME;
    home.put(home.at('file'), 'not a folder');
    process.env.HOME = home.at('file');
    try {
      const settingsFile = home.at('file', '.config', 'vastai', 'config.json');
      const error = await errorOf({}, (context) => ({
        ...context,
        paths: { ...context.paths, settingsFile },
      }));
      expect(error?.advice).toEqual([
        {
          do: 'say',
          text: `HOME is not set to the absolute path of a folder (${home.at('file')}), so keys cannot be saved. Set HOME to a folder that you own.`,
        },
        { do: 'pass-key' },
        { do: 'make-key' },
      ]);
    } finally {
      process.env.HOME = before;
    }
  });

  it('says where another key is', async () => {
    home.put(home.paths.keyFile('default'), KEY.reveal());
    const elsewhere = home.at('elsewhere', 'vastai');
    const error = await errorOf(
      { XDG_CONFIG_HOME: home.at('elsewhere'), CONTAINER_ID: '7', CONTAINER_API_KEY: 'some-key' },
      (context) => ({
        ...context,
        paths: { ...context.paths, configFolder: elsewhere },
        sources: [],
        reopen: async () => context,
        stores: {
          ...context.stores,
          file: { ...context.stores.file, read: async () => ({ state: 'absent' }) },
        },
      }),
    );
    expect(error?.advice).toEqual([
      {
        do: 'say',
        text: `${home.paths.keyFile('default')} contains a key, but is not read because XDG_CONFIG_HOME is ${home.at('elsewhere')}.`,
      },
      { do: 'unset', variable: 'XDG_CONFIG_HOME', purpose: 'To use it' },
      { do: 'save-key', from: home.paths.keyFile('default'), purpose: 'To copy it here' },
      ...ADVICE,
      {
        do: 'say',
        text: 'CONTAINER_API_KEY can only start, stop and destroy instance 7. It is not sent unless you pass it.',
      },
      { do: 'say', text: 'To send it: export VAST_API_KEY="$CONTAINER_API_KEY"' },
    ]);
  });

  it('says nothing else if it fails for another reason', async () => {
    home.put(home.paths.keyFile('default'), 'two words');
    expect((await errorOf({ CONTAINER_ID: '7', CONTAINER_API_KEY: 'some-key' }))?.advice).toEqual([
      { do: 'save-key', purpose: 'Save the key again' },
    ]);
    const bug = new TypeError('a bug');
    const [source] = (await home.context()).sources;
    const broken = async () => {
      throw bug;
    };
    expect(
      await errorOf({}, (context) => ({ ...context, sources: source ? [{ ...source, read: broken }] : [] })),
    ).toBe(bug);
  });

  it('reports an unreadable key even if the settings cannot be read either', async () => {
    home.put(home.paths.keyFile('default'), 'two words');
    expect(
      await errorOf({}, (context) => ({
        ...context,
        reopen: async () => {
          throw new StorageError('Broken.', '');
        },
      })),
    ).toMatchObject({ message: expect.stringContaining('does not contain exactly one key') });
  });

  it('does not retry a key that cannot be read', async () => {
    home.put(home.paths.keyFile('default'), 'two words');
    let reads = 0;
    await errorOf({}, (context) => ({
      ...context,
      stores: {
        ...context.stores,
        file: {
          ...context.stores.file,
          read: async () => {
            reads += 1;
            return { state: 'absent' };
          },
        },
      },
    }));
    expect(reads).toBe(0);
  });
});

describe('a run that finds a key', () => {
  it('does not read the settings again for a key from a variable', async () => {
    const context = await home.context({ VAST_API_KEY: KEY.reveal() });
    const reopen = async () => {
      throw new StorageError('Broken.', '');
    };
    expect((await acquireKey({ ...context, reopen })).key.equals(KEY)).toBe(true);
    home.put(home.paths.keyFile('default'), KEY.reveal());
    await expect(acquireKey({ ...(await home.context()), reopen })).rejects.toThrow('Broken.');
  });

  it('also says what is wrong with its session', async () => {
    home.put(home.paths.keyFile('default'), KEY.reveal());
    const context = await home.context();
    const found = await acquireKey(context);
    await saveSession(context, await chooseSessionStore(context, found), found, SESSION);
    rmSync(home.paths.sessionFile('default'));
    const { notes, warnings, session } = await acquireKey(await home.context());
    expect(notes).toEqual([
      `The two-factor session of profile "default" is no longer in ${home.paths.sessionFile('default')}.`,
    ]);
    expect({ warnings, session }).toEqual({ warnings: [], session: undefined });
  });

  it('does not use its session for a request that needs the key itself', async () => {
    home.put(home.paths.keyFile('default'), KEY.reveal());
    const context = await home.context();
    const found = await acquireKey(context);
    await saveSession(context, await chooseSessionStore(context, found), found, SESSION);
    expect((await acquireKey(await home.context(), { withSession: false })).session).toBeUndefined();
    expect((await acquireKey(await home.context(), {})).session?.key.equals(SESSION)).toBe(true);
  });

  it('throws a bug in moving it, instead of warning about it', async () => {
    home.put(home.paths.legacyFile, KEY.reveal());
    const context = await home.context();
    const broken = { ...context.paths, lockFile: 7 as unknown as string };
    await expect(acquireKey({ ...context, paths: broken })).rejects.toThrow(TypeError);
  });
});

describe('the key of a program', () => {
  const record = (...command: string[]) =>
    recordProfile(home.paths, 'default', { storage: 'command', command });
  it('is not waited for after an interruption', async () => {
    await record('sleep', '60');
    const controller = new AbortController();
    setTimeout(() => controller.abort('stopped'), 50);
    const context = await home.context({}, { signal: controller.signal });
    await expect(acquireKey(context)).rejects.toBe('stopped');
  });

  it('may take as long as VASTAI_KEYCHAIN_TIMEOUT says', async () => {
    await record('sleep', '60');
    await expect(acquireKey(await home.context({ VASTAI_KEYCHAIN_TIMEOUT: '0.1' }))).rejects.toMatchObject({
      message: 'The key command "sleep" did not finish within 0.1 s.',
    });
  });
});
