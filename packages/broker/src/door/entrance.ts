import type { IncomingMessage } from 'node:http';
import { malformed, type OwnAnswer } from '../answer/answers.js';
import { type Call, callOf, namesMethod } from '../policy/call.js';
import { checkHead } from './check-head.js';
import { checkBodyToken, checkToken } from './check-token.js';
import type { Peers } from './peer.js';
import { readRequestBody } from './read-body.js';
import type { RunToken } from './run-token.js';
import { parseTarget, type Target } from './target.js';

/** A call that came with the token, or needs none. */
export interface Entered {
  readonly call: Call;
  /** Resolves to false if another user of this machine makes it. */
  readonly isOwn: Promise<boolean>;
}

/** Holds what a caller is checked against. */
export interface Checks {
  readonly token: RunToken;
  /** The only `Host` that a request may name. */
  readonly host: string;
  readonly peers: Peers;
}

/** Lets in proper requests with the token of the run. */
export class Entrance {
  readonly #token: RunToken;
  readonly #host: string;
  readonly #peers: Peers;

  constructor({ token, host, peers }: Checks) {
    this.#token = token;
    this.#host = host;
    this.#peers = peers;
  }

  /**
   * Reads a request to its end, and checks all that does not depend on the policy.
   *
   * @returns why it is refused. Its connection has to be closed then: what follows on it cannot be trusted.
   * @throws Error if the caller disconnects
   */
  async admit(request: IncomingMessage): Promise<Entered | { readonly refused: OwnAnswer }> {
    const bad = checkHead(request, this.#host);
    if (bad !== undefined) return { refused: bad };
    const target = parseTarget(request.url ?? '');
    if (target === undefined) return { refused: malformed('The path is not in canonical form.') };
    const { method = '', headers } = request;
    const isPublic = callOf(method, target, undefined).known?.api === 'public';
    if (!isPublic || headers.authorization !== undefined) {
      const wrong = checkToken(request, target, this.#token);
      if (wrong !== undefined) return { refused: wrong };
    }
    const isOwn = this.#peers.isOwn(request.socket);
    const body = await readRequestBody(request);
    if ('refused' in body) return body;
    const wrong = checkBodyToken(body.fields, this.#token);
    if (wrong !== undefined) return { refused: wrong };
    // Its response is shared by all callers, who may not have the token.
    const call = isPublic
      ? callOf(method, { path: target.path, query: [] }, undefined)
      : callOf(method, withoutKey(target), body.fields);
    if (namesMethod(call)) return { refused: malformed('The request overrides its own method.') };
    return { call, isOwn };
  }
}

/** Removes the token from the query: it has been checked, and does not belong to the call. */
function withoutKey({ path, query }: Target): Target {
  return { path, query: query.filter(([name]) => name !== 'api_key') };
}
