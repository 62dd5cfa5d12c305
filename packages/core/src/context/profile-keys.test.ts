import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { secretServiceInstalled, startSecretService } from '@vastai-cli/testing/secret-service';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import type { Environment } from '../base/environment.js';
import { DEFAULT_URL } from '../base/origin.js';
import { readSettings, recordOf, recordProfile } from '../config/settings.js';
import { saveKey } from '../credentials/save.js';
import { chooseSessionStore, saveSession } from '../credentials/session.js';
import { acquireKey } from './acquire-key.js';
import type { ContextRequest } from './open.js';
import { keysOfProfiles } from './profile-keys.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
const OTHER = keyOf('other-key-0123456789efgh');
const SESSION = keyOf('session-one-0123456789');
const OTHER_URL = 'https://staging.example';

/** Saves a key in the file of a profile. */
async function save(profile: string, key = KEY, id?: number, more: Partial<ContextRequest> = {}) {
  const context = await home.context({}, { profile, ...more });
  await saveKey(context, context.stores.file, key, { id });
}

/** Returns the profiles by noted id, and the keys whose id is unknown: profile, key, source and what is sent. */
async function keys(url = DEFAULT_URL, more: Environment = {}) {
  const environment = { VASTAI_STORAGE: 'file', ...more };
  const before = process.env.HOME;
  process.env.HOME = home.path;
  try {
    const found = await keysOfProfiles(
      { paths: home.paths, url: new URL(url) },
      { environment, cliRoot, interactive: false },
    );
    return {
      noted: Object.fromEntries(found.noted),
      unknown: found.unknown.map(({ profile, key, source, session }) =>
        [profile, key.reveal(), source.name, ...(session === undefined ? [] : [session.key.reveal()])].join(
          ' ',
        ),
      ),
    };
  } finally {
    process.env.HOME = before;
  }
}

describe('the keys of all profiles', () => {
  it('are an empty list in an empty home', async () => {
    expect(await keys()).toEqual({ noted: {}, unknown: [] });
  });

  it('are known by their recorded ID', async () => {
    await save('default', KEY, 42);
    await save('work', OTHER, 43);
    expect(await keys()).toEqual({ noted: { 42: 'default', 43: 'work' }, unknown: [] });
  });

  it('are known only by their value if no ID is recorded, or another tool replaced the key', async () => {
    await save('default', KEY);
    await save('work', KEY, 43);
    home.put(home.paths.keyFile('work'), OTHER.reveal());
    expect(await keys()).toEqual({
      noted: { 43: 'work' },
      unknown: [`default ${KEY.reveal()} file`, `work ${OTHER.reveal()} file`],
    });
  });

  it('include the old key file and unused copies', async () => {
    await save('default', KEY, 42);
    home.put(home.paths.legacyFile, OTHER.reveal());
    expect((await keys()).unknown).toEqual([`default ${OTHER.reveal()} legacy`]);
    const command = [process.execPath, '-p', '"x".repeat(9)'];
    await recordProfile(home.paths, 'default', { storage: 'command', command });
    expect((await keys()).unknown).toEqual([
      'default xxxxxxxxx command',
      `default ${KEY.reveal()} file`,
      `default ${OTHER.reveal()} legacy`,
    ]);
  });

  it('are the keys of a single API', async () => {
    await save('default', KEY);
    await save('work', OTHER, undefined, { url: OTHER_URL });
    expect((await keys()).unknown).toEqual([`default ${KEY.reveal()} file`]);
    expect((await keys(OTHER_URL)).unknown).toEqual([`work ${OTHER.reveal()} file`]);
  });

  it('come with the session that is sent in their place', async () => {
    await save('default');
    const context = await home.context();
    const found = await acquireKey(context);
    await saveSession(context, await chooseSessionStore(context, found), found, SESSION);
    expect((await keys()).unknown).toEqual([`default ${KEY.reveal()} file ${SESSION.reveal()}`]);
  });

  it('must be readable if their ID is not recorded', async () => {
    home.put(home.paths.keyFile('work'), 'two words');
    await expect(keys()).rejects.toMatchObject({
      code: 'storage',
      message: `The key of profile "work" cannot be read. ${home.paths.keyFile('work')} does not contain exactly one key: it contains a space or a line break.`,
      advice: [{ do: 'save-key', purpose: 'Save the key again' }],
    });
  });

  it('need not be readable if they are not in use', async () => {
    await save('default');
    home.put(home.paths.legacyFile, 'two words');
    expect((await keys()).unknown).toEqual([`default ${KEY.reveal()} file`]);
  });

  it('are not read in a program behind a broker', async () => {
    await expect(keys(DEFAULT_URL, { VASTAI_BROKER: '1' })).rejects.toMatchObject({
      code: 'usage',
      message:
        'A program started by vastai exec --broker cannot see which keys are saved here, so nothing was changed.',
    });
  });
});

describe.runIf(secretServiceInstalled())('the keys of all profiles in a keychain', () => {
  it('are found without a record, and not read if their ID is recorded', async () => {
    const service = await startSecretService();
    try {
      const environment = { VASTAI_STORAGE: 'auto', VASTAI_KEYCHAIN_TIMEOUT: '30', ...service.env };
      const context = await home.context(environment, { cliRoot, profile: 'work' });
      await saveKey(context, context.stores.keychain, KEY, { id: 42 });
      await service.store('forgotten', OTHER.reveal());
      expect(await keys(DEFAULT_URL, environment)).toEqual({
        noted: { 42: 'work' },
        unknown: [`forgotten ${OTHER.reveal()} keychain`],
      });
      // What is in the keychain now does not matter, unless the save was cut off.
      await service.store('work', 'two words');
      expect((await keys(DEFAULT_URL, environment)).noted).toEqual({ 42: 'work' });
      const record = recordOf(await readSettings(home.paths), 'work');
      await recordProfile(home.paths, 'work', { ...record, pending: true });
      await expect(keys(DEFAULT_URL, environment)).rejects.toMatchObject({ code: 'storage' });
    } finally {
      await service.stop();
    }
  });
});
