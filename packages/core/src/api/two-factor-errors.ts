import type { Advice } from '../base/advice.js';
import { isVastaiError, type VastaiError, withDetails } from '../base/errors.js';
import type { Fields } from '../base/json-object.js';
import { localTime } from '../base/local-time.js';
import { secondsOf } from '../base/server-time.js';
import { responseMessage } from '../http/errors/response-error.js';
import { isTwoFactorError, type TwoFactorError } from '../http/errors/two-factor-error.js';

/** Adds the error of two-factor login to a failure, for scripts. */
export interface TwoFactorFailure {
  readonly two_factor: {
    /** The API's word for the error, such as `tfa_locked`. */
    readonly error: string;
    /** Number of wrong codes in a row. */
    readonly fail_count?: number;
    /** Seconds since 1970. */
    readonly locked_until?: number;
  };
}

interface Explanation {
  readonly message: string;
  /** Sentences about what to do next. */
  readonly hint?: string;
  /** Step to take next. */
  readonly next?: Extract<Advice, { do: 'tfa' }>['step'];
}

/** Words that other routes use too, each with the code of an error for which it means what is explained here. */
const SHARED = {
  bad_request: 'api_error',
  not_found: 'not_found',
  service_unavailable: 'unreachable',
} as const;

type Named = TwoFactorError | keyof typeof SHARED;

const OTHER_WAY = 'Use another method, or a backup code.';
const WRONG_CODE: Explanation = {
  message: 'The code is wrong.',
  hint: 'Check the code, or use a newer one.',
};

/** Explains each error, and says what to do (Vast.ai's two-factor routes). */
const EXPLANATIONS: Readonly<Record<Named, Explanation>> = {
  bad_request: { message: 'The API does not accept these values.' },
  invalid_tfa_method: {
    message: 'This method cannot be used here.',
    hint: 'The methods are totp, sms and email. An email address cannot be added or removed.',
    next: 'status',
  },
  missing_auth_value: { message: 'A code or a backup code is missing.' },
  missing_params: {
    message: 'Something is missing.',
    hint: 'A code sent by SMS or email needs the secret printed when it was sent; a new phone also needs its number.',
  },
  email_not_verified: {
    message: 'The email address of the account is not verified.',
    hint: 'Verify it at https://cloud.vast.ai/account/, or use another method.',
  },
  '2fa_expired': {
    message: 'The code has expired: it was valid for ten minutes.',
    hint: 'Start again to get a new one.',
  },
  challenge_not_found: {
    message: 'The API does not know this secret, or its code was already used.',
    hint: 'Use the secret of the last code, or request a new code.',
  },
  no_challenge_found: { message: 'There is no recent code to send again.', next: 'send-sms' },
  tfa_challenge_exists: {
    message: 'A code was already sent.',
    hint: 'Use it with its secret, or wait ten minutes.',
    next: 'resend-sms',
  },
  no_pending_authorization: {
    message: 'No authorization was started with this secret.',
    next: 'auth-new',
  },
  untracked_2fa_found: {
    message: 'The account set up two-factor login before backup codes existed. It needs some first.',
    next: 'regen-codes',
  },
  duplicate_tfa_method: { message: 'The account already has this method.', next: 'status' },
  twilio_error: {
    message: 'The SMS could not be sent.',
    hint: 'Check the number, or use another method.',
  },
  phone_number_mismatch: {
    message: 'The code was sent to another phone number.',
    hint: 'Use the number that the code was sent to.',
  },
  '2fa_login_failed': WRONG_CODE,
  '2fa_verification_failed': WRONG_CODE,
  missing_email: { message: 'The account has no email address.', hint: OTHER_WAY },
  missing_phone_number: {
    message: 'A phone number is missing: the account has no phone.',
    hint: 'Use another method, or add a phone with "tfa add sms".',
  },
  tfa_method_not_configured: { message: 'The account does not have this method.', next: 'status' },
  sms_blocked_number: {
    message: 'Vast.ai sends no SMS to this number.',
    hint: 'Use another number or another method.',
  },
  invalid_backup_code: {
    message: 'The backup code is wrong or already used.',
    hint: 'Each backup code works once. New backup codes replace all older ones.',
  },
  authorization_required: {
    message: 'To add a method, you need an authorization from the last 30 minutes.',
    next: 'auth-new',
  },
  team_user_forbidden: {
    message: 'A key that acts for a team cannot use two-factor login.',
    hint: 'Use a key of your own account.',
  },
  sms_fraud_detected: {
    message: 'Vast.ai blocked SMS to this number because of suspected fraud.',
    hint: 'Contact Vast.ai support (support@vast.ai), or use another method.',
  },
  not_found: { message: 'The account has no method with this ID.', next: 'status' },
  preauth_phone_cap: {
    message: 'Too many phone numbers were tried.',
    hint: 'Wait a while, or use another method.',
  },
  sms_rate_limited: {
    message: 'Too many SMS were requested.',
    hint: `Wait a while. ${OTHER_WAY}`,
  },
  twilio_rate_limited: {
    message: "Vast.ai's SMS service accepts no more messages for now.",
    hint: `Wait a while. ${OTHER_WAY}`,
  },
  tfa_locked: { message: 'Too many wrong codes.', hint: OTHER_WAY },
  challenge_creation_failed: {
    message: 'The API could not create a code.',
    hint: 'Try again in a while, or use another method.',
  },
  service_unavailable: {
    message: 'Two-factor login at Vast.ai is unavailable.',
    hint: 'Try again in a while.',
  },
};

/** Says what to check if the API does not accept a value, by the field that has it. */
const VALUES: Readonly<Record<string, string>> = {
  label: 'A label can have at most 30 characters.',
  phone_number: 'A phone number must begin with + and the country code, such as +12025550100.',
};

/**
 * Does work that calls a two-factor route. Its errors get a message and the next step; none of them repeats a code.
 *
 * @param sent the body of the request
 */
export async function explained<T>(work: () => Promise<T>, sent: Fields = {}): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    throw explain(error, sent);
  }
}

/** Returns the API's word for an error of two-factor login; undefined for any other error. */
export function twoFactorErrorOf(error: unknown): string | undefined {
  return isVastaiError(error) ? nameOf(error) : undefined;
}

function explain(error: VastaiError, sent: Fields): VastaiError {
  const word = nameOf(error);
  // Without the ID of a method, it is not known what was not found.
  const isAboutMethod = sent.tfa_method_id !== undefined || sent.target_id !== undefined;
  if (word === undefined || (word === 'not_found' && !isAboutMethod)) {
    const masked = withoutCodes(error.message, sent);
    return masked === error.message ? error : withDetails(error, { message: masked });
  }
  const { message, hint, next } = {
    ...EXPLANATIONS[word],
    ...(word === 'bad_request' ? badRequest(error, sent) : {}),
  };
  // Only an SMS can be sent again.
  const isEmail = error.request?.path.endsWith('/email/') ?? false;
  const { failCount, lockedUntil } = lockOf(error.body ?? {});
  const count = failCount === undefined || lockedUntil !== undefined ? '' : failures(failCount);
  const lock = lockedUntil === undefined ? '' : ` This method is locked until ${localTime(lockedUntil)}.`;
  const data: TwoFactorFailure = {
    two_factor: {
      error: word,
      ...(failCount === undefined ? {} : { fail_count: failCount }),
      ...(lockedUntil === undefined ? {} : { locked_until: lockedUntil }),
    },
  };
  return withDetails(error, {
    message: `${message}${count}${lock}`,
    hint: lockedUntil === undefined ? (hint ?? '') : OTHER_WAY,
    advice: next === undefined || (next === 'resend-sms' && isEmail) ? [] : [{ do: 'tfa', step: next }],
    data: { ...error.data, ...data },
  });
}

/** Returns the word of an error that is explained here: not that of a rejected key, for example. */
function nameOf({ body, code }: VastaiError): Named | undefined {
  const word = body?.error;
  if (isTwoFactorError(word)) return word;
  return Object.entries(SHARED).some((shared) => shared[0] === word && shared[1] === code)
    ? (word as keyof typeof SHARED)
    : undefined;
}

/** Explains what may be wrong with the values that were sent. Only the API knows, so it is quoted. */
function badRequest({ body }: VastaiError, sent: Fields): Pick<Explanation, 'message' | 'hint'> {
  const said = withoutCodes(responseMessage(body), sent);
  const hints = Object.entries(VALUES).flatMap(([name, hint]) => (sent[name] === undefined ? [] : [hint]));
  return {
    message: `${EXPLANATIONS.bad_request.message}${said === '' ? '' : ` It said: “${said}”`}`,
    hint: hints.join(' '),
  };
}

function withoutCodes(text: string, { code, backup_code, secret }: Fields): string {
  const secrets = [code, backup_code, secret].filter((one) => typeof one === 'string' && one.length > 3);
  return (secrets as string[]).reduce((shown, one) => shown.replaceAll(one, '…'), text);
}

function failures(count: number): string {
  return count === 1 ? '' : ` That is ${count} wrong codes in a row.`;
}

/** Reads what a body says about wrong codes and a lock; nothing of another type. */
function lockOf({ fail_count: count, locked_until: time }: Fields): {
  readonly failCount?: number;
  readonly lockedUntil?: number;
} {
  const until = typeof time === 'number' && time > 0 ? secondsOf(time) : null;
  return {
    ...(Number.isSafeInteger(count) && (count as number) > 0 ? { failCount: count as number } : {}),
    ...(until === null ? {} : { lockedUntil: until }),
  };
}
