import { StorageError } from '../../base/errors.js';
import { changeSettings, readSettings, SETTINGS_VERSION } from '../../config/settings.js';
import type { Context } from '../../credentials/context.js';
import { readPrivateFile } from '../../files/private-file.js';
import type { Step } from './step.js';

/** Updates `config.json` to the version that this program writes. A newer version stops every command earlier. */
export const settingsVersion: Step = {
  id: 'settings-version',

  async plan(context) {
    if (await isCurrent(context)) return [];
    return [
      {
        step: 'settings-version',
        action: 'update',
        from: context.paths.settingsFile,
        to: `version ${SETTINGS_VERSION}`,
        note: 'The file has no version number.',
      },
    ];
  },

  async apply({ paths }) {
    await changeSettings(paths, (settings) => ({ ...settings, version: SETTINGS_VERSION }));
  },

  async verify(context) {
    if (await isCurrent(context)) return;
    throw new StorageError(`${context.paths.settingsFile} was not updated.`, 'Try again.');
  },
};

async function isCurrent({ paths }: Context): Promise<boolean> {
  await readSettings(paths);
  const file = await readPrivateFile(paths.settingsFile);
  return file === undefined || 'version' in JSON.parse(new TextDecoder().decode(file.bytes));
}
