import type { IncomingMessage, ServerResponse } from 'node:http';
import { keyMask } from '@vastai-cli/core/internal/http/key-redaction';
import { answerBody, denied, malformed, noAnswer, type OwnAnswer } from './answer/answers.js';
import { passOn } from './answer/passed-answer.js';
import type { BrokerOptions } from './broker-options.js';
import { checkHead } from './door/check-head.js';
import { checkBodyToken, checkToken } from './door/check-token.js';
import type { RequestHandler } from './door/create-door.js';
import { Peers } from './door/peer.js';
import { readRequestBody } from './door/read-body.js';
import type { RunToken } from './door/run-token.js';
import { parseTarget, type Target } from './door/target.js';
import { type Call, callOf, idsOf } from './policy/call.js';
import { Judge } from './policy/judge.js';
import type { Refusal } from './policy/policy.js';
import { type Answer, forward, type Way } from './way/forward.js';
import { Sender } from './way/send.js';
import { Turns } from './way/turns.js';

/** Most calls that wait for a response at the same time. */
const MOST_CALLS = 256;
const TIMEOUT_MS = 60_000;

interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** True to close the connection: what follows on it cannot be trusted. */
  readonly closes?: boolean;
}

/** Takes each request from its head to its response. */
export class Handler implements RequestHandler {
  readonly #options: BrokerOptions & { readonly token: RunToken };
  readonly #judge: Judge;
  readonly #ways: Readonly<Record<'main' | 'serverless', Way | undefined>>;
  readonly #maskKey: (text: string) => string;
  readonly #closing = new AbortController();
  readonly #peers = new Peers();
  /** Those who wait for a response. */
  readonly #callers = new Set<AbortController>();
  readonly #handled = new Set<Promise<void>>();
  #host = '';
  #calls = 0;
  #recordingFailed = false;
  /** The response of the route that needs no key. */
  #publicAnswer: Promise<Answer> | undefined;

  /** @throws UsageError if the proxy in the environment is not valid. */
  constructor(options: BrokerOptions & { readonly token: RunToken }) {
    const { key, policy = {}, upstream, serverless, environment = {}, timeoutMs = TIMEOUT_MS } = options;
    this.#options = options;
    this.#judge = new Judge(policy);
    this.#maskKey = keyMask(key);
    const turns = new Turns();
    const wayTo = (origin: URL): Way => ({
      origin,
      key,
      turns,
      sender: new Sender(origin, environment, timeoutMs),
    });
    this.#ways = { main: wayTo(upstream), serverless: serverless && wayTo(serverless) };
  }

  /** Sets the only `Host` that requests may name, once the port is known. */
  open(host: string): void {
    this.#host = host;
  }

  /** Ends all calls, and waits until each of them has been recorded. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const caller of this.#callers) caller.abort();
    this.#ways.main?.sender.close();
    this.#ways.serverless?.sender.close();
    while (this.#handled.size > 0) await Promise.all(this.#handled);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const handled = this.#handle(request, response);
    this.#handled.add(handled);
    await handled.finally(() => this.#handled.delete(handled));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let reply: Reply | undefined;
    try {
      reply = await this.#reply(request, response);
    } catch {
      // The caller disconnected, or the broker closes.
    }
    if (reply === undefined) response.destroy();
    else send(response, reply);
  }

  async #reply(request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined> {
    const bad = checkHead(request, this.#host);
    if (bad !== undefined) return own(bad, true);
    const target = parseTarget(request.url ?? '');
    if (target === undefined) return own(malformed('The path is not in its plain form.'), true);
    const { method = '', headers } = request;
    const { token } = this.#options;
    const isPublic = callOf(method, target, undefined).known?.api === 'public';
    if (!isPublic || headers.authorization !== undefined) {
      const wrong = checkToken(request, target, token);
      if (wrong !== undefined) return own(wrong, true);
    }
    const isOwn = this.#peers.isOwn(request.socket);
    const body = await readRequestBody(request);
    if ('refused' in body) return own(body.refused, true);
    const wrong = checkBodyToken(body.fields, token);
    if (wrong !== undefined) return own(wrong, true);
    // Reading can do no harm as long as nobody gets the response, so it need not wait.
    if (method !== 'GET' && !(await isOwn)) return undefined;
    const call = callOf(method, withoutKey(target), isPublic ? undefined : body.fields);
    const reply = await this.#answer(call, request, response);
    return (await isOwn) ? reply : undefined;
  }

  async #answer(call: Call, request: IncomingMessage, response: ServerResponse): Promise<Reply> {
    const started = performance.now();
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const record = (verdict: 'allow' | 'deny', { status }: Reply) =>
      this.#record(
        call,
        verdict,
        gone.signal.aborted || this.#closing.signal.aborted ? null : status,
        started,
      );
    if (this.#closing.signal.aborted) throw new Error('The broker is closed.');
    if (this.#recordingFailed) return own(noAnswer('The recording of this run cannot be written.', 503));
    if (this.#calls >= MOST_CALLS) return own(noAnswer('Too many requests are waiting.', 503));
    const judged = this.#judge.judge(call);
    const way = this.#wayOf(call);
    if ('refusal' in judged || way === undefined) {
      const refusal = 'refusal' in judged ? judged.refusal : unreachable(call);
      this.#options.onRefusal?.(refusal);
      const reply = own(denied(sentenceOf(refusal)));
      record('deny', reply);
      return reply;
    }
    this.#calls += 1;
    this.#callers.add(gone);
    try {
      const { signal: waiting } = gone;
      // A change that may have been made is seen through: its response says what it made.
      const sending = call.method === 'GET' ? waiting : this.#closing.signal;
      const caller = { userAgent: request.headers['user-agent'], waiting, sending };
      const answer = await this.#forward(call, way, caller);
      const passed =
        answer.kind === 'own' ? { own: answer.answer } : passOn(answer.status, answer.body, this.#maskKey);
      const mayHaveActed = answer.kind === 'response' || answer.mayHaveActed;
      judged.settle('outcome' in passed ? passed.outcome : { kind: mayHaveActed ? 'unknown' : 'failed' });
      const reply = 'own' in passed ? own(passed.own) : passed;
      record('allow', reply);
      return reply;
    } catch (error) {
      judged.settle({ kind: 'failed' });
      throw error;
    } finally {
      this.#calls -= 1;
      this.#callers.delete(gone);
    }
  }

  async #forward(call: Call, way: Way, caller: Parameters<typeof forward>[2]): Promise<Answer> {
    if (call.known?.api !== 'public') return forward(call, way, caller);
    // Shared by all callers, so none of them may end it.
    const { signal } = this.#closing;
    this.#publicAnswer ??= forward(call, way, { ...caller, waiting: signal, sending: signal });
    const answer = await this.#publicAnswer;
    if (answer.kind !== 'response' || answer.status !== 200) this.#publicAnswer = undefined;
    return answer;
  }

  #wayOf({ known }: Call): Way | undefined {
    return known?.api === 'serverless' ? this.#ways.serverless : this.#ways.main;
  }

  #record(call: Call, verdict: 'allow' | 'deny', status: number | null, started: number): void {
    const { method, known } = call;
    const ms = Math.round((performance.now() - started) * 10) / 10;
    try {
      this.#options.record?.({
        time: Date.now() / 1000,
        operation: known?.operation ?? null,
        method,
        route: known?.route ?? null,
        ids: idsOf(call),
        verdict,
        status,
        ms,
      });
    } catch {
      this.#recordingFailed = true;
    }
  }
}

/** The token in the query has been checked, and is no part of the call. */
function withoutKey({ path, query }: Target): Target {
  return { path, query: query.filter(([name]) => name !== 'api_key') };
}

function unreachable({ method, known }: Call): Refusal {
  const reason = 'The API of this run has no serverless routes.';
  return {
    rule: 'unknown_route',
    method,
    operation: known?.operation ?? null,
    route: null,
    ids: {},
    reason,
    lines: [],
  };
}

function sentenceOf({ operation, ids, reason }: Refusal): string {
  const named = Object.entries(ids).map(([name, value]) => `${name} ${value}`);
  const what =
    operation === null
      ? 'This request'
      : [operation, ...(named.length > 0 ? [`(${named.join(', ')})`] : [])].join(' ');
  return `${what} is not allowed in this run. ${reason}`;
}

function own(answer: OwnAnswer, closes = false): Reply {
  return { status: answer.status, contentType: 'application/json', body: answerBody(answer), closes };
}

function send(response: ServerResponse, { status, contentType, body, closes = false }: Reply): void {
  if (response.destroyed) return;
  const isEmpty = body === '';
  response.writeHead(status, {
    ...(isEmpty ? {} : { 'Content-Type': contentType }),
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(closes ? { Connection: 'close' } : {}),
  });
  response.end(body);
}
