import type { Call } from '../call.js';
import { countFailure, countSuccess, isLocked, type TfaMethod } from './methods.js';
import { tfaError } from './tfa-errors.js';
import { isTotpCode } from './totp.js';

/** Names the proof that the caller is the owner of the account. */
export interface Proof {
  readonly by: 'code' | 'backup_code';
  /** The method of the code; undefined for an email or a backup code. */
  readonly method?: TfaMethod | undefined;
}

/** Checks the code or backup code in a body, which is then used up; an API error if it is wrong. */
export function prove(
  call: Call,
  wrongEmailCode: 'login' | 'verification' = 'verification',
): Proof | Response {
  const { state, user, body } = call;
  const { backup_code: backupCode, code } = body;
  const account = state.twoFactor.account(user.id);
  if (typeof backupCode === 'string') {
    const at = account.backupCodes.indexOf(backupCode);
    if (at < 0) return tfaError('invalid_backup_code');
    account.backupCodes.splice(at, 1);
    return { by: 'backup_code' };
  }
  if (code === undefined) return tfaError('missing_auth_value');
  if (typeof code !== 'string') return tfaError('bad_request');
  const kind = kindOf(call);
  if (kind instanceof Response) return kind;
  if (kind === 'email' || typeof kind !== 'string') return proveSent(call, code, kind, wrongEmailCode);
  return tfaError('invalid_tfa_method');
}

/** Finds the method that the body names by its id or kind; `email` is not a method. */
function kindOf(call: Call): TfaMethod | 'email' | Response {
  const { tfa_method: kind, tfa_method_id: id } = call.body;
  if (id !== undefined) return methodById(call, id) ?? tfaError('not_found');
  const wanted = kind ?? sentKind(call) ?? 'totp';
  if (wanted === 'email') return wanted;
  if (wanted !== 'totp' && wanted !== 'sms') return tfaError('invalid_tfa_method');
  return methodOfKind(call, wanted) ?? tfaError('tfa_method_not_configured');
}

function sentKind({ state, user, body }: Call): string | undefined {
  return typeof body.secret === 'string'
    ? state.twoFactor.challenges.find(user.id, body.secret)?.kind
    : undefined;
}

/** Finds a method by an id, which may come as a string, as the Python CLI sends it. */
export function methodById({ state, user }: Call, id: unknown): TfaMethod | undefined {
  return state.twoFactor.account(user.id).methods.find((one) => String(one.id) === String(id));
}

/** Finds a method of a kind, the primary one first. */
export function methodOfKind({ state, user }: Call, kind: 'totp' | 'sms'): TfaMethod | undefined {
  const methods = state.twoFactor.account(user.id).methods.filter(({ method }) => method === kind);
  return methods.find(({ isPrimary }) => isPrimary) ?? methods[0];
}

function proveSent(
  call: Call,
  code: string,
  method: TfaMethod | 'email',
  wrongEmailCode: 'login' | 'verification',
): Proof | Response {
  const { state, user, body } = call;
  const { twoFactor } = state;
  if (method !== 'email' && isLocked(method, twoFactor.clock)) return locked(method);
  if (method !== 'email' && method.method === 'totp') {
    if (!isTotpCode(method.secret, code, twoFactor.clock.now())) return wrong(call, method);
    countSuccess(method, twoFactor.clock);
    return { by: 'code', method };
  }
  if (typeof body.secret !== 'string') return tfaError('missing_params');
  const challenge = twoFactor.challenges.find(user.id, body.secret);
  const isItsOwn =
    challenge !== undefined &&
    (method === 'email' ? challenge.kind === 'email' : challenge.to === method.phoneNumber);
  if (!isItsOwn) return tfaError('challenge_not_found');
  if (twoFactor.challenges.isOver(challenge)) return tfaError('2fa_expired');
  if (challenge.code !== code) {
    if (method !== 'email') return wrong(call, method);
    return tfaError(wrongEmailCode === 'login' ? '2fa_login_failed' : '2fa_verification_failed');
  }
  twoFactor.challenges.end(challenge);
  if (method === 'email') return { by: 'code' };
  countSuccess(method, twoFactor.clock);
  return { by: 'code', method };
}

export function locked({ failCount, lockedUntil }: TfaMethod): Response {
  return tfaError('tfa_locked', { fail_count: failCount, locked_until: lockedUntil });
}

export function wrong({ state }: Call, method: TfaMethod): Response {
  return tfaError('2fa_verification_failed', countFailure(method, state.twoFactor.clock));
}
