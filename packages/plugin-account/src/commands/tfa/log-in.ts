import { logInWithTwoFactor, type TwoFactorProof } from '@vastai-cli/core/internal/api/two-factor';
import { localTime } from '@vastai-cli/core/internal/base/local-time';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { saveSession } from '@vastai-cli/core/internal/credentials/session';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';
import { note, type Remark, type Result, sentence, warning } from '@vastai-cli/kit/result';
import { FEW_CODES } from '../../two-factor/backup-codes.js';

/** Sets how long a session lasts, in seconds: a week, which the response does not say (Vast.ai's API, “Sessions”). */
const LIFETIME = 7 * 86_400;

/** Holds what a login needs. */
export interface LoggingIn {
  readonly client: Client;
  readonly context: Context;
  readonly found: AcquiredKey;
  readonly store: KeyStore;
}

/** Logs in and keeps the session for the profile. */
export async function logIn(
  proof: TwoFactorProof,
  { client, context, found, store }: LoggingIn,
): Promise<Result> {
  const { value, raw } = await logInWithTwoFactor(client, proof, found.key);
  const { session, backup_codes_remaining: left } = value;
  const { name } = context.profile;
  const remarks = codesLeft(left, proof.backup_code !== undefined, client);
  if (session === null) {
    return {
      document: { profile: name, storage: null, location: null, ends: null, backup_codes_remaining: left },
      raw,
      human: [
        sentence(
          'Logged in. Vast.ai returned no new session: the saved key is a session itself, and works again.',
        ),
      ],
      remarks,
    };
  }
  const ends = Math.floor(Date.now() / 1000) + LIFETIME;
  const { storage, location } = await saveSession(context, store, found, session, { ends });
  return {
    document: {
      profile: name,
      storage,
      location,
      suffix: session.suffix,
      ends,
      backup_codes_remaining: left,
    },
    raw,
    human: [
      sentence(
        `Logged in for a week, until ${localTime(ends)}. The session ${session} is in ${location} (profile "${name}").`,
      ),
    ],
    remarks,
  };
}

/** Says how many backup codes are left, after one was used. */
function codesLeft(left: number | null, used: boolean, client: Client): Remark[] {
  const more = client.command('tfa regen-codes');
  if (left === null) {
    if (!used) return [];
    const text = `Vast.ai did not say how many backup codes are left: either none was used for this login, or that was the last one. See: ${client.command('tfa status')}  New ones: ${more}`;
    return [warning(text)];
  }
  const count = `${left} backup ${left === 1 ? 'code is' : 'codes are'} left.`;
  return left <= FEW_CODES ? [warning(`${count} New ones: ${more}`)] : [note(count)];
}
