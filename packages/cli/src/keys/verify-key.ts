import { currentUser, type User } from '@vastai-cli/core/internal/api/users';
import { isVastaiError, type VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { isLoopback } from '@vastai-cli/core/internal/base/origin';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Source } from '@vastai-cli/core/internal/credentials/source';
import type { Client } from '@vastai-cli/core/internal/http/client';

/** What asking the API about a key showed. */
export type Verification =
  | { readonly state: 'verified'; readonly user?: User; readonly note?: string }
  | { readonly state: 'rejected' | 'two_factor' | 'unverifiable'; readonly error: VastaiError }
  | { readonly state: 'skipped' };

export const skipped: Verification = { state: 'skipped' };

/**
 * Asks the API whose key this is. The API's own refusal for lack of a permission proves that the key is known, and so
 * does a call for a two-factor session, without which the key is of no use yet. No answer, an answer of something in between, a rate limit, a server error or a proxy that
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
        return { state: 'two_factor', error };
      case 'interrupted':
        throw error;
      default:
        return { state: 'unverifiable', error };
    }
  }
}

/**
 * Verifies a key that is about to be saved for an API. One that needs a two-factor session is known, so it is saved.
 *
 * @throws the API's rejection: such a key is not saved; UsageError for an address of this machine that leads elsewhere.
 */
export async function verifyNewKey(client: Client, { url, sources }: Context): Promise<Verification> {
  const verification = await verifyKey(client);
  if (verification.state === 'rejected') throw await notSaved(verification.error, sources);
  if (verification.state === 'two_factor') {
    return {
      state: 'verified',
      note: 'The key is valid. The account wants a two-factor session before it answers.',
    };
  }
  // No proxy stands before this machine, so it is the address itself that cannot be used.
  const isElsewhere = verification.state === 'unverifiable' && verification.error.code === 'usage';
  if (isElsewhere && isLoopback(url)) throw verification.error;
  return verification;
}

/** Returns whose key it is, as a list of profiles shows it; nothing where the API did not tell. */
export function accountOf(verification: Verification): string | undefined {
  if (verification.state !== 'verified') return undefined;
  const name = verification.user?.email ?? verification.user?.username;
  return name === undefined ? undefined : serverText(name);
}

/** Says that nothing changed, and which key stays. The keychain and the key command may ask for a password: they are only named. */
async function notSaved(error: VastaiError, sources: readonly Source[]): Promise<VastaiError> {
  for (const { location, boundOrigin, searched, configured, isFree, read } of sources) {
    if (boundOrigin === undefined || !searched) continue;
    const lookup = isFree ? await read() : undefined;
    if (!configured && (lookup?.state ?? 'absent') === 'absent') continue;
    const old = lookup?.state === 'present' ? `The saved key ${lookup.key}` : 'The saved key';
    return withSentence(error, `Nothing was saved. ${old} in ${location} is still in place.`);
  }
  return withSentence(error, 'Nothing was saved.');
}

function withSentence(error: VastaiError, text: string): VastaiError {
  return withDetails(error, { advice: [...(error.advice ?? []), { do: 'say', text }] });
}
