import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { withKeychainInFolder } from '../../test/support/store-in-folder.js';
import type { Environment } from '../base/environment.js';
import { pathsOf } from '../config/paths.js';
import { type ProfileRecord, recordProfile } from '../config/settings.js';
import type { ContextRequest } from '../context/open.js';
import { removeKeys } from './remove.js';
import { inspectSources } from './status.js';
import { createdName, keepUnsaved } from './unsaved-key.js';

const home = useHome();
const KEY = 'own-key-0123456789abcd';
const OTHER = 'other-key-0123456789wxyz';
const OTHER_URL = 'https://staging.example';
const DEFAULT_URL = 'https://console.vast.ai';
const KEYCHAIN = 'keychain (vastai, default)';
const file = () => home.paths.keyFile('default');
const entry = () => home.at('.config', 'vastai', 'keychain', 'default');
const legacy = () => home.paths.legacyFile;
const recorded = (record: ProfileRecord) => recordProfile(home.paths, 'default', record);

/** Returns the problems of each source that has any. */
async function problems(environment: Environment = {}, more: Partial<ContextRequest> = {}) {
  const context = withKeychainInFolder(await home.context({ VASTAI_STORAGE: 'auto', ...environment }, more));
  const { sources } = await inspectSources(context);
  return Object.fromEntries(
    sources.filter(({ problems }) => problems.length > 0).map((one) => [one.source, one.problems]),
  );
}

const migrate = (more: object) => ({ do: 'migrate', ...more });
const use = (key: string, from: string) => ({ do: 'save-key', from, purpose: `To use …${key} instead` });

describe('the status of keys', () => {
  it('says what is used instead of a saved key, and how to use the saved one', async () => {
    home.put(file(), KEY);
    expect(await problems({ VAST_API_KEY: OTHER })).toEqual({
      file: [
        {
          code: 'shadowed',
          message: 'VAST_API_KEY is used instead of this saved key.',
          fix: [{ do: 'unset', variable: 'VAST_API_KEY', purpose: 'To use the saved key' }],
        },
      ],
    });
    expect(await problems({}, { apiKey: OTHER })).toMatchObject({
      file: [{ code: 'shadowed', fix: 'Leave out --api-key to use the saved key.' }],
    });
    expect(await problems({ VAST_API_KEY: OTHER }, { apiKey: KEY })).toMatchObject({
      file: [{ message: '--api-key is used instead of this saved key.' }],
    });
  });

  it('says that a key belongs to another API', async () => {
    home.put(file(), KEY);
    expect(await problems({}, { url: OTHER_URL })).toEqual({
      file: [
        {
          code: 'other_origin',
          message: `This key belongs to ${DEFAULT_URL} and is not sent to ${OTHER_URL}.`,
          fix: [
            { do: 'say', text: 'Pass a key for this API with --api-key or VAST_API_KEY.' },
            {
              do: 'save-key',
              profile: 'staging.example',
              url: OTHER_URL,
              purpose: 'Or save one in its own profile',
            },
          ],
        },
      ],
    });
  });

  it('says that the old key file still exists, or contains a different key', async () => {
    const left = {
      code: 'legacy_left',
      message: 'This old key file still exists.',
      fix: [migrate({ purpose: '' })],
    };
    home.put(legacy(), KEY);
    expect(await problems()).toEqual({ legacy: [left] });
    home.put(file(), KEY);
    expect(await problems()).toEqual({ legacy: [left] });
    home.put(file(), OTHER);
    expect(await problems()).toEqual({
      legacy: [
        {
          code: 'legacy_left',
          message: `This old key file is not used: it contains a different key (…abcd) from ${file()} (…wxyz).`,
          fix: [
            { do: 'remove-file', path: legacy(), purpose: 'If older tools no longer need it' },
            use('abcd', legacy()),
          ],
        },
      ],
    });
    // Sent to this machine, both may be, but they are of two APIs.
    await recorded({ storage: 'file', url: OTHER_URL });
    expect((await problems({}, { url: 'http://127.0.0.1:9' })).legacy).toEqual([left]);
  });

  it('says that a copy is in a store other than the recorded one', async () => {
    home.put(file(), KEY);
    home.put(entry(), KEY);
    const unused = (fix: object[]) => ({
      code: 'unused_copy',
      message: 'This copy is not used: config.json names another store. Other tools may read it.',
      fix,
    });
    await recorded({ storage: 'file' });
    expect(await problems()).toEqual({ keychain: [unused([migrate({ to: 'file', purpose: '' })])] });
    await recorded({ storage: 'keychain' });
    expect(await problems()).toEqual({ file: [unused([migrate({ to: 'keychain', purpose: '' })])] });
    await recorded({ storage: 'keychain', kept_file: true });
    expect(await problems()).toEqual({
      file: [
        {
          code: 'kept_copy',
          message: '--keep-file left this copy for other tools. vastai does not use it.',
          fix: [{ do: 'save-key', purpose: 'The next save removes it' }],
        },
      ],
    });
    await recorded({ storage: 'file', kept_file: true });
    expect(await problems()).toEqual({ keychain: [unused([migrate({ to: 'file', purpose: '' })])] });
    // Nobody knows of which API the other one is.
    await recorded({ storage: 'file', url: OTHER_URL });
    expect((await problems({}, { url: DEFAULT_URL })).keychain).toEqual([unused([{ do: 'start-over' }])]);
    await recorded({ storage: 'command', command: ['op'] });
    const remove = { do: 'remove-key', purpose: 'If no other tool needs it, remove it' };
    expect(await problems()).toEqual({ file: [unused([remove])], keychain: [unused([remove])] });
  });

  it('says that a copy in another store is a different key', async () => {
    home.put(file(), KEY);
    home.put(entry(), OTHER);
    const different = (saved: string, other: string, fix: object[]) => ({
      code: 'different_copy',
      message: `${other} from the saved one (${saved}).`,
      fix,
    });
    const purpose = (one: string, other: string) => ({ purpose: `To replace …${one} with …${other}` });
    await recorded({ storage: 'file' });
    expect(await problems()).toEqual({
      keychain: [
        different(`…abcd, ${file()}`, `${KEYCHAIN} has a different key (…wxyz)`, [
          migrate({ to: 'keychain', force: true, ...purpose('wxyz', 'abcd') }),
        ]),
      ],
    });
    await recorded({ storage: 'keychain', kept_file: true });
    expect(await problems()).toEqual({
      file: [
        different(`…wxyz, ${KEYCHAIN}`, `${file()} has a different key (…abcd)`, [
          migrate({ to: 'keychain', keepFile: true, force: true, ...purpose('abcd', 'wxyz') }),
          use('abcd', file()),
        ]),
      ],
    });
    // Without a record, the file goes first.
    await recorded({});
    expect(await problems()).toMatchObject({ keychain: [{ code: 'different_copy' }] });
  });

  it('says where a key is that could be neither saved nor printed', async () => {
    const own = await keepUnsaved(home.paths, 'work', keyOf(KEY));
    const made = await keepUnsaved(home.paths, createdName(42), keyOf(KEY));
    const left = (path: string, fix: object) => ({
      code: 'unsaved_key',
      message: `${path} contains a new key that could not be saved or printed.`,
      fix: [fix],
    });
    const { file: said } = await problems();
    expect(said).toHaveLength(2);
    expect(said).toEqual(
      expect.arrayContaining([
        left(own.path, { do: 'save-key', profile: 'work', from: own.path, consume: true, purpose: '' }),
        left(made.path, {
          do: 'remove-file',
          path: made.path,
          purpose: 'Store the key where you need it, then',
        }),
      ]),
    );
  });

  it('says what the Python CLI left behind, even if it cannot be read', async () => {
    const path = home.paths.twoFactorFile;
    home.put(path, 'session-0123456789');
    expect(await problems()).toEqual({
      file: [
        {
          code: 'two_factor_session',
          message: `${path} is a two-factor session of the Python CLI, which vastai never sends.`,
          fix: [
            { do: 'tfa-login', purpose: 'If the account needs one, log in here' },
            { do: 'remove-file', path, purpose: 'If the Python CLI no longer needs its own' },
          ],
        },
      ],
    });
    home.put(path, Uint8Array.of(0xff));
    expect(await problems()).toMatchObject({ file: [{ code: 'two_factor_session' }] });
    rmSync(path);
    home.put(`${path}/inside`, '');
    expect(await problems()).toMatchObject({ file: [{ code: 'two_factor_session' }] });
    // They are shown with the key file, which a program behind a broker does not have.
    const { sources } = await inspectSources(await home.context({ VASTAI_BROKER: '1' }));
    expect(sources.flatMap((one) => one.problems)).toEqual([]);
  });

  it('says that a key in the usual folder is not read', async () => {
    home.put(file(), KEY);
    const context = await home.context();
    const elsewhere = pathsOf({ XDG_CONFIG_HOME: home.at('elsewhere') }, home.path);
    const { sources } = await inspectSources({
      ...context,
      environment: { XDG_CONFIG_HOME: home.at('elsewhere') },
      paths: elsewhere,
    });
    expect(sources.flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual([
      'other_config_home',
    ]);
  });

  it('does not mention the key of a rented machine once it is passed or saved', async () => {
    const rented = { CONTAINER_ID: '7', CONTAINER_API_KEY: KEY };
    expect(await problems(rented)).toMatchObject({ container: [{ code: 'container_key' }] });
    expect(await problems({ ...rented, VAST_API_KEY: KEY })).toEqual({});
    expect(await problems({ ...rented, VAST_API_KEY: OTHER })).toMatchObject({
      container: [{ code: 'container_key' }],
    });
    home.put(file(), KEY);
    expect(await problems(rented)).toEqual({});
    expect(await problems({ ...rented, CONTAINER_API_KEY: 'two words' })).toMatchObject({
      container: [{ code: 'container_key' }],
    });
  });
});

describe.runIf(process.platform !== 'win32')('removing a key through a link', () => {
  it('removes only the link, and says so', async () => {
    home.put(home.at('target'), KEY);
    mkdirSync(home.paths.configFolder, { recursive: true });
    symlinkSync('../../target', file());
    symlinkSync('target', legacy());
    const told: string[] = [];
    await removeKeys(await home.context({}, { notify: (text) => told.push(text) }));
    expect(told).toEqual([
      `${legacy()} was a symbolic link. Its target was not removed: ${home.at('target')}`,
      `${file()} was a symbolic link. Its target was not removed: ${home.at('target')}`,
    ]);
    expect(await home.files()).toEqual({ target: KEY });
  });
});
