import type { IncomingMessage } from 'node:http';
import { readStream } from '@vastai-cli/core/internal/files/bounded-read';
import { readBody } from '@vastai-cli/core/internal/http/response-body';
import { type Fields, isObject } from '@vastai-cli/permissions/json/json-object';
import { malformed, type OwnAnswer } from '../answer/answers.js';
import { outsideStrings } from './outside-strings.js';

/** Longest body of a request. */
const LARGEST_BODY = 10 * 1024 * 1024;

/**
 * Reads the body of a request to its end: it has to be judged before any of it is sent. Its bytes decide if it is JSON, not its
 * Content-Type, which `fetch` and `curl` set to something else.
 *
 * @returns the fields of its JSON object, undefined without a body, or why it is refused
 * @throws Error if the caller disconnects
 */
export async function readRequestBody(
  request: IncomingMessage,
): Promise<{ readonly fields: Fields | undefined } | { readonly refused: OwnAnswer }> {
  const refused = (msg: string, status?: number) => ({ refused: malformed(msg, status) });
  const tooLong = refused('The body is longer than 10 MiB.', 413);
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) return tooLong;
  // Leaving early must not end the connection, on which the refusal still has to be sent.
  const bytes = await readStream(request.iterator({ destroyOnReturn: false }), LARGEST_BODY);
  if (bytes.length > LARGEST_BODY) return tooLong;
  if (bytes.length === 0) return { fields: undefined };
  const body = readBody(bytes);
  if (!('json' in body)) return refused(`The body ${body.fault}.`);
  if (!isObject(body.json)) return refused('The body is not a JSON object.');
  // It is written anew, which would change such a number.
  if (outsideStrings(bytes.toString()).some(hasInexactNumber))
    return refused('The body has a number that is too large.');
  return { fields: body.json };
}

function hasInexactNumber(text: string): boolean {
  return (text.match(/-?\d[\d.eE+-]*/gu) ?? []).some((literal) => {
    const value = Number(literal);
    return !Number.isFinite(value) || (/^-?\d+$/u.test(literal) && !Number.isSafeInteger(value));
  });
}
