import type { Advice } from '../../base/advice.js';
import type { ApiKey } from '../../base/api-key.js';
import { dayOf } from '../../base/server-time.js';
import type { Context } from '../../credentials/context.js';
import { unsavedKeys } from '../../credentials/unsaved-key.js';
import { openResetOf } from './journal.js';

/**
 * Explains why a saved key is refused, if a reset of it was interrupted: the new key is in a file, or lost.
 *
 * @returns steps, or an empty list if no reset was
 */
export async function adviceAfterReset(context: Context, refused: ApiKey): Promise<readonly Advice[]> {
  const { paths, profile } = context;
  const left = (await unsavedKeys(paths)).find((one) => one.profile === profile.name);
  if (left !== undefined) {
    const purpose = 'A reset was interrupted before the new key was saved. Save it';
    return [{ do: 'save-key', profile: profile.name, from: left.path, consume: true, purpose }];
  }
  const since = await openResetOf(context, refused);
  if (since === undefined) return [];
  const text = `A reset of this key was started on ${dayOf(since)}, and the new key did not arrive. If nobody else revoked the key, the new one is lost.`;
  return [{ do: 'say', text }, { do: 'make-key' }, { do: 'save-key', purpose: 'Then save it' }];
}
