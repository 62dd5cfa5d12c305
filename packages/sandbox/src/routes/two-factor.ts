import type { Handlers } from '../call.js';
import { personal, tracked } from '../two-factor/guards.js';
import { isLabel, methodRow, newBackupCodes } from '../two-factor/methods.js';
import { methodById, prove } from '../two-factor/proof.js';
import { emailAddress, smsDestination, smsFailure } from '../two-factor/send-code.js';
import { tfaError } from '../two-factor/tfa-errors.js';

/** Handles the routes of two-factor login that need nothing but what an account has. */
export const twoFactorRoutes: Handlers = {
  'tfa.status': personal(({ state, user }) => {
    const { methods, backupCodes } = state.twoFactor.account(user.id);
    return Response.json({
      success: true,
      tfa_enabled: methods.length > 0,
      methods: methods.map(methodRow),
      backup_codes_remaining: backupCodes.length,
      new_method_authorized: state.twoFactor.isAuthorized(user.id),
    });
  }),

  'tfa.login': tracked((call) => {
    const { state, user, key } = call;
    const proof = prove(call, 'login');
    if (proof instanceof Response) return proof;
    const left = state.twoFactor.account(user.id).backupCodes.length;
    return Response.json({
      ...user,
      tfa_status: state.twoFactor.statusOf(user.id),
      session_key: state.sessions.begin(key),
      // Left out for the last backup code too, as the real API does.
      ...(proof.by === 'backup_code' && left > 0 ? { backup_codes_remaining: left } : {}),
    });
  }),

  'tfa.send_sms': personal((call) => {
    const destination = smsDestination(call);
    if (destination instanceof Response) return destination;
    const { challenges } = call.state.twoFactor;
    const before = challenges.latest(call.user.id, 'sms', destination.to);
    if (before !== undefined && !challenges.isOver(before)) return tfaError('tfa_challenge_exists');
    const failure = smsFailure(call, destination);
    if (failure !== undefined) return failure;
    const { secret } = challenges.begin({
      ...destination,
      userId: call.user.id,
      kind: 'sms',
      authorizes: false,
    });
    return Response.json({ success: true, msg: 'SMS code sent.', secret });
  }),

  'tfa.resend_sms': personal((call) => {
    const { challenges } = call.state.twoFactor;
    const { secret, phone_number: number } = call.body;
    const challenge =
      typeof secret === 'string'
        ? challenges.find(call.user.id, secret)
        : challenges.latest(call.user.id, 'sms', typeof number === 'string' ? number : undefined);
    if (challenge?.kind !== 'sms') return tfaError('no_challenge_found');
    if (typeof number === 'string' && number !== challenge.to) return tfaError('phone_number_mismatch');
    if (challenges.isOver(challenge)) return tfaError('2fa_expired');
    const failure = smsFailure(call, challenge);
    if (failure !== undefined) return failure;
    challenges.again(challenge);
    return Response.json({ success: true, msg: 'SMS code sent again.' });
  }),

  'tfa.send_email': personal((call) => {
    const to = emailAddress(call);
    if (to instanceof Response) return to;
    const { challenges } = call.state.twoFactor;
    const before = challenges.latest(call.user.id, 'email', to);
    if (before !== undefined && !before.authorizes && !challenges.isOver(before))
      return tfaError('tfa_challenge_exists');
    const { secret } = challenges.begin({
      userId: call.user.id,
      kind: 'email',
      to,
      methodId: null,
      authorizes: false,
    });
    return Response.json({ success: true, msg: 'Email code sent.', secret });
  }),

  'tfa.update': personal((call) => {
    const { tfa_method_id: id, label, is_primary: isPrimary } = call.body;
    if (id === undefined || (label === undefined && isPrimary === undefined))
      return tfaError('missing_params');
    if (!isLabel(label) || !['undefined', 'boolean'].includes(typeof isPrimary))
      return tfaError('bad_request');
    const method = methodById(call, id);
    if (method === undefined) return tfaError('not_found');
    if (typeof label === 'string') method.label = label;
    if (isPrimary === true) {
      for (const one of call.state.twoFactor.account(call.user.id).methods) one.isPrimary = false;
    }
    if (typeof isPrimary === 'boolean') method.isPrimary = isPrimary;
    return Response.json({ success: true, msg: '2FA method updated.', method: methodRow(method) });
  }),

  'tfa.delete': tracked((call) => {
    const { target_id: id } = call.body;
    if (id !== undefined && methodById(call, id) === undefined) return tfaError('not_found');
    const proof = prove(call);
    if (proof instanceof Response) return proof;
    const target = id === undefined ? proof.method : methodById(call, id);
    if (target === undefined) return tfaError('missing_params');
    call.state.twoFactor.removeMethod(call.user.id, target.id);
    const left = call.state.twoFactor.account(call.user.id).methods.length;
    return Response.json({
      success: true,
      ...(left === 0
        ? { msg: '2FA Successfully Disabled' }
        : { msg: '2FA method removed.', remaining_methods: left }),
    });
  }),

  'tfa.regen_codes': personal((call) => {
    const account = call.state.twoFactor.account(call.user.id);
    const proof = prove(call);
    if (proof instanceof Response) return proof;
    account.backupCodes = newBackupCodes();
    account.isLegacy = false;
    return Response.json({ success: true, backup_codes: account.backupCodes });
  }),
};
