import { StorageError, UsageError } from '../../base/errors.js';
import { recordProfile } from '../../config/settings.js';
import type { Context } from '../../credentials/context.js';
import { saveUnderLock } from '../../credentials/save.js';
import { savedKey } from '../../credentials/saved-key.js';
import { boundOriginOf } from '../../credentials/stored-sources.js';
import type { KeyStore } from '../../secrets/store.js';
import { writeAndReadBack } from '../../secrets/write-and-read-back.js';
import { planBetweenStores } from './plan-between-stores.js';
import type { Change, Step } from './step.js';

/** Moves the key between the key file and the keychain, if `--to` is given. */
export const betweenStores: Step = {
  id: 'between-stores',

  async plan(context, options, before) {
    if (options.to === undefined) return [];
    if (context.record?.storage === 'command') {
      throw new UsageError(
        `Profile "${context.profile.name}" takes its key from a command, so nothing can be moved.`,
      );
    }
    const changes = await planBetweenStores(context, { ...options, to: options.to }, before);
    return changes.map((change) => ({ step: 'between-stores', ...change }));
  },

  async apply(context, change) {
    if (change.action === 'drop') {
      await storeAt(context, change.from).remove(context.profile.name);
      return;
    }
    const saved = await savedKey(context);
    if (saved === undefined || saved.source.location !== change.from) {
      throw new StorageError(`Another program changed ${change.from}.`, 'Try again.');
    }
    const to = storeAt(context, change.to);
    if (isRenewal(context, change)) {
      await writeAndReadBack(to, context.profile.name, saved.key);
      const record = { ...context.record, storage: 'keychain', kept_file: true } as const;
      await recordProfile(context.paths, context.profile.name, record);
      return;
    }
    const { left } = await saveUnderLock(context, to, saved.key, {
      boundOrigin: boundOriginOf(context.record),
      movedFrom: change.action === 'copy' ? 'nowhere' : storeAt(context, change.from),
    });
    if (left.length > 0)
      throw new StorageError(left.join(' '), 'The key is in its new location. Remove the old copy yourself.');
  },

  async verify(context, change) {
    const { name } = context.profile;
    const lost = () => new StorageError(`${change.to} does not return the key.`, [{ do: 'diagnose' }]);
    // Reopened, so that it is the key that commands find from now on.
    const saved = await savedKey(await context.reopen());
    if (isRenewal(context, change)) {
      const copy = await context.stores.file.read(name);
      if (copy.state !== 'present' || saved?.key.equals(copy.key) !== true) throw lost();
      return;
    }
    if (change.action !== 'drop' && saved?.source.location !== change.to) throw lost();
    if (change.action === 'copy') return;
    if ((await storeAt(context, change.from).read(name)).state !== 'absent')
      throw new StorageError(`The old copy is still in ${change.from}.`, [{ do: 'show-sources' }]);
  },
};

/** Returns true if `--undo` can revert a change, which only a move to another store allows. */
export function isUndoable(context: Context, change: Change): boolean {
  return ['move', 'copy'].includes(change.action) && !isRenewal(context, change);
}

/** Returns true if the key stays in the keychain, and only its copy in the file is written again. */
function isRenewal({ stores, profile }: Context, { action, to }: Change): boolean {
  return action === 'copy' && to === stores.file.locate(profile.name);
}

/** Returns the store at a place that a change names, so that a receipt needs no other field. */
function storeAt({ stores, profile }: Context, place: string): KeyStore {
  return place === stores.file.locate(profile.name) ? stores.file : stores.keychain;
}
