import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { secretServiceInstalled, startSecretService } from '@vastai-cli/testing/secret-service';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf, revealed } from '../../test/support/keys.js';
import { StorageError, type VastaiError } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import type { ContextRequest } from '../context/open.js';
import type { KeyStore } from '../secrets/store.js';
import { findKey } from './chain.js';
import type { Context } from './context.js';
import { saveKey } from './save.js';

const home = useHome();
const unix = process.platform !== 'win32';
const OLD = keyOf('old-key-0123456789abc');
const NEW = keyOf('new-key-9876543210xyz');
const OTHER_URL = 'https://staging.example';
const HASH = expect.stringMatching(/^hmac-sha256:/u);

async function save(key = NEW, more: Partial<ContextRequest> = {}) {
  const context = await home.context({}, more);
  return saveKey(context, context.stores.file, key);
}

/** Returns the key that a run would send, or the code of the error. */
async function inUse(more: Partial<ContextRequest> = {}): Promise<string> {
  const context = await home.context({}, more);
  return findKey(context.sources, context.url).then(
    ({ key }) => key.reveal(),
    (error: VastaiError) => error.code,
  );
}

const written = () => JSON.parse(readFileSync(home.paths.settingsFile, 'utf8'));

describe('saving a key', () => {
  it('writes the key, and records its place and its API', async () => {
    expect(await save()).toEqual({
      storage: 'file',
      location: home.paths.keyFile('default'),
      removed: [],
      replaced: [],
      left: [],
    });
    expect(await inUse()).toBe(NEW.reveal());
    expect(written()).toEqual({
      version: 1,
      profiles: { default: { storage: 'file', url: DEFAULT_URL, key_hash: HASH } },
    });
  });

  it('leaves nothing but the key and the settings, which hold no key', async () => {
    await save(OLD);
    await save(NEW);
    const files = await home.files();
    expect(Object.keys(files)).toEqual(['.config/vastai/config.json', '.config/vastai/vast_api_key']);
    expect(files['.config/vastai/config.json']).not.toMatch(/-key-/);
  });

  it('sends no key after a killed save for another API, until the next save', async () => {
    home.put(home.paths.keyFile('default'), OLD.reveal());
    const record = { storage: 'file', url: OTHER_URL, pending: true };
    home.put(home.paths.settingsFile, JSON.stringify({ version: 1, profiles: { default: record } }));
    const context = await home.context();
    await expect(findKey(context.sources, context.url)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining(home.paths.keyFile('default')),
      advice: expect.arrayContaining([expect.objectContaining({ do: 'save-key' })]),
    });
    expect(await inUse({ url: DEFAULT_URL })).toBe('no_key');
    await save(NEW);
    expect(await inUse()).toBe(NEW.reveal());
    expect(written().profiles.default).toEqual({ storage: 'file', url: OTHER_URL, key_hash: HASH });
  });

  it('keeps each profile to itself', async () => {
    await save(OLD);
    await save(NEW, { profile: 'work', url: OTHER_URL });
    expect(await inUse()).toBe(OLD.reveal());
    expect(await inUse({ profile: 'work' })).toBe(NEW.reveal());
    expect(written().profiles).toEqual({
      default: { storage: 'file', url: DEFAULT_URL, key_hash: HASH },
      work: { storage: 'file', url: OTHER_URL, key_hash: HASH },
    });
  });

  it('binds the key to the API it was saved for, whatever was there before', async () => {
    for (const url of [OTHER_URL, DEFAULT_URL, OTHER_URL]) {
      await save(NEW, { url });
      expect(await inUse()).toBe(NEW.reveal());
      expect(await inUse({ url: url === OTHER_URL ? DEFAULT_URL : OTHER_URL })).toBe('no_key');
    }
  });

  it('keeps everything else in the settings', async () => {
    home.put(
      home.paths.settingsFile,
      JSON.stringify({
        version: 1,
        current: 'default',
        future: [1],
        profiles: { default: { note: 'mine' }, work: {} },
      }),
    );
    await save();
    expect(written()).toEqual({
      version: 1,
      current: 'default',
      future: [1],
      profiles: { default: { note: 'mine', storage: 'file', url: DEFAULT_URL, key_hash: HASH }, work: {} },
    });
  });

  it('removes the legacy file of the default profile, and says so', async () => {
    home.put(home.paths.legacyFile, OLD.reveal());
    expect((await save()).removed).toEqual([home.paths.legacyFile]);
    expect(await inUse()).toBe(NEW.reveal());
    expect(Object.keys(await home.files())).not.toContain('.vast_api_key');
  });

  it('leaves the legacy file alone for another profile', async () => {
    home.put(home.paths.legacyFile, OLD.reveal());
    expect((await save(NEW, { profile: 'work' })).removed).toEqual([]);
    expect(await inUse({ profile: 'default' })).toBe(OLD.reveal());
  });

  it('succeeds, and reports what is left, if an older copy cannot be removed', async () => {
    home.put(`${home.paths.legacyFile}/inside`, 'of another');
    const saved = await save();
    expect(saved.left).toEqual([expect.stringContaining(home.paths.legacyFile)]);
    expect(await inUse()).toBe(NEW.reveal());
  });

  it.each([
    ['two words', 'two words'],
    ['not UTF-8', Uint8Array.of(0xff, 0xfe, 0x41, 0)],
  ])('replaces a key file that holds no key: %s', async (_, content) => {
    home.put(home.paths.keyFile('default'), content);
    await save();
    expect(await inUse()).toBe(NEW.reveal());
  });
});

describe('a failed save leaves everything as it was', () => {
  async function expectUnchanged(work: () => Promise<unknown>, message: RegExp): Promise<void> {
    const before = await home.files();
    await expect(work()).rejects.toMatchObject({ code: 'storage', message: expect.stringMatching(message) });
    expect(await home.files()).toEqual(before);
  }

  it('when the settings became unreadable', async () => {
    await save(OLD);
    const context = await home.context();
    home.put(home.paths.settingsFile, '{');
    await expectUnchanged(() => saveKey(context, context.stores.file, NEW), /config\.json is not valid JSON/);
  });

  it('when the settings are of a newer version', async () => {
    await save(OLD);
    const context = await home.context();
    home.put(home.paths.settingsFile, '{"version":2}');
    await expectUnchanged(() => saveKey(context, context.stores.file, NEW), /newer vastai/);
  });

  it('when a folder is in place of the key', async () => {
    home.put(`${home.paths.keyFile('default')}/inside`, '');
    home.put(home.paths.legacyFile, OLD.reveal());
    await expectUnchanged(() => save(), /vast_api_key/);
  });

  it.runIf(unix)('when a symbolic link is in place of the key', async () => {
    home.put(home.at('target'), OLD.reveal());
    mkdirSync(home.paths.configFolder, { recursive: true });
    symlinkSync(home.at('target'), home.paths.keyFile('default'));
    await expectUnchanged(() => save(), /symbolic link/);
  });

  it.runIf(unix)('when a symbolic link is in place of the settings, after the key was written', async () => {
    await save(OLD);
    const context = await home.context({}, { url: OTHER_URL });
    home.put(home.at('target'), '{}');
    rmSync(home.paths.settingsFile);
    symlinkSync(home.at('target'), home.paths.settingsFile);
    await expectUnchanged(() => saveKey(context, context.stores.file, NEW), /symbolic link/);
  });

  it.each([
    ['there was one before', OLD.reveal(), DEFAULT_URL],
    ['there was one before, for another API', OLD.reveal(), OTHER_URL],
    ['there was none before', undefined, DEFAULT_URL],
    ['there was none before, and the profile has another API', undefined, OTHER_URL],
    ['there was none before but what is no key', 'two words', OTHER_URL],
  ])('when the store returns another key, and %s', async (_, before, url) => {
    if (before !== undefined) home.put(home.paths.keyFile('default'), before);
    home.put(home.paths.settingsFile, '{"version":1,  "profiles":{"default":{"storage":"file"}}}');
    const context = await home.context({}, { url });
    await expectUnchanged(() => saveKey(context, lyingStore(context), NEW), /does not return the key/);
  });
});

describe('a save that fails and cannot be reverted', () => {
  it('reports which key may be there, and sends none', async () => {
    await save(OLD, { profile: 'work' });
    const context = await home.context({}, { profile: 'work', url: OTHER_URL });
    const lying = lyingStore(context);
    const keep: KeyStore['keep'] = async (profile) => ({
      ...(await lying.keep(profile)),
      putBack: () => Promise.reject(new StorageError('The disk broke.', '')),
    });
    await expect(saveKey(context, { ...lying, keep }, NEW)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(
        /The new key \(…0xyz\) may be in .* instead of the old one \(…9abc\)\. .* not sent to any API\.$/,
      ),
      advice: expect.arrayContaining([expect.objectContaining({ do: 'save-key', url: OTHER_URL })]),
    });
    expect(await inUse({ profile: 'work', url: OTHER_URL })).toBe('storage');
    expect(await inUse({ profile: 'work', url: DEFAULT_URL })).toBe('no_key');
    // The old key may be nowhere else.
    expect(Object.values(await home.files())).toContain(OLD.reveal());
    await save(NEW, { profile: 'work', url: OTHER_URL });
    expect(await inUse({ profile: 'work' })).toBe(NEW.reveal());
    expect(Object.values(await home.files())).not.toContain(OLD.reveal());
  });
});

/** Returns a store that saves another key, which no real store does. */
function lyingStore({ stores: { file } }: Context): KeyStore {
  const write: KeyStore['write'] = (profile, key) =>
    file.write(profile, key.equals(NEW) ? keyOf('another-key') : key);
  return { ...file, write };
}

describe.runIf(secretServiceInstalled())('a key that moves to another store', () => {
  it('leaves no copy in the one before, in both directions', async () => {
    const service = await startSecretService();
    try {
      const environment = { VASTAI_STORAGE: 'auto', ...service.env };
      await save(OLD);
      home.put(home.paths.legacyFile, OLD.reveal());
      let context = await home.context(environment, { cliRoot });
      const toKeychain = await saveKey(context, context.stores.keychain, NEW);
      expect(toKeychain.removed).toEqual([home.paths.keyFile('default'), home.paths.legacyFile]);
      expect(Object.keys(await home.files())).toEqual(['.config/vastai/config.json']);
      expect(await service.lookup('default')).toBe(NEW.reveal());

      context = await home.context(environment, { cliRoot });
      const toFile = await saveKey(context, context.stores.file, OLD);
      expect(toFile.removed).toEqual([context.stores.keychain.locate('default')]);
      expect(await service.lookup('default')).toBeUndefined();
      expect(revealed(await context.stores.file.read('default'))).toBe(OLD.reveal());
    } finally {
      await service.stop();
    }
  });
});
