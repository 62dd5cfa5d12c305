import type { Call } from '../call.js';
import { isLocked } from './methods.js';
import { FAILING_NUMBERS, isPhoneNumber } from './phone-numbers.js';
import { locked, methodById, methodOfKind } from './proof.js';
import { tfaError } from './tfa-errors.js';

/** Names the number that a code goes to, and the method that it belongs to, if any. */
export interface Destination {
  readonly to: string;
  readonly methodId: number | null;
}

/** Most messages to one number, and most numbers of one account, that a sandbox sends. */
const MOST_TO_ONE = 5;
const MOST_NUMBERS = 3;

/** Finds where an SMS goes; an API error if it goes nowhere. A number that is being added needs an authorization. */
export function smsDestination(call: Call): Destination | Response {
  const { phone_number: number, tfa_method_id: id } = call.body;
  if (number !== undefined && typeof number !== 'string') return tfaError('bad_request');
  const { twoFactor } = call.state;
  if (number !== undefined) {
    const own = twoFactor.account(call.user.id).methods.find((one) => one.phoneNumber === number);
    if (own !== undefined) return { to: number, methodId: own.id };
    if (!isPhoneNumber(number)) return tfaError('bad_request');
    if (!twoFactor.isAuthorized(call.user.id)) return tfaError('authorization_required');
    return { to: number, methodId: null };
  }
  const method = id === undefined ? methodOfKind(call, 'sms') : methodById(call, id);
  if (method === undefined) return tfaError(id === undefined ? 'missing_phone_number' : 'not_found');
  if (method.phoneNumber === null) return tfaError('invalid_tfa_method');
  if (isLocked(method, twoFactor.clock)) return locked(method);
  return { to: method.phoneNumber, methodId: method.id };
}

/** Returns why no SMS can be sent to a number, or undefined. */
export function smsFailure({ state, user }: Call, { to, methodId }: Destination): Response | undefined {
  const failure = Object.hasOwn(FAILING_NUMBERS, to) ? FAILING_NUMBERS[to] : undefined;
  if (failure !== undefined) return tfaError(failure);
  const { messages } = state.twoFactor.challenges;
  if (messages.filter((message) => message.to === to).length >= MOST_TO_ONE)
    return tfaError('sms_rate_limited');
  const known = new Set(state.twoFactor.account(user.id).methods.map(({ phoneNumber }) => phoneNumber));
  const others = new Set(messages.filter(({ kind }) => kind === 'sms').map((message) => message.to));
  for (const number of known) others.delete(number ?? '');
  if (methodId === null && !others.has(to) && others.size >= MOST_NUMBERS)
    return tfaError('preauth_phone_cap');
  return undefined;
}

/** Returns the address that an email goes to; an API error if it can go nowhere. */
export function emailAddress({ user }: Call): string | Response {
  if (user.email === '') return tfaError('missing_email');
  return user.email_verified === false ? tfaError('email_not_verified') : user.email;
}
