import type { Advice } from '../../base/advice.js';
import {
  ApiError,
  type ErrorCode,
  type RequestLine,
  TransportError,
  type VastaiError,
} from '../../base/errors.js';
import { type Fields, isObject } from '../../base/json-object.js';
import { localTime } from '../../base/local-time.js';
import { secondsOf } from '../../base/server-time.js';
import { serverText } from '../../base/terminal-safe.js';
import { maskWritten, withoutSecrets } from '../masking/redaction.js';
import { isSwitchedOff, switchedOff } from './deprecated-endpoint.js';
import { foreignResponse } from './foreign-response.js';
import { isOfAnother } from './of-another.js';
import { isOwnError, isTwoFactorError } from './two-factor-error.js';

/** The request and the key that an error reports. */
export interface ApiErrorContext {
  readonly request: RequestLine;
  /** Key that was sent, as `VAST_API_KEY …a1b2`, or `the two-factor session of …a1b2`. */
  readonly source: string;
  /** True if a two-factor session was sent. */
  readonly isSession?: boolean;
  /** Steps to advise if the API rejects the key. */
  readonly whenRejected?: readonly Advice[] | undefined;
  /** Steps to advise if it requires a two-factor session. */
  readonly whenTwoFactor?: readonly Advice[] | undefined;
}

/** Wording of known errors (Vast.ai's API documentation). */
const TOO_FREQUENT = /too frequent|rate limit/i;
const UNKNOWN_KEY = /invalid (?:or missing )?(?:user|api)[ _-]?key|requires? login|authentication required/i;
const SESSION_OVER = /session expired/i;
const TWO_FACTOR = /two[ -]?factor|\b2fa\b/i;
/** Matches a 401 about permissions. A bare “Unauthorized” does not count, since it only repeats the status. */
const ABOUT_PERMISSION = /\bauthori[sz]|unauthori[sz]ed (?:to|for)\b|privilege|permission/i;
/** Matches a 200 that clearly denies a permission, since “permissions” alone may be the content. */
const NO_PERMISSION =
  /\bnot (?:\w+ )?authori[sz]ed|privilege|\b(?:not have|no|lacks?|insufficient|missing) (?:\w+ ){0,4}permission/i;
const NOT_FOUND = /\bnot found\b|\bdoes not exist\b/i;

/**
 * Parses an error of the API. The body counts before the status, because Vast.ai responds to an unknown key with 404, and to
 * some failed actions with 200. A body in another form does not count: the 403 of a web filter says nothing about the key
 * (docs/decisions/0008).
 *
 * @param response the parsed body, or a string if it is not JSON; the key must already be masked in it
 * @returns `undefined` if the response is not an error; a TransportError for a server error (5xx), an unknown status, or an
 *   error that is not the API's; otherwise an ApiError with `source` and `request`
 */
export function parseApiError(
  status: number,
  response: unknown,
  context: ApiErrorContext,
): VastaiError | undefined {
  const body = isObject(response) ? response : {};
  const success = status >= 200 && status < 300;
  if (status < 500 && isSwitchedOff(body)) return switchedOff(status, responseMessage(response), context);
  if (success && body.success !== false && body.error !== 'auth_error') return undefined;
  const said = responseMessage(response);
  const { method, path } = context.request;
  if (!success && (status < 400 || status > 499)) {
    const what = status >= 500 && status < 600 ? 'a server error' : 'an unexpected status';
    return new TransportError(
      sentence(`The API responded to ${method} ${path} with ${what} (${status})`, said),
      method !== 'GET',
      {
        hint: 'Try again in a while.',
        status,
        body: withoutSecrets(body) as Fields,
      },
    );
  }
  // A 429 is documented as plain text too.
  if (status !== 429 && !isApiError(body)) {
    return foreignResponse(context.request, `(${status}) is not an error in the form of the API`, {
      status,
      said,
    });
  }
  if (status === 403 && body.error === BROKER_DENIED) return deniedByBroker(said, context);
  const code = codeOf(classify(status, body, said), context);
  const hint =
    code === 'forbidden' && isOfAnother(said)
      ? 'Check the ID, or use a key of the account that owns it.'
      : HINTS[code];
  return new ApiError(code, describe(code, said, context) + lockOf(body), {
    ...(hint === undefined ? {} : { hint }),
    ...(code === 'key_rejected' ? { advice: context.whenRejected ?? CHECK } : {}),
    ...(code === 'two_factor' ? { advice: context.whenTwoFactor ?? LOG_IN } : {}),
    status,
    source: context.source,
    request: context.request,
    body: withoutSecrets(body) as Fields,
  });
}

/** The error of a broker for what its run may not do (packages/broker). */
const BROKER_DENIED = 'broker_denied';

/** Returns the error for it, without the request: what is missing is no permission of a key, so no other key is advised. */
function deniedByBroker(said: string, { request, source }: ApiErrorContext): ApiError {
  return new ApiError(
    'forbidden',
    sentence(`The broker of this run refused ${request.method} ${request.path}`, said),
    {
      hint: 'Do not look for another key. Ask the person who started this run: they have seen what would allow it.',
      status: 403,
      source,
    },
  );
}

/** Returns the message in a response, cleaned for a terminal; empty if it has none that a person could read. */
export function responseMessage(response: unknown): string {
  if (typeof response === 'string') return /^\s*</.test(response) ? '' : serverText(maskWritten(response));
  if (!isObject(response)) return '';
  const { msg, message, detail, error } = response;
  const words = [msg, message, detail, error].find((text) => typeof text === 'string' && text.trim() !== '');
  return typeof words === 'string' ? serverText(maskWritten(words)) : '';
}

/**
 * Returns true for an error in the form of Vast.ai's API documentation: it has `msg` or `success: false`. Gateways use only
 * `message`, `detail` or `error`, and Cloudflare `success: false` with a list of `errors`.
 */
function isApiError({ success, msg, error, errors }: Fields): boolean {
  if (typeof msg === 'string' || error === 'auth_error' || isTwoFactorError(error)) return true;
  return success === false && !Array.isArray(errors);
}

function classify(status: number, body: Fields, said: string): ErrorCode {
  if (isTwoFactorError(body.error) || (status === 429 && isOwnError(body, said))) return 'api_error';
  if (status === 429 || TOO_FREQUENT.test(said)) return 'rate_limited';
  if (status === 401 || status === 403 || body.error === 'auth_error') return classifyKey(status, said);
  const success = status < 300;
  if (success || status === 404) {
    if (UNKNOWN_KEY.test(said)) return 'key_rejected';
    if (SESSION_OVER.test(said)) return 'two_factor';
  }
  if (success && (NO_PERMISSION.test(said) || isOfAnother(said))) return 'forbidden';
  if (status === 404 || status === 410 || (success && NOT_FOUND.test(said))) return 'not_found';
  return 'api_error';
}

/** An unknown session is one that has ended. It says nothing about its key. */
function codeOf(code: ErrorCode, { isSession = false }: ApiErrorContext): ErrorCode {
  return isSession && code === 'key_rejected' ? 'two_factor' : code;
}

/** Returns the code of a 401 or 403. A 401 with an unknown message counts as a rejected key. */
function classifyKey(status: number, said: string): ErrorCode {
  if (UNKNOWN_KEY.test(said)) return 'key_rejected';
  if (SESSION_OVER.test(said) || TWO_FACTOR.test(said)) return 'two_factor';
  return status === 403 || ABOUT_PERMISSION.test(said) || isOfAnother(said) ? 'forbidden' : 'key_rejected';
}

function describe(code: ErrorCode, said: string, { request, source, isSession }: ApiErrorContext): string {
  const sent = isSession ? source : `the key that was sent (${source})`;
  const asked = `${request.method} ${request.path}`;
  switch (code) {
    case 'key_rejected':
      return sentence(`The API rejected ${sent}`, said);
    case 'forbidden':
      return sentence(`${sent.replace('the', 'The')} has no permission for ${asked}`, said);
    case 'two_factor':
      return isSession
        ? sentence(`The API no longer accepts ${sent}`, said)
        : sentence(`The API requires a two-factor session for ${sent}`, said);
    case 'not_found':
      return sentence(`The API found nothing for ${asked}`, said);
    case 'rate_limited':
      return sentence(`Too many requests to the API: ${asked}`, said);
    default:
      return sentence(`The API rejected ${asked}`, said);
  }
}

/** Says until when a second factor is locked, if the API does. */
function lockOf({ locked_until: time }: Fields): string {
  const until = typeof time === 'number' ? secondsOf(time) : null;
  return until === null ? '' : ` It is locked until ${localTime(until)}.`;
}

const CHECK: readonly Advice[] = [
  { do: 'say', text: 'Check the key for a typo. Keys can also be revoked or expire.' },
  { do: 'make-key' },
];

const LOG_IN: readonly Advice[] = [
  { do: 'say', text: 'Log in with a second factor, or use a key that does not need one.' },
];

const HINTS: Partial<Record<ErrorCode, string>> = {
  forbidden: 'Use a key that has this permission, or one with full access.',
  not_found: 'Check the name or the ID.',
  rate_limited: 'Wait a few seconds, then try again. --retry N retries more often.',
};

function sentence(start: string, said: string): string {
  return said === '' ? `${start}.` : `${start}. It said: “${said}”`;
}
