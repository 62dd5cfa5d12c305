import type { Handler } from '../call.js';
import { tfaError } from './tfa-errors.js';

/** Lets a route be used unless the key belongs to a team. */
export function personal(handler: Handler): Handler {
  return (call) => (call.key.teamId === null ? handler(call) : tfaError('team_user_forbidden'));
}

/** Lets a route be used unless the key belongs to a team, or the account has to make backup codes first. */
export function tracked(handler: Handler): Handler {
  return personal((call) =>
    call.state.twoFactor.account(call.user.id).isLegacy ? tfaError('untracked_2fa_found') : handler(call),
  );
}
