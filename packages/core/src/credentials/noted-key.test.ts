import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { type ProfileRecord, readSettings, recordOf } from '../config/settings.js';
import { migrate } from '../operations/migrate/migrate.js';
import { isNoted, notedIdOf } from './noted-key.js';
import { removeKeys } from './remove.js';
import { saveKey } from './save.js';

const home = useHome();
const KEY = keyOf('a-key-0123456789abcdef');
const OTHER = keyOf('b-key-fedcba9876543210');

async function save(key: typeof KEY, id?: number): Promise<void> {
  const context = await home.context();
  await saveKey(context, context.stores.file, key, { id });
}

async function record(): Promise<ProfileRecord | undefined> {
  return recordOf(await readSettings(home.paths), 'default');
}

describe('the notes about a saved key', () => {
  it('are its id and a hash by which it is known again, and never the key', async () => {
    await save(KEY, 42);
    expect(notedIdOf(await record(), KEY)).toBe(42);
    expect(notedIdOf(await record(), OTHER)).toBeUndefined();
    const text = readFileSync(home.paths.settingsFile, 'utf8');
    expect(text).toContain('"key_id": 42');
    expect(text).not.toContain(KEY.reveal());
    expect(text).not.toContain(KEY.suffix);
  });

  it('have no id if the API returned none, and keep the one that is noted for the same key', async () => {
    await save(KEY);
    expect(isNoted(await record(), KEY)).toBe(true);
    expect(notedIdOf(await record(), KEY)).toBeUndefined();
    await save(KEY, 42);
    await save(KEY);
    expect(notedIdOf(await record(), KEY)).toBe(42);
  });

  it('are about the new key after a save of another one', async () => {
    await save(KEY, 42);
    await save(OTHER);
    expect(await record()).not.toHaveProperty('key_id');
    expect(isNoted(await record(), OTHER)).toBe(true);
    expect(isNoted(await record(), KEY)).toBe(false);
  });

  it('do not count for a key that another program has put in its place', async () => {
    await save(KEY, 42);
    home.put(home.paths.keyFile('default'), OTHER.reveal());
    expect(notedIdOf(await record(), OTHER)).toBeUndefined();
    // A move takes the key that is there, not the one that was noted.
    await migrate(await home.context());
    expect(notedIdOf(await record(), OTHER)).toBeUndefined();
  });

  it('are dropped with the key', async () => {
    await save(KEY, 42);
    await removeKeys(await home.context());
    expect(await record()).toBeUndefined();
  });

  it.each([{ key_id: '42' }, { key_id: 0 }, { key_id: 1.5 }, { key_hash: 7 }, { key_hash: 'x' }])(
    'that somebody wrote by hand in another form are ignored: %j',
    async (written) => {
      await save(KEY, 42);
      const settings = JSON.parse(readFileSync(home.paths.settingsFile, 'utf8'));
      Object.assign(settings.profiles.default, written);
      home.put(home.paths.settingsFile, JSON.stringify(settings));
      expect(notedIdOf(await record(), KEY)).toBeUndefined();
    },
  );
});
