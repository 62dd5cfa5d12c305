import { StorageError } from '../../base/errors.js';
import { DEFAULT_URL } from '../../base/origin.js';
import type { Context } from '../../credentials/context.js';
import { useFile } from '../../credentials/different-keys.js';
import { savedKey } from '../../credentials/saved-key.js';
import { boundOriginOf } from '../../credentials/stored-sources.js';
import { isLink } from '../../files/links.js';
import { removePrivateFile } from '../../files/private-file.js';
import { readKeyFile } from '../../secrets/key-text.js';
import { writeAndReadBack } from '../../secrets/write-and-read-back.js';
import type { Change, Step } from './step.js';

/**
 * Moves `~/.vast_api_key` to the key file of the default profile, as documented for Vast.ai's CLI. It removes the old file
 * only after it has read the same key back from the new one.
 */
export const legacyFile: Step = {
  id: 'legacy-file',

  async plan(context) {
    if (context.profile.name !== 'default') return [];
    const from = context.paths.legacyFile;
    const legacy = await readKeyFile(from);
    if (legacy.state === 'absent') return [];
    if (legacy.state === 'unreadable') return [report(from, `${legacy.problem.message} It was not changed.`)];
    const { origin } = boundOriginOf(context.record);
    if (origin !== DEFAULT_URL) {
      const note = `Its key (${legacy.key}) is for ${DEFAULT_URL}, but profile "default" is set to ${origin}.`;
      return [report(from, `${note} Save it in its own profile, then remove the file.`)];
    }
    if (await isLink(from))
      return [
        report(from, `The file is a symbolic link. The key ${legacy.key} is used, and stays in its target.`),
      ];
    const saved = (await savedKey(context))?.key;
    if (saved === undefined)
      return [move(context, `The key ${legacy.key} is still in the old place, ~/.vast_api_key.`)];
    if (saved.equals(legacy.key)) {
      return [{ step: 'legacy-file', action: 'drop', from, to: '', note: 'The same key is already saved.' }];
    }
    const note = `It is not used: it contains a different key (${legacy.key}) from the saved one (${saved}).`;
    const remove = { do: 'remove-file', path: from, purpose: `If you do not need ${legacy.key}` } as const;
    return [{ ...report(from, note), fix: [remove, useFile({ key: legacy.key, location: from })] }];
  },

  async apply(context, change) {
    if (change.action === 'move') {
      const legacy = await readKeyFile(change.from);
      if (legacy.state !== 'present')
        throw new StorageError(`Another program changed ${change.from}.`, 'Try again.');
      await writeAndReadBack(context.stores.file, 'default', legacy.key);
    }
    await removePrivateFile(change.from);
  },

  async verify(context, change) {
    const gone = (await readKeyFile(change.from)).state === 'absent';
    if (gone && (await savedKey(context)) !== undefined) return;
    throw new StorageError(`${change.from} could not be migrated.`, [
      { do: 'diagnose', purpose: 'Try again, or look for the cause' },
    ]);
  },
};

function move(context: Context, note: string): Change {
  const { legacyFile: from } = context.paths;
  return { step: 'legacy-file', action: 'move', from, to: context.stores.file.locate('default'), note };
}

function report(from: string, note: string): Change {
  return { step: 'legacy-file', action: 'report', from, to: '', note };
}
