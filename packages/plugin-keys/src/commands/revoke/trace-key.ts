import { currentUser } from '@vastai-cli/core/internal/api/users';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isVastaiError, VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { readSettings } from '@vastai-cli/core/internal/config/settings';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { notedIdOf } from '@vastai-cli/core/internal/credentials/noted-key';
import type { Client } from '@vastai-cli/core/internal/http/client';

/** Says what the API knows about a key. */
export type Traced =
  | { readonly state: 'found'; readonly id: number }
  /** The API rejects the key. */
  | { readonly state: 'unknown'; readonly error: VastaiError }
  /** The API knows the key, but does not say which one it is. `why` is a sentence. */
  | { readonly state: 'untraceable'; readonly error: VastaiError };

/**
 * Finds the id of a key: asks the API with the key itself, and looks at what is noted here about saved keys if the key may not.
 *
 * @param own sends the key
 * @throws VastaiError if the API could not be asked
 */
export async function traceKey(own: Client, key: ApiKey, { paths }: Pick<Context, 'paths'>): Promise<Traced> {
  const asked = await askFor(own, key);
  if (asked.state !== 'untraceable') return asked;
  const { profiles } = await readSettings(paths);
  const noted = Object.values(profiles).map((record) => notedIdOf(record, key));
  const id = noted.find((one) => one !== undefined);
  return id === undefined ? asked : { state: 'found', id };
}

async function askFor(own: Client, key: ApiKey): Promise<Traced> {
  try {
    const { key_id: id } = (await currentUser(own)).value;
    if (id !== undefined) return { state: 'found', id };
    const message = `The API does not say which key ${key} is.`;
    return { state: 'untraceable', error: new VastaiError('api_error', message) };
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    const { status } = error;
    const untraceable = (message: string): Traced => ({
      state: 'untraceable',
      error: new VastaiError(error.code, message, status === undefined ? {} : { status }),
    });
    switch (error.code) {
      case 'key_rejected':
        return { state: 'unknown', error };
      case 'forbidden':
        return untraceable(
          `The key ${key} works, but has no permission to read its user (user_read), so its ID cannot be found.`,
        );
      case 'two_factor':
        return untraceable(
          `The API knows the key ${key}, but requires a two-factor session for it, so its ID cannot be found.`,
        );
      case 'interrupted':
        throw error;
      default:
        throw withDetails(error, { message: `${error.message} Nothing was revoked.` });
    }
  }
}
