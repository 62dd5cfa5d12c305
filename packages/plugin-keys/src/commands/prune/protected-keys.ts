import { currentUser } from '@vastai-cli/core/internal/api/users';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { type ErrorCode, isVastaiError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { KeyToSend } from '@vastai-cli/core/internal/context/create-client';
import type { ProfileKeys } from '@vastai-cli/core/internal/context/profile-keys';
import { livenessOf, thisProcess } from '@vastai-cli/core/internal/files/lock-holder';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { entriesOf, type LedgerEntry } from '@vastai-cli/core/internal/operations/ledger/entries';
import type { KeptReason, Protection } from './prune-plan.js';

/** Holds what is known about the keys that must stay. */
export interface Known {
  /** The key of this run, and its noted id. */
  readonly own: ApiKey;
  readonly noted: number | undefined;
  readonly ledger: readonly LedgerEntry[];
  readonly profiles: ProfileKeys;
}

/**
 * Finds out which keys must stay: the one in use, those of every profile here, and those that a rotation or a run in progress
 * needs.
 *
 * @param connect returns a client that sends another key
 * @throws VastaiError if the id of one of these keys cannot be found out.
 */
export async function protectedKeys(
  { own, noted, ledger, profiles }: Known,
  client: Client,
  connect: (found: KeyToSend) => Promise<Client>,
): Promise<Protection> {
  const byName = new Map<string, KeptReason>();
  const byId = new Map<number, KeptReason>();
  await protectByLedger(ledger, byId, byName);
  for (const id of profiles.noted.keys()) byId.set(id, 'profile');
  const asked: ApiKey[] = [own];
  for (const { profile, ...found } of profiles.unknown) {
    const { key } = found;
    if (asked.some((one) => one.equals(key))) continue;
    asked.push(key);
    byId.set(await idOf(await connect(found), profile), 'profile');
  }
  byId.set(await ownId(client, noted), 'in_use');
  return { byId, byName };
}

async function ownId(client: Client, noted: number | undefined): Promise<number> {
  try {
    const id = (await currentUser(client)).value.key_id;
    if (id !== undefined) return id;
  } catch (error) {
    if (noted === undefined || !isVastaiError(error) || error.code !== 'forbidden') throw error;
  }
  if (noted !== undefined) return noted;
  throw new VastaiError('api_error', 'The API does not say which key is in use. Nothing was deleted.');
}

/** Errors that mean the same of another key as of that of the run. */
const TOLD: readonly ErrorCode[] = ['rate_limited', 'two_factor', 'unreachable'];

/** Asks the API for the id of a profile's key. @throws VastaiError if it does not tell, whatever the reason. */
async function idOf(client: Client, profile: string): Promise<number> {
  const unknown = `The key of profile "${profile}" could not be identified, so nothing was deleted.`;
  const advice = [
    { do: 'save-key', profile, purpose: 'Save its key again, so that its ID is recorded' },
    { do: 'remove-key', profile, purpose: 'Or remove it' },
  ] as const;
  let id: number | undefined;
  try {
    id = (await currentUser(client)).value.key_id;
  } catch (error) {
    if (!isVastaiError(error) || error.code === 'interrupted') throw error;
    // A rejected key would otherwise be explained as that of the run.
    const code = TOLD.includes(error.code) ? error.code : 'api_error';
    const login = error.code === 'two_factor' ? [{ do: 'tfa-login', profile } as const] : [];
    throw new VastaiError(code, `${unknown} ${error.message}`, {
      advice: [...login, ...advice],
      cause: error,
    });
  }
  if (id !== undefined) return id;
  throw new VastaiError('api_error', unknown, { advice });
}

async function protectByLedger(
  ledger: readonly LedgerEntry[],
  byId: Map<number, KeptReason>,
  byName: Map<string, KeptReason>,
): Promise<void> {
  for (const { old, new: made } of entriesOf(ledger, 'rotation')) {
    byId.set(old.id, 'rotation');
    if (made.id !== undefined) byId.set(made.id, 'rotation');
    byName.set(made.name, 'rotation');
  }
  const self = await thisProcess();
  for (const { id, name, process } of entriesOf(ledger, 'ephemeral')) {
    if ((await livenessOf(process, self)) === 'ended') continue;
    if (id !== undefined) byId.set(id, 'run');
    byName.set(name, 'run');
  }
}
