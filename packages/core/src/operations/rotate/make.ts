import { type ApiKeyRecord, type CreatedApiKey, createApiKey, listApiKeys } from '../../api/api-keys.js';
import { recordOfNew, requireKnown } from '../../api/new-key.js';
import { deleteIfThere } from '../../api/sure-deletion.js';
import { isOutcomeUnknown } from '../../api/unknown-outcome.js';
import type { ApiKey } from '../../base/api-key.js';
import { isVastaiError, VastaiError, withDetails } from '../../base/errors.js';
import { serverText } from '../../base/terminal-safe.js';
import type { Client } from '../../http/client.js';
import { fingerprintOf } from '../../secrets/fingerprint.js';
import { entriesOf, type RotationEntry } from '../ledger/entries.js';
import { withExpiryFor } from '../ledger/inherit.js';
import { changeLedger, removeEntry } from '../ledger/ledger.js';
import { closeRotation, leftOpen, type RotationContext } from './rotation.js';

/** A new key that the API knows, and that may do what the old one may. */
export interface MadeKey {
  readonly entry: RotationEntry;
  readonly id: number;
  readonly key: ApiKey;
  /** Time at which it expires, like the old one, in seconds since 1970; `undefined` if no such time is noted. */
  readonly expires: number | undefined;
}

const OLD_STAYS = 'The old key still works.';
const OLD_IS_GONE = 'The old key no longer works.';

/**
 * Creates the new key of a rotation whose entry is in the ledger, and checks it. If it is not what the old key is, or cannot be
 * checked, it is deleted again.
 *
 * @throws VastaiError; the ledger then has no entry if nothing is left behind, and otherwise the error says how to go on.
 */
export async function makeNewKey(
  rotation: RotationContext,
  entry: RotationEntry,
  old: ApiKeyRecord,
): Promise<MadeKey> {
  const { id, key } = await request(rotation, entry, old);
  const known: RotationEntry = {
    ...entry,
    new: { ...entry.new, id, fingerprint: fingerprintOf(key) },
    next: 'store',
  };
  try {
    const expires = await noteMade(rotation, known, id, key);
    await requireKnown(await rotation.clientOf(key), id, rotation.signal);
    const record = await withEither(rotation, key, (client) => recordOfNew(client, id, rotation.signal));
    const difference = rotation.compare(old, record);
    if (difference !== undefined) throw new VastaiError('findings', difference);
    return { entry: known, id, key, expires };
  } catch (error) {
    throw await takeBack(rotation, { entry: known, id, key }, error);
  }
}

/** Writes down that the new key exists, and its expiry date, which is that of the old one. Returns that date. */
async function noteMade(
  { context, store, key: used }: RotationContext,
  entry: RotationEntry,
  id: number,
  key: ApiKey,
): Promise<number | undefined> {
  const { origin, old } = entry;
  let expires: number | undefined;
  await changeLedger(context, (entries) => {
    expires = entriesOf(entries, 'expiry').find((one) => one.origin === origin && one.id === old.id)?.expires;
    const changed = entries.map((one) => (one.entry === entry.entry ? entry : one));
    const maker = store === undefined ? used : key;
    return withExpiryFor(changed, origin, old.id, { id, name: entry.new.name, maker });
  });
  return expires;
}

/** Does something with the key of this run; with the new key, if the API no longer knows that one. */
async function withEither<T>(
  { client, clientOf }: RotationContext,
  key: ApiKey,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    return await work(client);
  } catch (error) {
    if (!isVastaiError(error) || error.code !== 'key_rejected') throw error;
    return work(await clientOf(key));
  }
}

/** Deletes the new key, since the rotation cannot go on, and closes it. Returns the error to throw. */
export async function takeBack(
  rotation: RotationContext,
  { entry, id, key }: Omit<MadeKey, 'expires'>,
  error: unknown,
): Promise<unknown> {
  if (!isVastaiError(error)) return error;
  const { context, client } = rotation;
  if (error.code === 'interrupted')
    return leftOpen(error, entry, `The new key ${id} may still exist. ${OLD_STAYS}`);
  let ofOld = OLD_STAYS;
  try {
    await withEither(rotation, key, (either) => {
      if (either !== client) ofOld = OLD_IS_GONE;
      return deleteIfThere(either, id);
    });
  } catch (second) {
    return isVastaiError(second)
      ? leftOpen(error, entry, `The new key ${id} may still exist. ${ofOld}`)
      : second;
  }
  const gone = `The new key was deleted. ${ofOld}`;
  try {
    await closeRotation(context, entry, id);
  } catch (second) {
    // The next rotation finds that nothing is left of this one.
    return isVastaiError(second) ? leftOpen(error, entry, gone) : second;
  }
  return withDetails(error, { message: `${error.message} ${gone}` });
}

/** Deletes every key that an earlier attempt of this rotation made. Returns how many there were. */
export async function deleteOrphans(
  client: Client,
  entry: RotationEntry,
  keys: readonly ApiKeyRecord[],
): Promise<number> {
  const orphans = keys.filter(({ id, name }) => name === entry.new.name && id !== entry.old.id);
  for (const { id } of orphans) await deleteIfThere(client, id);
  return orphans.length;
}

async function request(
  rotation: RotationContext,
  entry: RotationEntry,
  { permissions }: ApiKeyRecord,
): Promise<CreatedApiKey> {
  const { context, client } = rotation;
  const { name } = entry.new;
  const ifLost = `A key named “${serverText(name)}” may now exist. ${OLD_STAYS}`;
  try {
    const wanted = { name, ...(permissions === null ? {} : { permissions }) };
    return (await createApiKey(client, wanted, ifLost)).value;
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    if (isOutcomeUnknown(error)) throw await afterLostResponse(rotation, entry, error);
    await removeEntry(context, entry.entry);
    throw error;
  }
}

/** Looks for the key that was created without a response, whose value is lost, and deletes it. Returns the error to throw. */
async function afterLostResponse(
  { context, client }: RotationContext,
  entry: RotationEntry,
  error: VastaiError,
): Promise<VastaiError> {
  const mayExist = (ofOld = OLD_STAYS) =>
    leftOpen(error, entry, `A key named “${serverText(entry.new.name)}” may exist. ${ofOld}`);
  if (error.code === 'interrupted') return mayExist();
  try {
    const found = await deleteOrphans(client, entry, (await listApiKeys(client)).value);
    // The API may still be busy with the request.
    if (found === 0) return mayExist();
    await removeEntry(context, entry.entry);
  } catch (second) {
    if (!isVastaiError(second)) throw second;
    return mayExist(second.code === 'key_rejected' ? OLD_IS_GONE : OLD_STAYS);
  }
  return withDetails(error, {
    message: `${error.message} The new key was created and deleted again, because its value is lost. ${OLD_STAYS}`,
    hint: 'Try again.',
  });
}
