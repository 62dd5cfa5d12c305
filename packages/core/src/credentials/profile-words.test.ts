import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { type ProfileRecord, readSettings, recordOf, recordProfile } from '../config/settings.js';
import { acquireKey } from '../context/acquire-key.js';
import { listProfiles, useProfile } from './profiles.js';
import { removeKeys } from './remove.js';
import { requireUnchanged } from './require-unchanged.js';
import { chooseSessionStore, saveSession } from './session.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
const OTHER = keyOf('other-key-0123456789wxyz');
const SESSION = keyOf('session-one-0123456789');
const DEFAULT_URL = 'https://console.vast.ai';

describe('the list of profiles', () => {
  it('shows the recorded account and key suffix, if they are strings', async () => {
    const record = (more: object) => ({ storage: 'keychain', ...more }) as unknown as ProfileRecord;
    await recordProfile(home.paths, 'noted', record({ account: 'ada@example.com', suffix: 'abcd' }));
    await recordProfile(home.paths, 'empty', record({ account: '', suffix: '' }));
    await recordProfile(home.paths, 'odd', record({ account: 7, suffix: ['abcd'] }));
    const shared = { current: false, storage: 'keychain', url: DEFAULT_URL };
    expect(await listProfiles(home.paths)).toEqual([
      { name: 'default', current: true, storage: null, url: DEFAULT_URL },
      { name: 'empty', ...shared },
      { name: 'noted', ...shared, account: 'ada@example.com', suffix: 'abcd' },
      { name: 'odd', ...shared },
    ]);
  });

  it('shows the suffix of a key in a file, whatever is recorded', async () => {
    await recordProfile(home.paths, 'default', { storage: 'file', suffix: 'xxxx' });
    expect((await listProfiles(home.paths))[0]).not.toHaveProperty('suffix');
    home.put(home.paths.keyFile('default'), KEY.reveal());
    expect((await listProfiles(home.paths))[0]?.suffix).toBe('abcd');
    home.put(home.paths.keyFile('default'), 'two words');
    expect((await listProfiles(home.paths))[0]).not.toHaveProperty('suffix');
  });

  it('is sorted by name, and skips folders without files of vastai', async () => {
    for (const name of ['zebra', 'apple']) home.put(home.paths.keyFile(name), KEY.reveal());
    home.put(home.at('.config', 'vastai', 'profiles', 'notes', 'a-file'), '');
    await recordProfile(home.paths, 'middle', {});
    expect((await listProfiles(home.paths)).map(({ name }) => name)).toEqual([
      'apple',
      'default',
      'middle',
      'zebra',
    ]);
  });

  it('must contain a profile before it can be used', async () => {
    await expect(useProfile(await home.context(), 'work')).rejects.toMatchObject({
      code: 'usage',
      message: 'Profile "work" does not exist.',
      advice: [
        { do: 'save-key', profile: 'work', purpose: 'Create it by saving a key' },
        { do: 'list-profiles' },
      ],
    });
    await useProfile(await home.context(), 'default');
    expect((await readSettings(home.paths)).current).toBe('default');
  });
});

describe('a session', () => {
  it('stays with the key of a command when a copy of another key is removed', async () => {
    const command = [process.execPath, '-p', JSON.stringify(KEY.reveal())];
    await recordProfile(home.paths, 'default', { storage: 'command', command });
    const context = await home.context();
    const found = await acquireKey(context);
    await saveSession(context, await chooseSessionStore(context, found), found, SESSION);
    home.put(home.paths.keyFile('default'), OTHER.reveal());
    expect(await removeKeys(await home.context())).toHaveLength(1);
    expect(recordOf(await readSettings(home.paths), 'default')).toMatchObject({
      storage: 'command',
      tfa_session: { storage: 'file' },
    });
    expect((await acquireKey(await home.context())).session?.key.equals(SESSION)).toBe(true);
  });
});

describe('a key made with another one', () => {
  const hint = 'Save the new key in its own profile.';

  it('replaces neither a third key nor the API of the profile', async () => {
    home.put(home.paths.keyFile('default'), KEY.reveal());
    const context = await home.context();
    await requireUnchanged(context, context, KEY);
    await expect(requireUnchanged(context, context, OTHER)).rejects.toMatchObject({
      code: 'storage',
      message: `Profile "default" now has a different key (${KEY}, ${home.paths.keyFile('default')}).`,
      hint,
    });
    const url = 'https://staging.example';
    await recordProfile(home.paths, 'default', { storage: 'file', url });
    await expect(requireUnchanged(context, await context.reopen(), KEY)).rejects.toMatchObject({
      message: `Profile "default" is now set to ${url}.`,
      hint,
    });
  });

  it('can be saved where no key was', async () => {
    const context = await home.context();
    expect(await requireUnchanged(context, context, KEY)).toBeUndefined();
  });
});
