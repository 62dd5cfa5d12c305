import { currentUser, type User } from '@vastai-cli/core/internal/api/users';
import { isVastaiError, type VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { isLoopback } from '@vastai-cli/core/internal/base/origin';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Source } from '@vastai-cli/core/internal/credentials/source';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { placeOf } from '@vastai-cli/kit/render/place';

/** Describes what the API said about a key. */
export type Verification =
  | {
      readonly state: 'verified';
      readonly user?: User;
      readonly note?: string;
      /** True if requests with the key need a two-factor session. */
      readonly needsSession?: true;
      /** True if the response proves that the key does not have full access. */
      readonly isScoped?: true;
    }
  | { readonly state: 'rejected' | 'two_factor' | 'unverifiable'; readonly error: VastaiError }
  | { readonly state: 'skipped' };

export const skipped: Verification = { state: 'skipped' };

/**
 * Asks the API which account a key belongs to. An error about a missing permission or a missing two-factor session
 * proves that the API knows the key. A timeout, a response from something in between, a rate limit, a server error or an
 * unusable proxy prove nothing.
 *
 * @throws VastaiError `interrupted`, and unexpected errors.
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
          isScoped: true,
          note: 'The key is valid, but lacks the permission to read the account (user_read), so its owner is unknown.',
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
 * Verifies a key before it is saved for an API. A key that needs a two-factor session is valid, so it is saved.
 *
 * @throws VastaiError `key_rejected` if the API rejects the key; UsageError if a loopback address redirects elsewhere.
 */
export async function verifyNewKey(client: Client, { url, sources }: Context): Promise<Verification> {
  const verification = await verifyKey(client);
  if (verification.state === 'rejected') throw await notSaved(verification.error, sources);
  if (verification.state === 'two_factor') {
    return {
      state: 'verified',
      needsSession: true,
      note: 'The key is valid, but the account requires a two-factor session.',
    };
  }
  // Requests to this machine use no proxy, so the address itself is wrong.
  const isElsewhere = verification.state === 'unverifiable' && verification.error.code === 'usage';
  if (isElsewhere && isLoopback(url)) throw verification.error;
  return verification;
}

/** Returns the email address or user name that a list of profiles shows; `undefined` if the API did not return it. */
export function accountOf(verification: Verification): string | undefined {
  if (verification.state !== 'verified') return undefined;
  const name = verification.user?.email ?? verification.user?.username;
  return name === undefined ? undefined : serverText(name);
}

/** Returns the id of the key; `undefined` if the API did not return it. */
export function idOf(verification: Verification): number | undefined {
  return verification.state === 'verified' ? verification.user?.key_id : undefined;
}

/** Adds that nothing changed, and which key stays. Does not read the keychain or run a key command: both may ask for a password. */
async function notSaved(error: VastaiError, sources: readonly Source[]): Promise<VastaiError> {
  for (const { location, boundOrigin, searched, configured, isFree, read } of sources) {
    if (boundOrigin === undefined || !searched) continue;
    const lookup = isFree ? await read() : undefined;
    if (!configured && (lookup?.state ?? 'absent') === 'absent') continue;
    const old = lookup?.state === 'present' ? `The saved key ${lookup.key}` : 'The saved key';
    return withSentence(error, `Nothing was saved. ${old} in ${placeOf(location)} is still in place.`);
  }
  return withSentence(error, 'Nothing was saved.');
}

function withSentence(error: VastaiError, text: string): VastaiError {
  return withDetails(error, { advice: [...(error.advice ?? []), { do: 'say', text }] });
}
