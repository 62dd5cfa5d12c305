import { type CreatedApiKey, createApiKey, type NewApiKey } from '../../api/api-keys.js';
import { requireKnown } from '../../api/new-key.js';
import { isOutcomeUnknown } from '../../api/unknown-outcome.js';
import type { ApiKey } from '../../base/api-key.js';
import { isVastaiError, VastaiError, withDetails } from '../../base/errors.js';
import { thisProcess } from '../../files/lock-holder.js';
import type { Client } from '../../http/client.js';
import { fingerprintOf } from '../../secrets/fingerprint.js';
import type { EphemeralEntry } from '../ledger/entries.js';
import {
  addEntry,
  type LedgerPlace,
  ledgerTime,
  newEntryId,
  removeEntry,
  replaceEntry,
} from '../ledger/ledger.js';
import { deleteKeyOfRun, type KeyLeft, wayToDelete } from './delete.js';

/** Holds what it takes to make a key for one run. */
export interface Making {
  readonly place: LedgerPlace;
  readonly origin: string;
  /** Profile of the run; null if its key came from a flag or a variable. */
  readonly profile: string | null;
  /** Key that makes the other one. */
  readonly key: ApiKey;
  /** Sends that key; its requests end with `signal`, unless the API may have made the key. */
  readonly client: Client;
  /** Sends that key, and deletes the other one even after `signal`. */
  readonly patient: Client;
  /** Returns a client that sends the new key. */
  clientOf(key: ApiKey): Promise<Client>;
  readonly permissions: NonNullable<NewApiKey['permissions']>;
  /** Returns a sentence if the permissions that the API gave the key allow more. */
  compare(granted: unknown): string | undefined;
  /** Seconds after which the run ends. */
  readonly ttl: number | undefined;
  /** Told the entry before the key is requested. */
  begin(entry: EphemeralEntry): void;
  /** Ends the work once the key is made: it is then deleted. */
  readonly signal: AbortSignal;
}

/** A key that was made for one run. */
export interface KeyOfRun {
  readonly entry: EphemeralEntry;
  readonly key: ApiKey;
}

/**
 * Makes a key for one run. The intent is in the ledger before the key is requested, and its id before it is used, so that a kill
 * at any moment leaves what `cleanUpEphemeralKeys` can finish.
 *
 * @throws VastaiError. The key is then deleted; if that fails, the message says so.
 */
export async function makeKeyOfRun(making: Making): Promise<KeyOfRun> {
  const { place, ttl, signal } = making;
  const id = newEntryId();
  const started = ledgerTime();
  const intent: EphemeralEntry = {
    entry: id,
    kind: 'ephemeral',
    origin: making.origin,
    profile: making.profile,
    name: `exec ${id}`,
    maker: fingerprintOf(making.key),
    process: await thisProcess(),
    started,
    ...(ttl === undefined ? {} : { expires: started + ttl }),
  };
  await addEntry(place, intent);
  making.begin(intent);
  const { value: made, raw } = await create(making, intent);
  const entry = { ...intent, id: made.id };
  making.begin(entry);
  try {
    await replaceEntry(place, entry);
    const wider = making.compare(raw);
    if (wider !== undefined) throw new VastaiError('findings', wider);
    await requireKnown(await making.clientOf(made.key), made.id, signal);
    signal.throwIfAborted();
    return { entry, key: made.key };
  } catch (error) {
    throw await takenBack(making, entry, error);
  }
}

/**
 * Deletes the key of a run, and closes its entry.
 *
 * @returns what is left: the key, with the error that kept it; `undefined` if it is gone
 */
export async function endKeyOfRun(
  place: LedgerPlace,
  client: Client,
  entry: EphemeralEntry,
): Promise<KeyLeft | undefined> {
  try {
    if (!(await deleteKeyOfRun(client, entry))) return undefined;
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    return { entry, error };
  }
  // The key is gone. The next command finds that, and closes the entry.
  await removeEntry(place, entry.entry).catch(() => {});
  return undefined;
}

async function create(
  { client, patient, place, permissions }: Making,
  intent: EphemeralEntry,
): Promise<{ readonly value: CreatedApiKey; readonly raw: unknown }> {
  const { name } = intent;
  const mayExist = `A key named “${name}” may now exist. The next exec, doctor or prune deletes it.`;
  try {
    return await createApiKey(client, { name, permissions }, mayExist);
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    if (!isOutcomeUnknown(error)) {
      await removeEntry(place, intent.entry).catch(() => {});
      throw error;
    }
    const found = error.code !== 'interrupted' && (await deleteKeyOfRun(patient, intent).catch(() => false));
    if (!found) throw error;
    await removeEntry(place, intent.entry).catch(() => {});
    const message = `${error.message} The key was created and deleted again, because its value is lost.`;
    throw withDetails(error, { message, hint: 'Try again.' });
  }
}

/** Deletes a key that cannot be used. Returns the error to throw. */
async function takenBack(
  { place, patient }: Making,
  entry: EphemeralEntry,
  error: unknown,
): Promise<unknown> {
  if (!isVastaiError(error)) return error;
  const left = await endKeyOfRun(place, patient, entry);
  if (left === undefined)
    return withDetails(error, { message: `${error.message} The key of this run was deleted.` });
  return withDetails(error, {
    message: `${error.message} API key ${entry.id} could not be deleted. ${left.error.message}`,
    hint: '',
    advice: wayToDelete(left),
  });
}
