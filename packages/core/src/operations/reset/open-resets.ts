import type { Advice } from '../../base/advice.js';
import type { ApiKey } from '../../base/api-key.js';
import { dayOf } from '../../base/server-time.js';
import type { Paths } from '../../config/paths.js';
import { readSettings, recordOf } from '../../config/settings.js';
import { unsavedKeys } from '../../credentials/unsaved-key.js';
import { matchesFingerprint } from '../../secrets/fingerprint.js';
import { readKeyFile } from '../../secrets/key-text.js';
import type { Problem } from '../../secrets/lookup.js';
import { entriesOf, type ResetEntry } from '../ledger/entries.js';
import { readLedger } from '../ledger/ledger.js';

/** The saved key that a run would send. */
export interface UsedKey {
  readonly profile: string;
  readonly key: ApiKey;
  /** True if the API has accepted or rejected it, so that the outcome of a reset is known. */
  readonly isAnswered: boolean;
}

/**
 * Returns the resets of saved keys whose outcome is not known, as problems. Asks neither a keychain nor the API.
 *
 * @param used the saved key of the run, if there is one
 * @throws StorageError if the ledger or the settings cannot be read
 */
export async function openResets(paths: Paths, used?: UsedKey): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const entry of entriesOf(await readLedger(paths), 'reset')) {
    const { profile, old } = entry;
    if (profile === null) continue;
    const isOpen =
      profile === used?.profile
        ? !used.isAnswered && matchesFingerprint(old, used.key)
        : await mayBeStored(paths, profile, old);
    if (isOpen) problems.push(await describe(paths, profile, entry));
  }
  return problems;
}

/** Returns true unless the profile has another key by now, or none. A key in a keychain is known by its notes. */
async function mayBeStored(paths: Paths, profile: string, old: string): Promise<boolean> {
  const record = recordOf(await readSettings(paths), profile);
  if (record?.storage === 'keychain') return record.key_hash === undefined || record.key_hash === old;
  const lookup = await readKeyFile(paths.keyFile(profile));
  return lookup.state === 'present' ? matchesFingerprint(old, lookup.key) : lookup.state === 'unreadable';
}

async function describe(paths: Paths, profile: string, { started }: ResetEntry): Promise<Problem> {
  const ofProfile = profile === 'default' ? '' : ` of profile "${profile}"`;
  const begun = `A reset of the key${ofProfile} was started on ${dayOf(started)}`;
  const left = (await unsavedKeys(paths)).find((one) => one.profile === profile);
  if (left !== undefined) {
    const purpose = 'Save the new key';
    const fix: Advice[] = [{ do: 'save-key', profile, from: left.path, consume: true, purpose }];
    return { code: 'reset_open', message: `${begun}, and the new key is not saved.`, fix };
  }
  return {
    code: 'reset_open',
    message: `${begun}, and its outcome is unknown. If the API rejects the saved key, the new one is lost.`,
    fix: [{ do: 'make-key' }, { do: 'save-key', profile, purpose: 'Then save it' }],
  };
}
