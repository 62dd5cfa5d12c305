import { ApiKey } from '../base/api-key.js';
import type { Fields } from '../base/json-object.js';
import type { Client } from '../http/client.js';
import { withoutSecrets } from '../http/masking/redaction.js';
import { path } from '../http/path.js';
import {
  type ApiResponse,
  readId,
  readList,
  readNumber,
  readObject,
  readResponse,
  readString,
  UnexpectedShape,
} from './read-response.js';
import { explained } from './two-factor-errors.js';
import {
  type BackupCodes,
  CODE_IF_LOST,
  changed,
  given,
  messageOf,
  readBackupCodes,
  readCount,
  readShort,
} from './two-factor-request.js';

/** Names the way in which a person gets a code. An email address is not a stored method of an account. */
export type TwoFactorKind = 'totp' | 'sms' | 'email';

/** A second factor of an account. A field that the API leaves out, or sends in another type, is null. */
export interface TwoFactorMethod {
  readonly id: number;
  /** `totp` for an authenticator app, or `sms`. */
  readonly method: string | null;
  readonly label: string | null;
  /** Phone number, partly masked by the API. */
  readonly phone_number: string | null;
  readonly is_primary: boolean | null;
  /** Number of wrong codes in a row. */
  readonly fail_count: number | null;
  /** Time until which the method is locked, in seconds since 1970; null if it is not. */
  readonly locked_until: number | null;
  /** Seconds since 1970. */
  readonly created_at: number | null;
  readonly last_used: number | null;
}

/** Two-factor login of an account. */
export interface TwoFactorStatus {
  readonly tfa_enabled: boolean | null;
  readonly methods: readonly TwoFactorMethod[];
  readonly backup_codes_remaining: number | null;
  /** True if methods can be added, for 30 minutes after an authorization. */
  readonly new_method_authorized: boolean | null;
}

/**
 * Proof of who logs in or changes something: a code of a method, or a backup code. Without `tfa_method` and `tfa_method_id`,
 * the API takes the only method that fits.
 */
export interface TwoFactorProof {
  readonly tfa_method?: TwoFactorKind | undefined;
  /** Id of the method. The Python CLI sends it as a string. */
  readonly tfa_method_id?: string | undefined;
  readonly code?: string | undefined;
  readonly backup_code?: string | undefined;
  /** The answer to the request that sent the code, for a code by SMS or email. */
  readonly secret?: string | undefined;
}

/** Holds what a login returned. */
export interface TwoFactorLogin {
  /** Two-factor session. Null if the API returned the key that was sent, which is itself a session then and works again. */
  readonly session: ApiKey | null;
  /**
   * Number of backup codes that are left. Null if the API does not tell: no backup code was used, or it was the last one.
   */
  readonly backup_codes_remaining: number | null;
}

const ROOT = '/api/v0/tfa/';
/** Far more characters than any session has. */
const LONGEST = 2048;

/**
 * Returns how the account logs in with a second factor: `GET /api/v0/tfa/status/`. Send the API key, not a session.
 *
 * @throws what `Client.request` throws, and TransportError if the response cannot be understood.
 */
export async function twoFactorStatus(client: Client): Promise<ApiResponse<TwoFactorStatus>> {
  const request = { method: 'GET', path: path`/api/v0/tfa/status/` } as const;
  return explained(async () => {
    const response = await client.request(request);
    return readResponse(request, response, (body) => {
      const fields = readObject(body, 'it');
      const value = {
        tfa_enabled: readBoolean(fields, 'tfa_enabled'),
        methods: readList(fields.methods ?? [], 'its “methods”').map(readMethod),
        backup_codes_remaining: readCount(fields, 'backup_codes_remaining'),
        new_method_authorized: readBoolean(fields, 'new_method_authorized'),
      };
      return { value, raw: withoutSecrets(response) };
    });
  });
}

/**
 * Logs in: `POST /api/v0/tfa/`.
 *
 * @param sent the key that the client sends, by which an answer that only repeats it is known
 * @throws ApiError with `two_factor` in its data, such as a wrong code, and TransportError if no session came back.
 */
export async function logInWithTwoFactor(
  client: Client,
  proof: TwoFactorProof,
  sent?: ApiKey,
): Promise<ApiResponse<TwoFactorLogin>> {
  const ifLost =
    proof.backup_code === undefined
      ? `The code may be used up. Log in with a new one: ${client.command('tfa login')}`
      : `The backup code may be used up. See how many are left: ${client.command('tfa status')}`;
  const request = { method: 'POST', path: ROOT, body: proofFields(proof), ifLost } as const;
  return changed(client, request, (fields) => ({
    session: readSession(fields, sent),
    backup_codes_remaining: readCount(fields, 'backup_codes_remaining'),
  }));
}

/** Sends a code by SMS: `POST /api/v0/tfa/sms/`. Returns the secret that the code is used with. */
export async function sendSmsCode(
  client: Client,
  to: { readonly phone_number?: string | undefined; readonly tfa_method_id?: string | undefined } = {},
): Promise<ApiResponse<{ readonly secret: string; readonly message: string | null }>> {
  const request = {
    method: 'POST',
    path: '/api/v0/tfa/sms/',
    body: given(to),
    ifLost: CODE_IF_LOST,
  } as const;
  return changed(client, request, sentCode, ['secret']);
}

/** Sends the last code by SMS again: `POST /api/v0/tfa/sms/resend/`. The secret stays the same. */
export async function resendSmsCode(
  client: Client,
  of: { readonly secret?: string | undefined; readonly phone_number?: string | undefined } = {},
): Promise<ApiResponse<{ readonly message: string | null }>> {
  const request = {
    method: 'POST',
    path: '/api/v0/tfa/sms/resend/',
    body: given(of),
    ifLost: 'The code may have been sent again. If none arrives, run the command again.',
  } as const;
  return changed(client, request, (fields) => ({ message: messageOf(fields) }));
}

/** Sends a code to the email address of the account: `POST /api/v0/tfa/email/`. Returns the secret that it is used with. */
export async function sendEmailCode(
  client: Client,
): Promise<ApiResponse<{ readonly secret: string; readonly message: string | null }>> {
  const request = { method: 'POST', path: '/api/v0/tfa/email/', body: {}, ifLost: CODE_IF_LOST } as const;
  return changed(client, request, sentCode, ['secret']);
}

/** Changes the label of a method, or which one is the primary one: `PUT /api/v0/tfa/update/`. */
export async function updateMethod(
  client: Client,
  change: {
    readonly tfa_method_id: number;
    readonly label?: string | undefined;
    readonly is_primary?: boolean | undefined;
  },
): Promise<ApiResponse<{ readonly message: string | null }>> {
  const ifLost = `The method may have changed. Check it with: ${client.command('tfa status')}`;
  const request = { method: 'PUT', path: '/api/v0/tfa/update/', body: given(change), ifLost } as const;
  return changed(client, request, (fields) => ({ message: messageOf(fields) }));
}

/** Removes a method: `DELETE /api/v0/tfa/`. With the last one, two-factor login is off. */
export async function deleteMethod(
  client: Client,
  proof: TwoFactorProof & { readonly target_id?: number | undefined },
): Promise<ApiResponse<{ readonly remaining_methods: number | null; readonly message: string | null }>> {
  const body = { ...proofFields(proof), ...given({ target_id: proof.target_id }) };
  const ifLost = `The method may be gone. Check it with: ${client.command('tfa status')}`;
  return changed(client, { method: 'DELETE', path: ROOT, body, ifLost }, (fields) => ({
    remaining_methods: readCount(fields, 'remaining_methods'),
    message: messageOf(fields),
  }));
}

/** Replaces all backup codes: `PUT /api/v0/tfa/regen-backup-codes/`. */
export async function regenerateBackupCodes(
  client: Client,
  proof: TwoFactorProof,
): Promise<ApiResponse<BackupCodes>> {
  const ifLost = `The old backup codes may be invalid. Create new ones: ${client.command('tfa regen-codes')}`;
  const request = {
    method: 'PUT',
    path: '/api/v0/tfa/regen-backup-codes/',
    body: proofFields(proof),
    ifLost,
    onlyOnce: true,
  } as const;
  // The old codes are void, so a response without new ones is not a success.
  const read = (fields: Fields) => {
    const codes = readBackupCodes(fields);
    if (codes.backup_codes === null) throw new UnexpectedShape('it has no “backup_codes”');
    return codes;
  };
  return changed(client, request, read, ['backup_codes']);
}

/** Returns the fields of a proof in the order of the Python CLI. */
function proofFields({ tfa_method_id, tfa_method, code, backup_code, secret }: TwoFactorProof): Fields {
  return given({ tfa_method_id, tfa_method, code, backup_code, secret });
}

function readMethod(record: unknown): TwoFactorMethod {
  const fields = readObject(record, 'one of its methods');
  return {
    id: readId(fields),
    method: readString(fields, 'method'),
    label: readString(fields, 'label'),
    phone_number: readString(fields, 'phone_number'),
    is_primary: readBoolean(fields, 'is_primary'),
    fail_count: readCount(fields, 'fail_count'),
    locked_until: readNumber(fields, 'locked_until'),
    created_at: readNumber(fields, 'created_at'),
    last_used: readNumber(fields, 'last_used'),
  };
}

function readBoolean(fields: Fields, name: string): boolean | null {
  const value = fields[name];
  return typeof value === 'boolean' ? value : null;
}

function readSession({ session_key: text }: Fields, sent: ApiKey | undefined): ApiKey | null {
  // The client has masked the key that it sent.
  if (sent !== undefined && text === sent.toString()) return null;
  const session = typeof text === 'string' && text.length <= LONGEST ? ApiKey.parse(text) : undefined;
  if (session === undefined || typeof session === 'string')
    throw new UnexpectedShape('it has no “session_key” that could be sent');
  return session;
}

function sentCode(fields: Fields): { readonly secret: string; readonly message: string | null } {
  return { secret: readShort(fields, 'secret'), message: messageOf(fields) };
}
