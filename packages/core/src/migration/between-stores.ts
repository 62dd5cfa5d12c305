import { saveUnderLock } from '../credentials/save.js';
import { savedForOf } from '../credentials/saved-sources.js';
import type { KeyStore } from '../credentials/store.js';
import { StorageError, UsageError } from '../errors.js';
import type { Session } from '../session.js';
import { legacyFile } from './legacy-file.js';
import { savedKey } from './saved-key.js';
import type { Change, Step } from './step.js';

const OTHER_TOOLS = "Vast.ai's Python CLI and SDK, SkyPilot and others read the key file";

/** Key file → keychain, or back, for who asks with `--to`. */
export const betweenStores: Step = {
  id: 'between-stores',

  async plan(session, { to, keepFile }, before) {
    if (to === undefined) return [];
    if (session.record?.storage === 'command') {
      throw new UsageError(
        `Profile "${session.profile.name}" takes its key from a command; there is nothing to move.`,
      );
    }
    const from = await placeOfKey(session, before);
    if (from === undefined || from === session.stores[to].locate(session.profile.name)) return [];
    await session.stores[to].probe(session.profile.name);
    return [
      {
        step: 'between-stores',
        action: to === 'keychain' && keepFile ? 'copy' : 'move',
        from,
        to: session.stores[to].locate(session.profile.name),
        note: noteFor(to, keepFile ?? false),
      },
    ];
  },

  async apply(session, change) {
    const saved = await savedKey(session);
    if (saved === undefined || saved.source.location !== change.from) {
      throw new StorageError(`${change.from} changed meanwhile.`, 'Try again.');
    }
    const { left } = await saveUnderLock(session, storeAt(session, change.to), saved.key, {
      savedFor: savedForOf(session.record),
      movedFrom: change.action === 'copy' ? 'nowhere' : storeAt(session, change.from),
    });
    if (left.length > 0)
      throw new StorageError(left.join(' '), 'The key is in its new place; remove the old copy by hand.');
  },

  async verify(session, change) {
    const reading = await storeAt(session, change.to).read(session.profile.name);
    if (reading.state === 'present') return;
    throw new StorageError(`${change.to} does not give the key back.`, 'See: vastai doctor');
  },
};

/** Where the key is when this step begins: where the steps before it put it, or where it is saved now. */
async function placeOfKey(session: Session, before: readonly Change[]): Promise<string | undefined> {
  const moved = before.findLast(({ step, action }) => step === legacyFile.id && action === 'move');
  return moved?.to ?? (await savedKey(session))?.source.location;
}

/** The store at a place of a change; the place is named there, so that a receipt needs nothing else. */
function storeAt({ stores, profile }: Session, place: string): KeyStore {
  return place === stores.file.locate(profile.name) ? stores.file : stores.keychain;
}

function noteFor(to: 'keychain' | 'file', keepFile: boolean): string {
  if (to === 'file') return `${OTHER_TOOLS}, and so will find the key.`;
  return keepFile
    ? `${OTHER_TOOLS}: it stays for them, until the next "set api-key".`
    : `${OTHER_TOOLS} and will no longer find one; --keep-file leaves it for them.`;
}
