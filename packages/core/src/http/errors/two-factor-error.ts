/**
 * The words by which the two-factor routes name their errors, apart from those that other routes use too. Their statuses are
 * those of other errors: a wrong backup code is a 401, a locked method a 429.
 */
const TWO_FACTOR_ERRORS = [
  'invalid_tfa_method',
  'missing_auth_value',
  'missing_params',
  'email_not_verified',
  '2fa_expired',
  'challenge_not_found',
  'no_challenge_found',
  'tfa_challenge_exists',
  'no_pending_authorization',
  'untracked_2fa_found',
  'duplicate_tfa_method',
  'twilio_error',
  'phone_number_mismatch',
  '2fa_login_failed',
  '2fa_verification_failed',
  'missing_email',
  'missing_phone_number',
  'tfa_method_not_configured',
  'sms_blocked_number',
  'invalid_backup_code',
  'authorization_required',
  'team_user_forbidden',
  'sms_fraud_detected',
  'preauth_phone_cap',
  'sms_rate_limited',
  'twilio_rate_limited',
  'tfa_locked',
  'challenge_creation_failed',
] as const;

/** The word of an error of two-factor login. */
export type TwoFactorError = (typeof TWO_FACTOR_ERRORS)[number];

/** Returns true for the word of an error that only the two-factor routes have. It says nothing about the key. */
export function isTwoFactorError(word: unknown): word is TwoFactorError {
  return TWO_FACTOR_ERRORS.some((known) => known === word);
}

/**
 * Returns true for the body of a 429 that names an error of its own, such as a locked method. It is no rate limit, so
 * repeating the request does not help.
 */
export function isOwnError({ error }: Readonly<Record<string, unknown>>, said: string): boolean {
  return typeof error === 'string' && /^[a-z0-9]+(?:_[a-z0-9]+)+$/u.test(error) && !isRateLimit(error, said);
}

function isRateLimit(error: string, said: string): boolean {
  if (isTwoFactorError(error)) return false;
  return (
    /^(?:rate_limit|too_frequent|too_many_requests)/u.test(error) || /too frequent|rate limit/iu.test(said)
  );
}
