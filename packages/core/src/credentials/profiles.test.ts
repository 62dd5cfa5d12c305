import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { readSettings, recordProfile } from '../config/settings.js';
import { listProfiles, removeProfile, useProfile } from './profiles.js';

const home = useHome();
const DEFAULT_URL = 'https://console.vast.ai';
const OTHER_URL = 'https://staging.example';

async function remove(profile: string) {
  const context = await home.context({}, { profile });
  return (await removeProfile(context)).removed;
}

describe('the profiles', () => {
  it('are "default" alone at first', async () => {
    expect(await listProfiles(home.paths)).toEqual([
      { name: 'default', current: true, storage: null, url: DEFAULT_URL },
    ]);
    expect(await home.files()).toEqual({});
  });

  it('are those on record and those with a key file, by name', async () => {
    home.put(home.paths.keyFile('work'), 'some-key');
    home.put(home.paths.keyFile('default'), 'some-key');
    home.put(home.paths.keyFile('Not-A-Name'), 'some-key');
    await recordProfile(home.paths, 'staging', { storage: 'keychain', url: OTHER_URL });
    await useProfile(await home.context(), 'staging');
    expect(await listProfiles(home.paths)).toEqual([
      { name: 'default', current: false, storage: 'file', url: DEFAULT_URL, suffix: '-key' },
      { name: 'staging', current: true, storage: 'keychain', url: OTHER_URL },
      { name: 'work', current: false, storage: 'file', url: DEFAULT_URL, suffix: '-key' },
    ]);
  });

  it.each(['.vast_api_key.tmp-1.abc', '.vast_api_key.old-1.abc'])(
    'include those whose key a kill left in %s, until they are removed',
    async (left) => {
      home.put(home.at('.config', 'vastai', 'profiles', 'work', left), 'some-key');
      expect((await listProfiles(home.paths)).map(({ name }) => name)).toEqual(['default', 'work']);
      await remove('work');
      expect(await home.files()).toEqual({});
      expect((await listProfiles(home.paths)).map(({ name }) => name)).toEqual(['default']);
    },
  );

  it('include those with a key file that cannot be read', async () => {
    mkdirSync(home.paths.keyFile('work'), { recursive: true });
    expect(await listProfiles(home.paths)).toMatchObject([{}, { name: 'work', storage: 'file' }]);
  });
});

describe('removing a profile', () => {
  it('removes its key, its record and its folder, and no other', async () => {
    for (const name of ['default', 'work', 'other']) {
      home.put(home.paths.keyFile(name), 'some-key');
      await recordProfile(home.paths, name, { storage: 'file' });
    }
    await useProfile(await home.context(), 'work');
    expect(await remove('work')).toHaveLength(1);
    expect(existsSync(dirname(home.paths.keyFile('work')))).toBe(false);
    expect(await listProfiles(home.paths)).toMatchObject([
      { name: 'default', current: true },
      { name: 'other', current: false },
    ]);
    expect(await readSettings(home.paths)).toEqual({
      version: 1,
      profiles: { default: { storage: 'file' }, other: { storage: 'file' } },
    });
  });

  it('leaves another one current', async () => {
    home.put(home.paths.keyFile('work'), 'some-key');
    home.put(home.paths.keyFile('other'), 'some-key');
    await useProfile(await home.context(), 'other');
    await remove('work');
    expect((await readSettings(home.paths)).current).toBe('other');
  });

  it('removes a record without a key, even one of a command', async () => {
    await recordProfile(home.paths, 'work', { storage: 'command', command: ['some-command'] });
    expect(await remove('work')).toEqual([]);
    expect((await readSettings(home.paths)).profiles).toEqual({});
  });

  it('removes the legacy file with "default" only', async () => {
    home.put(home.paths.legacyFile, 'some-key');
    home.put(home.paths.keyFile('work'), 'some-key');
    await remove('work');
    expect(await home.files()).toEqual({ '.vast_api_key': 'some-key' });
    await remove('default');
    expect(await home.files()).toEqual({});
  });

  it('leaves the profile where its key cannot be removed', async () => {
    home.put(`${home.paths.keyFile('work')}/inside`, '');
    await recordProfile(home.paths, 'work', { storage: 'file' });
    await useProfile(await home.context(), 'work');
    await expect(remove('work')).rejects.toMatchObject({ code: 'storage' });
    expect((await readSettings(home.paths)).current).toBe('work');
    expect(existsSync(home.paths.keyFile('work'))).toBe(true);
  });
});
