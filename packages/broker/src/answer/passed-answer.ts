import { pipeline, type Readable, Transform } from 'node:stream';
import { readBody } from '@vastai-cli/core/internal/http/response-body';
import { isObject } from '@vastai-cli/permissions/json/json-object';
import type { Outcome } from '../policy/judge.js';
import { noAnswer, type OwnAnswer } from './answers.js';
import { answerMask, maskJson } from './mask-answer.js';

/** A response of the API. */
export interface ApiAnswer {
  readonly status: number;
  /** All of it, or the beginning of a long one. */
  readonly body: Buffer;
  readonly rest?: Readable | undefined;
}

/** A response of the API as it is passed on, with keys masked, and what it says about the call. */
export interface PassedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Streams the rest. Fails if the response is cut, too long, or not JSON. Destroy it if you do not read it. */
  readonly rest?: Readable | undefined;
  readonly outcome: Outcome;
}

type Passed = PassedAnswer | { readonly own: OwnAnswer };

/**
 * Masks the keys in a response. Only text is passed on, and none of its headers.
 *
 * @param maskKey masks the key of this run in a string
 * @returns our own answer for a success that is not JSON, since the API responds in nothing else
 */
export function passOn({ status, body: bytes, rest }: ApiAnswer, maskKey: (text: string) => string): Passed {
  if (rest !== undefined) return passOnLong(status, bytes, rest, maskKey);
  const parsed = readBody(bytes);
  if (bytes.length === 0)
    return { status, contentType: JSON_TYPE, body: '', outcome: outcomeOf(status, undefined) };
  if ('json' in parsed) {
    const body = maskOrNothing(bytes, maskKey);
    if (body === undefined) return { own: noAnswer('The API responded with a string of 1 MiB or more.') };
    return { status, contentType: JSON_TYPE, body, outcome: outcomeOf(status, parsed.json) };
  }
  if (status >= 200 && status < 300) return { own: noAnswer(`The response from the API ${parsed.fault}.`) };
  return {
    status,
    contentType: TEXT_TYPE,
    body: maskKey(parsed.text),
    outcome: outcomeOf(status, undefined),
  };
}

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';

function maskOrNothing(bytes: Buffer, maskKey: (text: string) => string): string | undefined {
  try {
    return maskJson(new TextDecoder().decode(bytes), maskKey);
  } catch {
    return undefined;
  }
}

/** Passes on a long response while it arrives. Nobody knows how it will end. */
function passOnLong(
  status: number,
  bytes: Buffer,
  rest: Readable,
  maskKey: (text: string) => string,
): Passed {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const mask = answerMask(maskKey);
  const read = (part: Buffer) => mask.push(decoder.decode(part, { stream: true }));
  const attempt = (read: () => string, done: (error: Error | null, text?: string) => void) => {
    let text: string;
    try {
      text = read();
    } catch (error) {
      return done(error as Error);
    }
    return done(null, text);
  };
  let body: string;
  try {
    body = read(bytes);
  } catch {
    rest.destroy();
    return { own: noAnswer('The response from the API is not JSON.') };
  }
  const masked = new Transform({
    transform: (part: Buffer, _, done) => attempt(() => read(part), done),
    flush: (done) => attempt(() => mask.push(decoder.decode()) + mask.end(), done),
  });
  pipeline(rest, masked, () => {});
  return { status, contentType: JSON_TYPE, body, rest: masked, outcome: { kind: 'unknown' } };
}

/** The API also reports failures with 200. After a server error, nobody knows what it did. */
function outcomeOf(status: number, response: unknown): Outcome {
  if (status >= 500) return { kind: 'unknown' };
  const failed = status >= 400 || (isObject(response) && response.success === false);
  return failed ? { kind: 'failed' } : { kind: 'done', response };
}
