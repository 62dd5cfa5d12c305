import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { secretServiceInstalled, startSecretService } from '@vastai-cli/testing/secret-service';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { ApiKey } from '../base/api-key.js';
import { readSettings, recordProfile } from '../config/settings.js';
import type { ContextRequest } from '../context/open.js';
import { removeKeys } from './remove.js';
import { keepUnsaved, unsavedKeys } from './unsaved-key.js';

const home = useHome();

async function remove(more: Partial<ContextRequest> = {}) {
  const context = await home.context({}, more);
  return removeKeys(context);
}

describe('removing the key of a profile', () => {
  it('does nothing if there is no key', async () => {
    expect(await remove()).toEqual([]);
    expect(await home.files()).toEqual({});
  });

  it('removes the key file, the legacy file and the record', async () => {
    home.put(home.paths.keyFile('default'), 'key-of-file');
    home.put(home.paths.legacyFile, 'key-of-legacy');
    await recordProfile(home.paths, 'default', { storage: 'file' });
    await recordProfile(home.paths, 'work', { storage: 'file' });
    expect(await remove()).toEqual([
      { storage: 'file', location: home.paths.keyFile('default') },
      { storage: 'legacy', location: home.paths.legacyFile },
    ]);
    expect(Object.keys(await home.files())).toEqual(['.config/vastai/config.json']);
    expect((await readSettings(home.paths)).profiles).toEqual({ work: { storage: 'file' } });
  });

  it('leaves other profiles, and for them the legacy file, alone', async () => {
    home.put(home.paths.keyFile('default'), 'key-of-file');
    home.put(home.paths.keyFile('work'), 'key-of-work');
    home.put(home.paths.legacyFile, 'key-of-legacy');
    expect((await remove({ profile: 'work' })).map(({ storage }) => storage)).toEqual(['file']);
    expect(await home.files()).toEqual({
      '.config/vastai/vast_api_key': 'key-of-file',
      '.vast_api_key': 'key-of-legacy',
    });
  });

  it('removes what a kill left of the key file', async () => {
    home.put(home.paths.keyFile('default'), 'key-of-file');
    for (const name of ['.vast_api_key.tmp-1.abc', '.vast_api_key.old-1.abc'])
      home.put(home.at('.config', 'vastai', name), 'older-key');
    expect(await remove()).toHaveLength(1);
    expect(await home.files()).toEqual({});
  });

  it('leaves a new key that was never saved: it may be the only one that works', async () => {
    home.put(home.paths.keyFile('default'), 'key-of-file');
    const { path } = await keepUnsaved(home.paths, 'default', ApiKey.parse('new-key-0123456789') as ApiKey);
    expect(await remove()).toHaveLength(1);
    expect(await unsavedKeys(home.paths)).toEqual([{ path, profile: 'default' }]);
  });

  it.each([
    ['two words', 'two words'],
    ['not UTF-8', Uint8Array.of(0xff)],
  ])('removes a file that holds no key: %s', async (_, content) => {
    home.put(home.paths.keyFile('default'), content);
    expect(await remove()).toHaveLength(1);
    expect(await home.files()).toEqual({});
  });

  it('removes a key that belongs to another API', async () => {
    home.put(home.paths.keyFile('default'), 'key-of-file');
    await recordProfile(home.paths, 'default', { storage: 'file', url: 'https://staging.example' });
    expect(await remove({ url: 'https://console.vast.ai' })).toHaveLength(1);
  });

  it('removes a key that may belong to either of two APIs', async () => {
    home.put(home.paths.keyFile('default'), 'key-of-file');
    const url = 'https://staging.example';
    await recordProfile(home.paths, 'default', { storage: 'file', url, pending: true });
    expect(await remove()).toHaveLength(1);
    expect((await readSettings(home.paths)).profiles).toEqual({ default: { url } });
  });

  it('keeps the record of a profile that takes its key from a command', async () => {
    const record = { storage: 'command', command: ['key-command-that-is-not-run'] } as const;
    home.put(home.paths.keyFile('default'), 'key-of-file');
    await recordProfile(home.paths, 'default', record);
    expect((await remove()).map(({ storage }) => storage)).toEqual(['file']);
    expect((await readSettings(home.paths)).profiles).toEqual({ default: record });
  });

  it('removes the other copies if one cannot be removed, reports that, and keeps the record', async () => {
    home.put(`${home.paths.keyFile('default')}/inside`, '');
    home.put(home.paths.legacyFile, 'key-of-legacy');
    await recordProfile(home.paths, 'default', { storage: 'file' });
    await expect(remove()).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining(home.paths.keyFile('default')),
      data: { removed: [{ storage: 'legacy', location: home.paths.legacyFile }] },
    });
    expect(Object.keys(await home.files())).toEqual([
      '.config/vastai/config.json',
      '.config/vastai/vast_api_key/inside',
    ]);
    expect((await readSettings(home.paths)).profiles).toEqual({ default: { storage: 'file' } });
  });
});

describe.runIf(secretServiceInstalled())('removing the key of a profile, with a keychain', () => {
  it.each([
    ['on record', { storage: 'keychain' }],
    ['not on record', undefined],
    ['no longer on record, but left there when the key moved to a file', { storage: 'file' }],
  ] as const)('removes it from the keychain too, so that it cannot come back: %s', async (_, record) => {
    const service = await startSecretService();
    try {
      await service.store('default', 'key-of-keychain');
      home.put(home.paths.keyFile('default'), 'key-of-file');
      await recordProfile(home.paths, 'default', record);
      const context = await home.context({ VASTAI_STORAGE: 'auto', ...service.env }, { cliRoot });
      const removed = await removeKeys(context);
      expect(removed.map(({ storage }) => storage).sort()).toEqual(['file', 'keychain']);
      expect(await service.lookup('default')).toBeUndefined();
    } finally {
      await service.stop();
    }
  });

  it('keeps the record if the keychain does not remove the key', async () => {
    const service = await startSecretService();
    try {
      await service.store('default', 'key-of-keychain');
      await recordProfile(home.paths, 'default', { storage: 'keychain' });
      await service.lock();
      const context = await home.context({ VASTAI_STORAGE: 'auto', ...service.env }, { cliRoot });
      await expect(removeKeys(context)).rejects.toMatchObject({ code: 'storage' });
      expect((await readSettings(home.paths)).profiles).toEqual({ default: { storage: 'keychain' } });
    } finally {
      await service.stop();
    }
  });

  it('works without a keychain', async () => {
    home.put(home.paths.keyFile('default'), 'key-of-file');
    await recordProfile(home.paths, 'default', { storage: 'file' });
    const context = await home.context({ VASTAI_STORAGE: 'auto' }, { cliRoot });
    expect((await removeKeys(context)).map(({ storage }) => storage)).toEqual(['file']);
  });
});
