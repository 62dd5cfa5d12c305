import type { Advice } from '../base/advice.js';
import {
  ApiError,
  type ErrorCode,
  type RequestLine,
  TransportError,
  type VastaiError,
} from '../base/errors.js';
import { type Fields, isObject } from '../base/json-object.js';
import { serverText } from '../base/terminal-safe.js';
import { foreignResponse } from './foreign-response.js';
import { isOfAnother } from './of-another.js';

/** What an error says besides the answer: what was asked, and with which key. */
export interface RefusalContext {
  readonly request: RequestLine;
  /** Which key was sent, as `VAST_API_KEY …a1b2`. */
  readonly source: string;
  /** What to do when that key is not accepted. */
  readonly whenRejected?: readonly Advice[] | undefined;
}

/** How the known refusals read (Vast.ai's API documentation). */
const TOO_FREQUENT = /too frequent|rate limit/i;
const UNKNOWN_KEY = /invalid (?:or missing )?(?:user|api)[ _-]?key|requires? login|authentication required/i;
const SESSION_OVER = /session expired/i;
const TWO_FACTOR = /two[ -]?factor|\b2fa\b/i;
/** With a 401, anything about authorization; a bare “Unauthorized” only repeats the status. */
const ABOUT_PERMISSION = /\bauthori[sz]|unauthori[sz]ed (?:to|for)\b|privilege|permission/i;
/** With a 200, where “permissions” may be what was sent, only what clearly says no. */
const NO_PERMISSION =
  /\bnot (?:\w+ )?authori[sz]ed|privilege|\b(?:not have|no|lacks?|insufficient|missing) (?:\w+ ){0,4}permission/i;
const NOT_FOUND = /\bnot found\b|\bdoes not exist\b/i;

/**
 * Reads whether an answer is a refusal, and which. The body decides before the status does:
 * Vast.ai answers an unknown key with 404, and some failed actions with 200. A body that is no error of this API
 * decides nothing: a web filter's 403 must not count as one for the key (docs/decisions/0008).
 *
 * @param answer the body, parsed where it is JSON, else as text; the key must already be masked in it.
 * @returns `undefined` for an answer that is none; a TransportError for a server error (5xx), for a status that
 *   says nothing, and for an error of something else; else an ApiError with its `source` and `request`.
 */
export function readRefusal(
  status: number,
  response: unknown,
  context: RefusalContext,
): VastaiError | undefined {
  const body = isObject(response) ? response : {};
  const success = status >= 200 && status < 300;
  if (success && body.success !== false && body.error !== 'auth_error') return undefined;
  const said = answerMessage(response);
  const { method, path } = context.request;
  if (!success && (status < 400 || status > 499)) {
    const what = status >= 500 && status < 600 ? 'a server error' : 'a status that means nothing here';
    return new TransportError(
      sentence(`The API answered ${method} ${path} with ${what} (${status})`, said),
      method !== 'GET',
      {
        hint: 'Try again in a while.',
        status,
      },
    );
  }
  // Documented as plain text too, and it says nothing about the key.
  if (status !== 429 && !isApiError(body)) {
    return foreignResponse(context.request, `(${status}) is not in the form of the API's errors`, {
      status,
      said,
    });
  }
  const code = classify(status, body, said);
  const hint =
    code === 'forbidden' && isOfAnother(said)
      ? 'Check the id, or use a key of the account that it belongs to.'
      : HINTS[code];
  return new ApiError(code, describe(code, said, context), {
    ...(hint === undefined ? {} : { hint }),
    ...(code === 'key_rejected' ? { advice: context.whenRejected ?? CHECK } : {}),
    status,
    source: context.source,
    request: context.request,
  });
}

/** What an answer says in words, cleaned; empty where it says nothing that a person could read. */
export function answerMessage(response: unknown): string {
  if (typeof response === 'string') return /^\s*</.test(response) ? '' : serverText(response);
  if (!isObject(response)) return '';
  const { msg, message, detail, error } = response;
  const words = [msg, message, detail, error].find((text) => typeof text === 'string' && text.trim() !== '');
  return typeof words === 'string' ? serverText(words) : '';
}

/**
 * Whether a body is an error as Vast.ai's API documentation shows them: it has `msg`, or says `success: false`.
 * Gateways say `message`, `detail` or `error` alone, and Cloudflare says `success: false` with a list of `errors`.
 */
function isApiError({ success, msg, error, errors }: Fields): boolean {
  return typeof msg === 'string' || error === 'auth_error' || (success === false && !Array.isArray(errors));
}

function classify(status: number, body: Fields, said: string): ErrorCode {
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

/** What a refusal that is about the key means; a 401 that says nothing known counts as a rejected key. */
function classifyKey(status: number, said: string): ErrorCode {
  if (UNKNOWN_KEY.test(said)) return 'key_rejected';
  if (SESSION_OVER.test(said) || TWO_FACTOR.test(said)) return 'two_factor';
  return status === 403 || ABOUT_PERMISSION.test(said) || isOfAnother(said) ? 'forbidden' : 'key_rejected';
}

function describe(code: ErrorCode, said: string, { request, source }: RefusalContext): string {
  const asked = `${request.method} ${request.path}`;
  switch (code) {
    case 'key_rejected':
      return sentence(`The API does not accept the key that was sent (${source})`, said);
    case 'forbidden':
      return sentence(`The key that was sent (${source}) may not do this: ${asked}`, said);
    case 'two_factor':
      return sentence(`The API wants a two-factor session for the key that was sent (${source})`, said);
    case 'not_found':
      return sentence(`The API found nothing for ${asked}`, said);
    case 'rate_limited':
      return sentence(`The API was asked too often: ${asked}`, said);
    default:
      return sentence(`The API refused ${asked}`, said);
  }
}

const CHECK: readonly Advice[] = [
  { do: 'say', text: 'Check it for a typo; keys can also be revoked or expire.' },
  { do: 'make-key' },
];

const HINTS: Partial<Record<ErrorCode, string>> = {
  forbidden: 'Use a key that has this permission, or one with full access.',
  two_factor: 'Log in with the second factor again, or use a key that needs none.',
  not_found: 'Check the name or the id.',
  rate_limited: 'Wait a few seconds and try again; --retry N tries more often.',
};

function sentence(start: string, said: string): string {
  return said === '' ? `${start}.` : `${start}. It said: “${said}”`;
}
