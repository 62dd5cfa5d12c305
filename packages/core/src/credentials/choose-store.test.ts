import { mkdirSync, symlinkSync } from 'node:fs';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { secretServiceInstalled, startSecretService } from '@vastai-cli/testing/secret-service';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import type { Environment } from '../base/environment.js';
import { UsageError } from '../base/errors.js';
import { recordProfile } from '../config/settings.js';
import { chooseStore, type StorageChoice } from './choose-store.js';

const home = useHome();
const unix = process.platform !== 'win32';

async function choose(flag: StorageChoice | undefined, environment: Environment = {}) {
  const context = await home.context({ VASTAI_STORAGE: 'auto', ...environment }, { cliRoot });
  const { store, fellBackBecause } = await chooseStore(context, flag);
  return { kind: store.kind, fellBackBecause };
}

describe('the store of a new key', () => {
  it('is the file that the flag asks for, whatever the variable says', async () => {
    expect(await choose('file', { VASTAI_STORAGE: 'keychain' })).toEqual({ kind: 'file' });
  });

  it('is the file that the variable asks for', async () => {
    expect(await choose(undefined, { VASTAI_STORAGE: 'file' })).toEqual({ kind: 'file' });
  });

  it.each(['Keychain', 'cloud', 'constructor', 'command'])(
    'is not the one of VASTAI_STORAGE=%s',
    async (value) => {
      await expect(choose(undefined, { VASTAI_STORAGE: value })).rejects.toThrow(UsageError);
      await expect(choose(undefined, { VASTAI_STORAGE: value })).rejects.toThrow(
        'VASTAI_STORAGE must be one of auto, keychain, file.',
      );
    },
  );

  it.runIf(process.platform === 'linux')(
    'is the file, with the reason, if no keychain responds',
    async () => {
      expect(await choose(undefined)).toEqual({
        kind: 'file',
        fellBackBecause: expect.stringMatching(/no D-Bus session/),
      });
    },
  );

  it.runIf(process.platform === 'linux')('is never the file when the keychain was asked for', async () => {
    await expect(choose('keychain')).rejects.toMatchObject({ code: 'storage' });
    await expect(choose(undefined, { VASTAI_STORAGE: 'keychain' })).rejects.toMatchObject({
      code: 'storage',
    });
  });

  it('cannot be chosen if the profile takes its key from a command', async () => {
    await recordProfile(home.paths, 'default', { storage: 'command', command: ['op', 'read'] });
    for (const kind of ['file', undefined] as const)
      await expect(choose(kind)).rejects.toMatchObject({
        code: 'usage',
        message: 'Profile "default" takes its key from a command, so vastai cannot change it.',
        hint: 'Change the key where the command reads it, or use another profile.',
      });
  });

  it.runIf(unix)('cannot be chosen if it could not be written to', async () => {
    mkdirSync(home.paths.configFolder, { recursive: true });
    symlinkSync('/nowhere', home.paths.keyFile('default'));
    await expect(choose('file')).rejects.toMatchObject({ code: 'storage' });
  });

  it.runIf(unix)('cannot be chosen if neither the keychain nor the file can be written to', async () => {
    mkdirSync(home.paths.configFolder, { recursive: true });
    symlinkSync('/nowhere', home.paths.keyFile('default'));
    await expect(choose(undefined)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/vast_api_key is a symbolic link/),
    });
  });

  it('is chosen without changing anything', async () => {
    await choose('file');
    expect(await home.files()).toEqual({});
  });
});

describe.runIf(secretServiceInstalled())('the store of a new key, with a keychain', () => {
  it('is the keychain', async () => {
    const service = await startSecretService();
    try {
      expect(await choose(undefined, service.env)).toEqual({ kind: 'keychain' });
      expect(await choose('keychain', service.env)).toEqual({ kind: 'keychain' });
      expect(await choose('file', service.env)).toEqual({ kind: 'file' });
    } finally {
      await service.stop();
    }
  });

  it.each([
    ['lives in memory', {}, 'session', /is only in memory/],
    ['lives in memory, and there is no other', { collection: 'none' }, 'session', /is only in memory/],
    ['is missing', { collection: 'none' }, undefined, /no default collection/],
  ] as const)(
    'is the file, with the reason, where the default collection %s',
    async (_, options, collection, reason) => {
      const service = await startSecretService(options);
      try {
        if (collection !== undefined) await service.setDefault(collection);
        expect(await choose(undefined, service.env)).toEqual({
          kind: 'file',
          fellBackBecause: expect.stringMatching(reason),
        });
        await expect(choose('keychain', service.env)).rejects.toMatchObject({
          code: 'storage',
          message: expect.stringMatching(reason),
        });
      } finally {
        await service.stop();
      }
    },
  );
});
