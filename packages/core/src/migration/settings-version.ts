import { readPrivateFile } from '../config/private-file.js';
import { changeSettings, readSettings, SETTINGS_VERSION } from '../config/settings.js';
import { StorageError } from '../errors.js';
import type { Session } from '../session.js';
import type { Step } from './step.js';

/** `config.json` → the version that this program writes. One from a newer program stops every command before this. */
export const settingsVersion: Step = {
  id: 'settings-version',

  async plan(session) {
    if (await isCurrent(session)) return [];
    return [
      {
        step: 'settings-version',
        action: 'update',
        from: session.paths.settingsFile,
        to: `version ${SETTINGS_VERSION}`,
        note: 'The file does not say which version of settings it holds.',
      },
    ];
  },

  async apply({ paths }) {
    await changeSettings(paths, (settings) => ({ ...settings, version: SETTINGS_VERSION }));
  },

  async verify(session) {
    if (await isCurrent(session)) return;
    throw new StorageError(`${session.paths.settingsFile} was not updated.`, 'Try again.');
  },
};

async function isCurrent({ paths }: Session): Promise<boolean> {
  await readSettings(paths);
  const file = await readPrivateFile(paths.settingsFile);
  return file === undefined || 'version' in JSON.parse(new TextDecoder().decode(file.bytes));
}
