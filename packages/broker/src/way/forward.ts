import type { Readable } from 'node:stream';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { readRedirect } from '@vastai-cli/core/internal/http/redirect';
import { noAnswer, type OwnAnswer } from '../answer/answers.js';
import { parseTarget } from '../door/target.js';
import { type Call, callOf } from '../policy/call.js';
import { outgoingRequest } from './outgoing.js';
import type { Sender, Sent } from './send.js';
import type { Turns } from './turns.js';

/** Holds what it takes to send the calls of one API. */
export interface Way {
  readonly origin: URL;
  readonly key: ApiKey;
  readonly sender: Sender;
  readonly turns: Turns;
}

/** The answer to a call: that of the API, or our own if there is none. `mayHaveActed` is false if the API did nothing. */
export type Answer =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** All of it, or the beginning of a long one. */
      readonly body: Buffer;
      /** Streams what follows the beginning. Destroy it if you do not read it. */
      readonly rest?: Readable | undefined;
    }
  | { readonly kind: 'own'; readonly answer: OwnAnswer; readonly mayHaveActed: boolean };

/** The caller of a call, and what ends it. */
export interface Caller {
  readonly userAgent: string | undefined;
  /** Resolves to true if the caller is a user that may call. A change is sent only then. */
  readonly isOwn: Promise<boolean>;
  /** Ends the wait for its turn. */
  readonly waiting: AbortSignal;
  /** Ends the request itself. */
  readonly sending: AbortSignal;
}

/**
 * Sends a permitted call when its turn comes, and follows redirects to other spellings of the same route.
 *
 * @param isWhole true if all of the response is needed, however long it is
 * @throws the reason of `waiting`, if nothing was sent
 */
export async function forward(call: Call, way: Way, caller: Caller, isWhole: boolean): Promise<Answer> {
  const { origin, key, turns, sender } = way;
  const { userAgent, waiting, sending } = caller;
  // Reading can do no harm as long as nobody gets the response, so it need not wait.
  const ready = call.method === 'GET' ? Promise.resolve(true) : caller.isOwn;
  const route = `${call.method} ${call.known?.route}`;
  let current = call;
  for (let count = 0; ; count += 1) {
    const request = { ...outgoingRequest(current, { origin, key, userAgent }), isWhole };
    const sent = await turns.take(route, waiting, () => sender.send(request, sending, ready));
    if (sent.kind === 'failure')
      return { kind: 'own', answer: noAnswer(sent.message), mayHaveActed: sent.sent };
    const next = redirected(sent, current, origin, count);
    if (next === undefined) return sent;
    if ('refused' in next) return { kind: 'own', answer: next.refused, mayHaveActed: true };
    current = next;
  }
}

type Response = Extract<Sent, { kind: 'response' }>;

/** Returns the call that a redirect leads to, if it is the same one in another spelling; undefined without a redirect. */
function redirected(
  { status, location }: Response,
  call: Call,
  origin: URL,
  count: number,
): Call | { readonly refused: OwnAnswer } | undefined {
  if (status >= 200 && (status < 300 || status >= 400)) return undefined;
  const refused = { refused: noAnswer('The API responded with a redirect that the broker does not follow.') };
  const redirect = readRedirect(status, location, new URL(call.target.path, origin), call.method, count);
  if (redirect === undefined) return { refused: noAnswer(`The API responded with status ${status}.`) };
  if (!('to' in redirect)) return refused;
  const target = parseTarget(redirect.to.pathname);
  if (target === undefined) return refused;
  const next = callOf(call.method, { path: target.path, query: call.target.query }, call.body);
  return isSame(call, next) ? next : refused;
}

function isSame(one: Call, other: Call): boolean {
  const identity = ({ known }: Call) =>
    known && JSON.stringify([known.operation, known.parameters, known.api]);
  return identity(one) !== undefined && identity(one) === identity(other);
}
