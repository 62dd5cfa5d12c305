import { guidanceOf, StorageError, type VastaiError, withDetails } from '../../base/errors.js';
import type { Context } from '../../credentials/context.js';
import { adviceToKeepEither, describeDifference, type PlacedKey } from '../../credentials/different-keys.js';
import { savedKey } from '../../credentials/saved-key.js';
import { notedSession } from '../../credentials/session-note.js';
import { readUnrecorded } from '../../credentials/stored-sources.js';
import { readKeyFile } from '../../secrets/key-text.js';
import { isKeychainError, type KeychainError } from '../../secrets/keychain/errors.js';
import { ABSENT, type Lookup } from '../../secrets/lookup.js';
import type { Change, MigrationOptions } from './step.js';

const OTHER_TOOLS = "Vast.ai's Python CLI and SDK, SkyPilot and others read the key file";

type Planned = Omit<Change, 'step'>;
type Wanted = MigrationOptions & { readonly to: 'keychain' | 'file' };

/** Plans how to move the profile's key to a store. Without `force`, a different key there is left alone. */
export async function planBetweenStores(
  context: Context,
  wanted: Wanted,
  before: readonly Change[],
): Promise<Planned[]> {
  const saved = await keyAfter(context, before);
  if (saved === undefined) return [];
  const { name } = context.profile;
  const store = context.stores[wanted.to];
  if (saved.location === store.locate(name)) return planForCopy(context, wanted, saved);
  await store.probe(name).catch((error: unknown) => {
    throw isKeychainError(error) ? staysWhereItIs(error) : error;
  });
  return [planMove(context, wanted, saved, await store.read(name))];
}

/** Advises nothing that saves the key elsewhere: if the keychain cannot take it, it is still saved. */
function staysWhereItIs(error: KeychainError): VastaiError {
  const others = guidanceOf(error).filter((step) => step.do !== 'pass-key' && step.do !== 'save-key');
  const text = 'Nothing was changed. The key still works from where it is.';
  return withDetails(error, { advice: [...others, { do: 'say', text }] });
}

/** Returns the key as it will be when this step begins: where it is saved now, or where an earlier step moves it. */
async function keyAfter(context: Context, before: readonly Change[]): Promise<PlacedKey | undefined> {
  const saved = await savedKey(context);
  if (saved !== undefined) return { key: saved.key, location: saved.source.location };
  const moved = before.findLast(({ step, action }) => step === 'legacy-file' && action === 'move');
  if (moved === undefined) return undefined;
  const legacy = await readKeyFile(moved.from);
  return legacy.state === 'present' ? { key: legacy.key, location: moved.to } : undefined;
}

function planMove(
  context: Context,
  { to, keepFile = false, force = false }: Wanted,
  saved: PlacedKey,
  there: Lookup,
): Planned {
  const location = context.stores[to].locate(context.profile.name);
  const keepsFile = to === 'keychain' && keepFile;
  const session = notedSession(context.record);
  const along =
    session === undefined || session.storage === to ? '' : ' Its two-factor session moves with it.';
  const move = (note: string): Planned => ({
    action: keepsFile ? 'copy' : 'move',
    from: saved.location,
    to: location,
    note: `${note}${along}`,
  });
  if (there.state === 'unreadable') {
    if (force) return move(`Replaces what cannot be read there. ${noteFor(to, keepFile)}`);
    throw new StorageError(`${there.problem.message} It may be a different key, so nothing was moved.`, [
      {
        do: 'migrate',
        to,
        ...(keepsFile && { keepFile: true }),
        force: true,
        purpose: 'Move it away, or replace it',
      },
    ]);
  }
  if (there.state === 'absent' || there.key.equals(saved.key)) return move(noteFor(to, keepFile));
  if (force) return move(`${saved.key} replaces ${there.key} there. ${noteFor(to, keepFile)}`);
  return conflict(saved, { key: there.key, location, in: to }, keepsFile);
}

/** Plans what to do about a copy in the other store, if the key is already where it should be. */
async function planForCopy(
  context: Context,
  { to, keepFile = false, force = false }: Wanted,
  saved: PlacedKey,
): Promise<Planned[]> {
  const isFile = to === 'keychain';
  const other = isFile ? context.stores.file : context.stores.quietKeychain;
  const copy = isFile ? await other.read(context.profile.name) : await lookIntoKeychain(context);
  const location = other.locate(context.profile.name);
  const renewal = (note: string): Planned[] => [{ action: 'copy', from: saved.location, to: location, note }];
  if (copy.state === 'absent' && isFile && keepFile) return renewal(noteFor(to, keepFile));
  if (copy.state !== 'present') return [];
  if (copy.key.equals(saved.key)) {
    if (isFile && context.record?.kept_file) return [];
    if (isFile && keepFile) return renewal(noteFor(to, keepFile));
    return [{ action: 'drop', from: location, to: '', note: `A copy of the key in ${saved.location}.` }];
  }
  if (isFile && keepFile && force) {
    return renewal(`${saved.key} replaces ${copy.key} there. ${noteFor(to, keepFile)}`);
  }
  return [conflict(saved, { key: copy.key, location, in: other.kind }, isFile)];
}

async function lookIntoKeychain({ environment, stores, profile }: Context): Promise<Lookup> {
  return environment.VASTAI_STORAGE === 'file' ? ABSENT : readUnrecorded(stores.quietKeychain, profile.name);
}

function conflict(saved: PlacedKey, other: Parameters<typeof adviceToKeepEither>[1], keep: boolean): Planned {
  return {
    action: 'report',
    from: other.location,
    to: '',
    note: describeDifference(saved, other),
    fix: adviceToKeepEither(saved, other, keep),
  };
}

function noteFor(to: 'keychain' | 'file', keepFile: boolean): string {
  if (to === 'file') return `${OTHER_TOOLS}, so they will find the key.`;
  return keepFile
    ? `${OTHER_TOOLS}, which stays until the next "set api-key".`
    : `${OTHER_TOOLS}, and will no longer find it. --keep-file leaves it for them.`;
}
