import type { Client } from '@vastai-cli/core/api/client';
import { currentUser, type User } from '@vastai-cli/core/api/users';
import { isLoopback } from '@vastai-cli/core/config/origin';
import { isVastaiError, type VastaiError } from '@vastai-cli/core/errors';

/** What asking the API about a key showed. */
export type Verification =
  | { readonly state: 'verified'; readonly user?: User; readonly note?: string }
  | { readonly state: 'unverifiable'; readonly error: VastaiError }
  | { readonly state: 'rejected'; readonly error: VastaiError }
  | { readonly state: 'skipped' };

export const skipped: Verification = { state: 'skipped' };

/**
 * Asks the API whose key this is. The API's own refusal for lack of a permission or of a two-factor session proves
 * that the key is known. No answer, an answer of something in between, a rate limit, a server error or a proxy that
 * cannot be used prove nothing.
 *
 * @throws what says nothing about the key: an interruption, a fault of this program.
 */
export async function verifyKey(client: Client): Promise<Verification> {
  try {
    return { state: 'verified', user: (await currentUser(client)).value };
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    switch (error.code) {
      case 'key_rejected':
        return { state: 'rejected', error };
      case 'forbidden':
        return {
          state: 'verified',
          note: 'The key is valid. It may not read the account (user_read), so whose it is cannot be shown.',
        };
      case 'two_factor':
        return {
          state: 'verified',
          note: 'The key is valid. The account wants a two-factor session before it answers.',
        };
      case 'interrupted':
        throw error;
      default:
        return { state: 'unverifiable', error };
    }
  }
}

/**
 * Verifies a key that is about to be saved for an API.
 *
 * @throws the API's rejection: such a key is not saved; UsageError for an address of this machine that leads elsewhere.
 */
export async function verifyNewKey(client: Client, url: URL): Promise<Verification> {
  const verification = await verifyKey(client);
  if (verification.state === 'rejected') throw verification.error;
  // No proxy stands before this machine, so it is the address itself that cannot be used.
  const isElsewhere = verification.state === 'unverifiable' && verification.error.code === 'usage';
  if (isElsewhere && isLoopback(url)) throw verification.error;
  return verification;
}
