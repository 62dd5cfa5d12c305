import type { TfaErrorName } from './tfa-errors.js';

/** Numbers to which no SMS goes, each for its own reason. They are test numbers, like those of Twilio. */
export const FAILING_NUMBERS: Readonly<Record<string, TfaErrorName>> = {
  '+15005550001': 'twilio_error',
  '+15005550002': 'sms_blocked_number',
  '+15005550003': 'sms_fraud_detected',
  '+15005550004': 'twilio_rate_limited',
  '+15005550005': 'challenge_creation_failed',
  '+15005550006': 'service_unavailable',
};

/** Returns true for a number in the E.164 format. */
export function isPhoneNumber(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/u.test(text);
}

/** Returns a number with all but its last four digits hidden. */
export function maskedNumber(number: string): string {
  return `${'*'.repeat(number.length - 4)}${number.slice(-4)}`;
}
