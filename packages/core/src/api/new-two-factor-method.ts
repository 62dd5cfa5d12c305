import type { Fields } from '../base/json-object.js';
import type { Client } from '../http/client.js';
import { type ApiResponse, UnexpectedShape } from './read-response.js';
import type { TwoFactorProof } from './two-factor.js';
import {
  type BackupCodes,
  CODE_IF_LOST,
  changed,
  given,
  messageOf,
  readBackupCodes,
  readShort,
} from './two-factor-request.js';

/** Secret of an authenticator app that is being added. */
export interface TotpSecret {
  /** Base32. */
  readonly secret: string;
  /** URI for a QR code: `otpauth://totp/…`. */
  readonly provisioning_uri: string;
}

const AUTHORIZE = '/api/v0/tfa/authorize-new-method/';

/**
 * Begins to authorize a new method: `POST /api/v0/tfa/authorize-new-method/`. A backup code authorizes at once; otherwise the
 * secret that comes back is for `confirmAuthorization`.
 */
export async function authorizeNewMethod(
  client: Client,
  by: Pick<TwoFactorProof, 'tfa_method' | 'tfa_method_id' | 'backup_code'>,
): Promise<ApiResponse<{ readonly secret: string | null }>> {
  const ifLost =
    by.backup_code === undefined
      ? CODE_IF_LOST
      : `The backup code may be used up. If so, you can add a method now. Check it with: ${client.command('tfa status')}`;
  const request = { method: 'POST', path: AUTHORIZE, body: given(by), ifLost } as const;
  const read = (fields: Fields) => ({
    secret: by.backup_code === undefined ? readShort(fields, 'secret') : null,
  });
  return changed(client, request, read, ['secret']);
}

/** Authorizes a new method with a code: `PUT /api/v0/tfa/authorize-new-method/`. It lasts 30 minutes. */
export async function confirmAuthorization(
  client: Client,
  proof: { readonly code: string; readonly secret: string },
): Promise<ApiResponse<{ readonly message: string | null }>> {
  const ifLost = `You may be able to add a method now. Check it with: ${client.command('tfa status')}`;
  const request = { method: 'PUT', path: AUTHORIZE, body: given(proof), ifLost } as const;
  return changed(client, request, (fields) => ({ message: messageOf(fields) }));
}

/** Makes the secret of a new authenticator app: `POST /api/v0/tfa/totp-setup/`. */
export async function setUpTotp(client: Client): Promise<ApiResponse<TotpSecret>> {
  const request = {
    method: 'POST',
    path: '/api/v0/tfa/totp-setup/',
    body: {},
    ifLost: 'No method was added. Run the command again for a new secret.',
  } as const;
  const read = (fields: Fields) => {
    const uri = readShort(fields, 'provisioning_uri');
    // Drawn as a QR code, so it must be for an app and nothing else.
    if (!/^otpauth:\/\/totp\//u.test(uri))
      throw new UnexpectedShape('“provisioning_uri” is not an otpauth URI');
    return { secret: readShort(fields, 'secret'), provisioning_uri: uri };
  };
  return changed(client, request, read, ['secret', 'provisioning_uri']);
}

/** A new method and its first code. */
export interface NewTwoFactorMethod {
  readonly tfa_method: 'totp' | 'sms';
  readonly code: string;
  readonly secret: string;
  readonly phone_number?: string | undefined;
  readonly label?: string | undefined;
}

/** Activates a new method with its first code: `POST /api/v0/tfa/confirm-new/`. The first method comes with backup codes. */
export async function activateMethod(
  client: Client,
  method: NewTwoFactorMethod,
): Promise<ApiResponse<BackupCodes>> {
  const [status, codes] = [client.command('tfa status'), client.command('tfa regen-codes')];
  const ifLost = `The method may be active anyway. See: ${status}  New backup codes: ${codes}`;
  const request = {
    method: 'POST',
    path: '/api/v0/tfa/confirm-new/',
    body: given(method),
    ifLost,
    onlyOnce: true,
  } as const;
  return changed(client, request, readBackupCodes, ['backup_codes']);
}
