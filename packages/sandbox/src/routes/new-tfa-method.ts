import type { Call, Handlers } from '../call.js';
import type { Challenge } from '../two-factor/challenges.js';
import { tracked } from '../two-factor/guards.js';
import { countSuccess, isLabel, isLocked, type TfaMethod } from '../two-factor/methods.js';
import { locked, methodById, methodOfKind, wrong } from '../two-factor/proof.js';
import { emailAddress, smsFailure } from '../two-factor/send-code.js';
import { tfaError } from '../two-factor/tfa-errors.js';
import { isTotpCode, newTotpSecret } from '../two-factor/totp.js';

/** Handles the routes that add a second factor: authorize, set up, confirm. */
export const newTfaMethodRoutes: Handlers = {
  'tfa.authorize_start': tracked((call) => {
    const { state, user, body } = call;
    const account = state.twoFactor.account(user.id);
    if (body.backup_code !== undefined) {
      const at = account.backupCodes.indexOf(String(body.backup_code));
      if (at < 0) return tfaError('invalid_backup_code');
      account.backupCodes.splice(at, 1);
      state.twoFactor.authorize(user.id);
      return authorized();
    }
    const asked = challengeFor(call);
    if (asked instanceof Response) return asked;
    const { secret } = state.twoFactor.challenges.begin(asked);
    return Response.json({ success: true, msg: 'Authorization initiated.', secret });
  }),

  'tfa.authorize_confirm': tracked((call) => {
    const { state, user, body } = call;
    const { code, secret } = body;
    if (typeof code !== 'string' || typeof secret !== 'string') return tfaError('missing_params');
    const { challenges } = state.twoFactor;
    const challenge = challenges.find(user.id, secret);
    if (!challenge?.authorizes) return tfaError('no_pending_authorization');
    if (challenges.isOver(challenge)) return tfaError('2fa_expired');
    const method = challenge.methodId === null ? undefined : methodById(call, challenge.methodId);
    if (method !== undefined && isLocked(method, state.twoFactor.clock)) return locked(method);
    if (!isRight(call, challenge, method, code)) {
      return method === undefined ? tfaError('2fa_verification_failed') : wrong(call, method);
    }
    if (method !== undefined) countSuccess(method, state.twoFactor.clock);
    challenges.end(challenge);
    state.twoFactor.authorize(user.id);
    return authorized();
  }),

  'tfa.totp_setup': tracked((call) => {
    const { state, user } = call;
    if (!state.twoFactor.isAuthorized(user.id)) return tfaError('authorization_required');
    const secret = newTotpSecret();
    state.twoFactor.account(user.id).totpSecret = secret;
    const account = `Vast.ai:${encodeURIComponent(user.email)}`;
    return Response.json({
      success: true,
      secret,
      provisioning_uri: `otpauth://totp/${account}?secret=${secret}&issuer=Vast.ai`,
    });
  }),

  'tfa.activate': tracked((call) => {
    const { state, user, body } = call;
    if (!state.twoFactor.isAuthorized(user.id)) return tfaError('authorization_required');
    const { tfa_method: kind, code, secret, label } = body;
    if (typeof code !== 'string' || typeof secret !== 'string') return tfaError('missing_params');
    if (!isLabel(label)) return tfaError('bad_request');
    if (kind !== 'totp' && kind !== 'sms') return tfaError('invalid_tfa_method');
    const isFirst = state.twoFactor.account(user.id).methods.length === 0;
    const found = kind === 'totp' ? newApp(call, code, secret) : newPhone(call, code, secret);
    if (found instanceof Response) return found;
    state.twoFactor.addMethod(user.id, {
      method: kind,
      ...found,
      ...(typeof label === 'string' ? { label } : {}),
    });
    const { backupCodes } = state.twoFactor.account(user.id);
    return Response.json({
      success: true,
      msg: '2FA method activated.',
      ...(isFirst ? { backup_codes: backupCodes } : {}),
    });
  }),
};

function authorized(): Response {
  return Response.json({ success: true, msg: 'Authorization successful.' });
}

type Asked = Parameters<Call['state']['twoFactor']['challenges']['begin']>[0];

/** Returns the challenge that the body asks for; an account without methods gets an email, whatever it asks for. */
function challengeFor(call: Call): Asked | Response {
  const { state, user, body } = call;
  const { tfa_method: kind, tfa_method_id: id } = body;
  const own = { userId: user.id, authorizes: true };
  if (state.twoFactor.account(user.id).methods.length === 0 || (kind === 'email' && id === undefined)) {
    const to = emailAddress(call);
    return to instanceof Response ? to : { ...own, kind: 'email', to, methodId: null };
  }
  if (id === undefined && kind === undefined) return tfaError('missing_params');
  if (id === undefined && kind !== 'totp' && kind !== 'sms') return tfaError('invalid_tfa_method');
  const method = id === undefined ? methodOfKind(call, kind as 'totp' | 'sms') : methodById(call, id);
  if (method === undefined) return tfaError(id === undefined ? 'tfa_method_not_configured' : 'not_found');
  if (isLocked(method, state.twoFactor.clock)) return locked(method);
  if (method.phoneNumber === null) return { ...own, kind: 'totp', to: '', methodId: method.id };
  const destination = { to: method.phoneNumber, methodId: method.id };
  return smsFailure(call, destination) ?? { ...own, kind: 'sms', ...destination };
}

function isRight(call: Call, challenge: Challenge, method: TfaMethod | undefined, code: string): boolean {
  if (challenge.kind !== 'totp') return challenge.code === code;
  return method !== undefined && isTotpCode(method.secret, code, call.state.twoFactor.clock.now());
}

/** Checks the first code of an app; returns its secret. */
function newApp({ state, user }: Call, code: string, secret: string): { secret: string } | Response {
  const account = state.twoFactor.account(user.id);
  if (account.methods.some((one) => one.secret === secret)) return tfaError('duplicate_tfa_method');
  if (secret !== account.totpSecret) return tfaError('challenge_not_found');
  if (!isTotpCode(secret, code, state.twoFactor.clock.now())) return tfaError('2fa_verification_failed');
  account.totpSecret = undefined;
  return { secret };
}

/** Checks the first code that a phone got; returns its number. */
function newPhone(
  { state, user, body }: Call,
  code: string,
  secret: string,
): { phoneNumber: string } | Response {
  const { phone_number: number } = body;
  if (typeof number !== 'string') return tfaError('missing_phone_number');
  const { challenges } = state.twoFactor;
  if (state.twoFactor.account(user.id).methods.some((one) => one.phoneNumber === number))
    return tfaError('duplicate_tfa_method');
  const challenge = challenges.find(user.id, secret);
  if (challenge?.kind !== 'sms') return tfaError('challenge_not_found');
  if (challenge.to !== number) return tfaError('phone_number_mismatch');
  if (challenges.isOver(challenge)) return tfaError('2fa_expired');
  if (challenge.code !== code) return tfaError('2fa_verification_failed');
  challenges.end(challenge);
  return { phoneNumber: number };
}
