import { rmSync } from 'node:fs';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import {
  type SessionBus,
  secretServiceInstalled,
  startSecretService,
} from '@vastai-cli/testing/secret-service';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { recordProfile } from '../../config/settings.js';
import type { Context } from '../../credentials/context.js';
import { applySteps, STEPS } from './migrate.js';
import type { MigrationOptions } from './step.js';

const home = useHome();
const KEY = 'key-0123456789abcdef';

/** Returns a step as it would be on a disk or a keychain that accepts every change but keeps none. */
function withoutEffect(id: string) {
  const step = STEPS.find((one) => one.id === id);
  if (step === undefined) throw new Error(`There is no step ${id}`);
  return { ...step, apply: async () => {} };
}

/** Expects that a change which silently was not made is detected. */
async function expectNoticed(id: string, context: Context, options: MigrationOptions = {}): Promise<void> {
  const step = withoutEffect(id);
  expect(await step.plan(context, options, [])).not.toEqual([]);
  await expect(applySteps(context, [step], options)).rejects.toMatchObject({ code: 'storage' });
}

describe('a migration notices that a change did not show', () => {
  it('of the version of the settings', async () => {
    home.put(home.paths.settingsFile, '{"profiles":{}}');
    await expectNoticed('settings-version', await home.context());
  });

  it('of a legacy file that was to move', async () => {
    home.put(home.paths.legacyFile, KEY);
    await expectNoticed('legacy-file', await home.context());
  });

  it('of a legacy file that was to go', async () => {
    home.put(home.paths.legacyFile, KEY);
    home.put(home.paths.keyFile('default'), KEY);
    await expectNoticed('legacy-file', await home.context());
  });

  it('of a legacy file that is gone, with no key saved in its place', async () => {
    home.put(home.paths.legacyFile, KEY);
    const step = { ...withoutEffect('legacy-file'), apply: async () => rmSync(home.paths.legacyFile) };
    await expect(applySteps(await home.context(), [step], {})).rejects.toMatchObject({ code: 'storage' });
  });

  it.runIf(process.platform !== 'win32')('of a mode', async () => {
    home.put(home.paths.keyFile('default'), KEY, 0o644);
    await expectNoticed('file-modes', await home.context());
  });
});

describe.runIf(secretServiceInstalled())('a migration between the stores notices that', () => {
  it.each(['keychain', 'file'] as const)('the key did not get to the %s', async (to) => {
    const service = await startSecretService();
    try {
      if (to === 'file') await service.store('default', KEY);
      else home.put(home.paths.keyFile('default'), KEY);
      await recordProfile(home.paths, 'default', { storage: to === 'file' ? 'keychain' : 'file' });
      await expectNoticed('between-stores', await contextWith(service.env), { to });
    } finally {
      await service.stop();
    }
  });

  it.each(['keychain', 'file'] as const)('a copy of the key in the %s was not removed', async (to) => {
    const service = await startSecretService();
    try {
      await service.store('default', KEY);
      home.put(home.paths.keyFile('default'), KEY);
      await recordProfile(home.paths, 'default', { storage: to });
      await expectNoticed('between-stores', await contextWith(service.env), { to });
    } finally {
      await service.stop();
    }
  });

  it('a copy in the file that was to be renewed is still the other key', async () => {
    const service = await startSecretService();
    try {
      await service.store('default', KEY);
      home.put(home.paths.keyFile('default'), 'other-key-0123456789wxyz');
      await recordProfile(home.paths, 'default', { storage: 'keychain' });
      const options = { to: 'keychain', keepFile: true, force: true } as const;
      await expectNoticed('between-stores', await contextWith(service.env), options);
    } finally {
      await service.stop();
    }
  });

  function contextWith(env: SessionBus['env']): Promise<Context> {
    return home.context({ VASTAI_STORAGE: 'auto', VASTAI_KEYCHAIN_TIMEOUT: '30', ...env }, { cliRoot });
  }
});
