import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { type ProfileRecord, readSettings, recordProfile } from '../config/settings.js';
import { listProfiles, useProfile } from './profiles.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
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
