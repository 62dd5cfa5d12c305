import { readBody } from '@vastai-cli/core/internal/http/response-body';
import { isObject } from '@vastai-cli/permissions/json/json-object';
import type { Outcome } from '../policy/judge.js';
import { noAnswer, type OwnAnswer } from './answers.js';
import { maskJson } from './mask-answer.js';

/** A response of the API as it is passed on, with keys masked, and what it says about the call. */
export interface PassedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly outcome: Outcome;
}

/**
 * Masks the keys in a response. Only text is passed on, and none of its headers.
 *
 * @param maskKey masks the key of this run in a string
 * @returns our own answer for a success that is not JSON, since the API responds in nothing else
 */
export function passOn(
  status: number,
  bytes: Buffer,
  maskKey: (text: string) => string,
): PassedAnswer | { readonly own: OwnAnswer } {
  const succeeded = status >= 200 && status < 300;
  const parsed = readBody(bytes);
  if (bytes.length === 0)
    return { status, contentType: JSON_TYPE, body: '', outcome: outcomeOf(status, undefined) };
  if ('json' in parsed) {
    const body = maskJson(new TextDecoder().decode(bytes), maskKey);
    return { status, contentType: JSON_TYPE, body, outcome: outcomeOf(status, parsed.json) };
  }
  if (succeeded) return { own: noAnswer(`The response of the API ${parsed.fault}.`) };
  return {
    status,
    contentType: TEXT_TYPE,
    body: maskKey(parsed.text),
    outcome: outcomeOf(status, undefined),
  };
}

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';

/** The API also reports failures with 200. After a server error, nobody knows what it did. */
function outcomeOf(status: number, response: unknown): Outcome {
  if (status >= 500) return { kind: 'unknown' };
  const failed = status >= 400 || (isObject(response) && response.success === false);
  return failed ? { kind: 'failed' } : { kind: 'done', response };
}
