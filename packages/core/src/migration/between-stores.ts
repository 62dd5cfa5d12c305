import { recordProfile } from '../config/settings.js';
import { saveUnderLock } from '../credentials/save.js';
import { savedForOf } from '../credentials/saved-sources.js';
import type { KeyStore } from '../credentials/store.js';
import { writeAndReadBack } from '../credentials/write-and-read-back.js';
import { StorageError, UsageError } from '../errors.js';
import type { Session } from '../session.js';
import { planBetweenStores } from './plan-between-stores.js';
import { savedKey } from './saved-key.js';
import type { Change, Step } from './step.js';

/** Key file → keychain, or back, for who asks with `--to`. */
export const betweenStores: Step = {
  id: 'between-stores',

  async plan(session, options, before) {
    if (options.to === undefined) return [];
    if (session.record?.storage === 'command') {
      throw new UsageError(
        `Profile "${session.profile.name}" takes its key from a command; there is nothing to move.`,
      );
    }
    const changes = await planBetweenStores(session, { ...options, to: options.to }, before);
    return changes.map((change) => ({ step: 'between-stores', ...change }));
  },

  async apply(session, change) {
    if (change.action === 'drop') {
      await storeAt(session, change.from).remove(session.profile.name);
      return;
    }
    const saved = await savedKey(session);
    if (saved === undefined || saved.source.location !== change.from) {
      throw new StorageError(`${change.from} changed meanwhile.`, 'Try again.');
    }
    const to = storeAt(session, change.to);
    if (isRenewal(session, change)) {
      await writeAndReadBack(to, session.profile.name, saved.key);
      const record = { ...session.record, storage: 'keychain', kept_file: true } as const;
      await recordProfile(session.paths, session.profile.name, record);
      return;
    }
    const { left } = await saveUnderLock(session, to, saved.key, {
      savedFor: savedForOf(session.record),
      movedFrom: change.action === 'copy' ? 'nowhere' : storeAt(session, change.from),
    });
    if (left.length > 0)
      throw new StorageError(left.join(' '), 'The key is in its new place; remove the old copy by hand.');
  },

  async verify(session, change) {
    const { name } = session.profile;
    const lost = () => new StorageError(`${change.to} does not give the key back.`, [{ do: 'diagnose' }]);
    // What commands would find now, by what is on record now.
    const saved = await savedKey(await session.reopen());
    if (isRenewal(session, change)) {
      const copy = await session.stores.file.read(name);
      if (copy.state !== 'present' || saved?.key.equals(copy.key) !== true) throw lost();
      return;
    }
    if (change.action !== 'drop' && saved?.source.location !== change.to) throw lost();
    if (change.action === 'copy') return;
    if ((await storeAt(session, change.from).read(name)).state !== 'absent')
      throw new StorageError(`The old copy is still in ${change.from}.`, [{ do: 'show-sources' }]);
  },
};

/** Tells whether `--undo` can take a change back: only a key that went to another store can return. */
export function isUndoable(session: Session, change: Change): boolean {
  return ['move', 'copy'].includes(change.action) && !isRenewal(session, change);
}

/** Tells whether the key stays in the keychain and only its copy in the file is written anew. */
function isRenewal({ stores, profile }: Session, { action, to }: Change): boolean {
  return action === 'copy' && to === stores.file.locate(profile.name);
}

/** The store at a place of a change; the place is named there, so that a receipt needs nothing else. */
function storeAt({ stores, profile }: Session, place: string): KeyStore {
  return place === stores.file.locate(profile.name) ? stores.file : stores.keychain;
}
