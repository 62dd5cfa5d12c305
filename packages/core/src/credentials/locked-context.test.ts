import { existsSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { type ProfileRecord, readSettings, recordOf, recordProfile } from '../config/settings.js';
import { acquireKey } from '../context/acquire-key.js';
import { migrate, migrateLegacyFile } from '../operations/migrate/migrate.js';
import { listProfiles, removeProfile, useProfile } from './profiles.js';
import { removeKeys } from './remove.js';
import { saveKey } from './save.js';

const home = useHome();
const KEY = 'key-0123456789abcdef';
const OTHER_KEY = 'other-key-0123456789wxyz';
const OTHER_URL = 'https://staging.example';

const record = (name: string, what: ProfileRecord) => recordProfile(home.paths, name, what);
const recorded = async (name = 'default') => recordOf(await readSettings(home.paths), name);

// A context that is opened before a change behaves like one that waited for the process that made the change.
describe('after waiting for another process,', () => {
  it('"unset" removes the key from its new place', async () => {
    home.put(home.paths.legacyFile, KEY);
    const context = await home.context();
    await migrateLegacyFile(await home.context());
    expect(await removeKeys(context)).toEqual([{ storage: 'file', location: home.paths.keyFile('default') }]);
    expect(await home.files()).toEqual({});
  });

  it('"unset" keeps a command that was recorded during the wait', async () => {
    home.put(home.paths.keyFile('default'), KEY);
    const context = await home.context();
    const made = { storage: 'command', command: ['some-command'] } as const;
    await record('default', made);
    await removeKeys(context);
    expect(await recorded()).toEqual(made);
  });

  it('"unset" keeps an API that was changed during the wait', async () => {
    home.put(home.paths.keyFile('default'), KEY);
    const context = await home.context();
    await record('default', { storage: 'file', url: OTHER_URL });
    await removeKeys(context);
    expect(await recorded()).toEqual({ url: OTHER_URL });
  });

  it('"migrate" does not move the legacy key to an API that was set during the wait', async () => {
    home.put(home.paths.legacyFile, KEY);
    const context = await home.context();
    await record('default', { url: OTHER_URL });
    const reports = [expect.objectContaining({ action: 'report', from: home.paths.legacyFile })];
    expect(await migrate(context)).toEqual(reports);
    expect(await migrateLegacyFile(context)).toEqual(reports);
    expect(existsSync(home.paths.keyFile('default'))).toBe(false);
  });

  it('"migrate" does not replace a key that was saved during the wait', async () => {
    home.put(home.paths.legacyFile, KEY);
    const context = await home.context();
    home.put(home.paths.keyFile('default'), OTHER_KEY);
    await migrateLegacyFile(context);
    expect(await home.files()).toEqual({
      '.config/vastai/vast_api_key': OTHER_KEY,
      '.vast_api_key': KEY,
    });
  });

  it('"migrate" rejects a profile whose key now comes from a command', async () => {
    home.put(home.paths.keyFile('default'), KEY);
    const context = await home.context();
    await record('default', { storage: 'command', command: ['some-command'] });
    await expect(migrate(context, { to: 'file' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('"set" keeps the API that its key was checked with, whatever was recorded during the wait', async () => {
    const context = await home.context();
    await record('default', { storage: 'file', url: OTHER_URL });
    await saveKey(context, context.stores.file, keyOf(KEY));
    expect(await recorded()).toMatchObject({ storage: 'file', url: 'https://console.vast.ai' });
  });

  it('"set" does not hide a command that was recorded during the wait', async () => {
    const context = await home.context();
    const made = { storage: 'command', command: ['some-command'] } as const;
    await record('default', made);
    await expect(saveKey(context, context.stores.file, keyOf(KEY))).rejects.toMatchObject({ code: 'usage' });
    expect(await recorded()).toEqual(made);
    expect(existsSync(home.paths.keyFile('default'))).toBe(false);
  });

  it('a key made from another one does not replace a key that was saved during the wait', async () => {
    home.put(home.paths.keyFile('default'), KEY);
    const context = await home.context();
    home.put(home.paths.keyFile('default'), OTHER_KEY);
    await expect(
      saveKey(context, context.stores.file, keyOf('new-key-0123456789mnop'), { replaces: keyOf(KEY) }),
    ).rejects.toMatchObject({ code: 'storage', message: expect.stringContaining('…wxyz') });
    expect(await home.files()).toEqual({ '.config/vastai/vast_api_key': OTHER_KEY });
  });

  it('a key made from the legacy one does not change an API that was set during the wait', async () => {
    home.put(home.paths.legacyFile, KEY);
    const context = await home.context();
    await record('default', { url: OTHER_URL });
    await expect(
      saveKey(context, context.stores.file, keyOf('new-key-0123456789mnop'), { replaces: keyOf(KEY) }),
    ).rejects.toMatchObject({ code: 'storage', message: expect.stringContaining(OTHER_URL) });
    expect(await recorded()).toEqual({ url: OTHER_URL });
  });

  it('"profile use" rejects a profile that was removed during the wait', async () => {
    home.put(home.paths.keyFile('work'), KEY);
    const context = await home.context();
    await removeProfile(await home.context({}, { profile: 'work' }));
    await expect(useProfile(context, 'work')).rejects.toMatchObject({ code: 'usage' });
    expect((await readSettings(home.paths)).current).toBeUndefined();
  });

  it('"profile remove" also removes a key that was saved during the wait', async () => {
    await record('work', { storage: 'command', command: ['some-command'] });
    const context = await home.context({}, { profile: 'work' });
    home.put(home.paths.keyFile('work'), KEY);
    await record('work', { storage: 'file' });
    expect((await removeProfile(context)).removed).toHaveLength(1);
    expect(await listProfiles(home.paths)).toMatchObject([{ name: 'default' }]);
  });
});

describe('a command that needs the key, while another process moves it,', () => {
  it('finds it in the store that is recorded now', async () => {
    await record('default', { storage: 'keychain' });
    const context = await home.context();
    home.put(home.paths.keyFile('default'), KEY);
    await record('default', { storage: 'file' });
    expect((await acquireKey(context)).key.reveal()).toBe(KEY);
  });

  it('finds the legacy key in the key file, which it had looked at before', async () => {
    home.put(home.paths.legacyFile, KEY);
    const context = await home.context();
    const sources = context.sources.map((source) => ({
      ...source,
      async read() {
        const lookup = await source.read();
        if (source.name === 'file') await migrateLegacyFile(context);
        return lookup;
      },
    }));
    expect((await acquireKey({ ...context, sources })).key.reveal()).toBe(KEY);
  });

  it('reports a missing key', async () => {
    const context = await home.context();
    rmSync(home.paths.configFolder, { recursive: true, force: true });
    await expect(acquireKey(context)).rejects.toMatchObject({ code: 'no_key' });
  });
});
