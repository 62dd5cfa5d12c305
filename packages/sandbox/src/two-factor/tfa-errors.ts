/** The errors of two-factor routes, as Vast.ai documents them: each with its status and what it says. */
const ERRORS = {
  bad_request: [400, 'Bad request.'],
  invalid_tfa_method: [400, 'Invalid 2FA method.'],
  missing_auth_value: [400, 'A code or a backup code is required.'],
  missing_params: [400, 'Required parameters are missing.'],
  email_not_verified: [400, 'Your email address is not verified.'],
  '2fa_expired': [400, 'The 2FA code has expired.'],
  challenge_not_found: [400, 'No 2FA challenge with this secret.'],
  no_challenge_found: [400, 'No 2FA challenge found.'],
  tfa_challenge_exists: [400, 'A 2FA code was already sent.'],
  no_pending_authorization: [400, 'No pending authorization found.'],
  untracked_2fa_found: [400, 'Untracked 2FA found on this account.'],
  duplicate_tfa_method: [400, 'This 2FA method already exists.'],
  twilio_error: [400, 'The SMS could not be sent.'],
  phone_number_mismatch: [400, 'The phone number does not match.'],
  '2fa_login_failed': [400, '2FA login failed.'],
  '2fa_verification_failed': [400, '2FA verification failed.'],
  missing_email: [400, 'No email address on this account.'],
  missing_phone_number: [400, 'A phone number is required.'],
  tfa_method_not_configured: [400, 'This 2FA method is not configured.'],
  sms_blocked_number: [400, 'This number cannot receive SMS.'],
  invalid_backup_code: [401, 'Invalid backup code.'],
  authorization_required: [403, 'Authorization is required to add a 2FA method.'],
  team_user_forbidden: [403, '2FA is not available in team context.'],
  sms_fraud_detected: [403, 'SMS to this number is blocked because of suspected fraud.'],
  not_found: [404, '2FA method not found.'],
  preauth_phone_cap: [429, 'Too many phone numbers before login.'],
  sms_rate_limited: [429, 'Too many SMS requests.'],
  twilio_rate_limited: [429, 'The SMS provider limits requests.'],
  tfa_locked: [429, 'This 2FA method is locked.'],
  challenge_creation_failed: [500, 'The 2FA challenge could not be created.'],
  service_unavailable: [503, 'The 2FA service is unavailable.'],
} as const satisfies Record<string, readonly [status: number, msg: string]>;

export type TfaErrorName = keyof typeof ERRORS;

/** Returns an error of a two-factor route. */
export function tfaError(error: TfaErrorName, more: Readonly<Record<string, unknown>> = {}): Response {
  const [status, msg] = ERRORS[error];
  return Response.json({ success: false, error, msg, ...more }, { status });
}
