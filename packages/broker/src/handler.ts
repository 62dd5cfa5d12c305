import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { keysMask } from '@vastai-cli/core/internal/http/masking/key-redaction';
import { denied, noAnswer } from './answer/answers.js';
import { passOn } from './answer/passed-answer.js';
import { ownReply, sendReply } from './answer/reply.js';
import type { BrokerOptions } from './broker-options.js';
import type { Crowd } from './door/crowd.js';
import { type Checks, type Entered, Entrance } from './door/entrance.js';
import { Judge, type Permit } from './policy/judge.js';
import { noServerlessRoutes, type Refusal, sentenceOf } from './policy/policy.js';
import { CallLog } from './record/call-log.js';
import { Ways } from './way/ways.js';

/** Most calls that wait for a response at the same time. */
const MOST_CALLS = 256;

const UNRECORDED = noAnswer('The recording of this run cannot be written.', 503);
const CROWDED = noAnswer('Too many requests are waiting.', 503);

type Report = ReturnType<CallLog['begin']>;

/** Takes each request from its head to its response. */
export class Handler {
  readonly #options: BrokerOptions;
  readonly #entrance: Entrance;
  readonly #crowd: Crowd;
  readonly #judge: Judge;
  readonly #ways: Ways;
  readonly #log: CallLog;
  readonly #maskKey: (text: string) => string;
  readonly #closing = new AbortController();
  /** Those who wait for a response. */
  readonly #callers = new Set<AbortController>();
  readonly #handled = new Set<Promise<void>>();
  /** The last request of each connection, so that the ones behind it wait until it is known to be a proper one. */
  readonly #latest = new WeakMap<Socket, Promise<void>>();
  readonly #refused = new WeakSet<Socket>();

  /** @throws UsageError if the proxy in the environment is not valid. */
  constructor(options: BrokerOptions, crowd: Crowd, checks: Checks) {
    // Each change on its way listens to it; Node would warn of the eleventh.
    setMaxListeners(0, this.#closing.signal);
    this.#options = options;
    this.#crowd = crowd;
    this.#entrance = new Entrance(checks);
    this.#judge = new Judge(options.policy ?? {});
    this.#ways = new Ways(options, this.#closing.signal);
    this.#log = new CallLog(options.record);
    const { key, standsFor } = options;
    this.#maskKey = keysMask(standsFor === undefined ? [key] : [key, standsFor]);
  }

  /** Ends all calls, and waits until each of them has been recorded. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const caller of this.#callers) caller.abort();
    while (this.#handled.size > 0) await Promise.all(this.#handled);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const before = this.#latest.get(socket);
    const handle = () => this.#handle(request, response);
    // If it fails, the caller disconnected, or the broker closes.
    const handled = (before === undefined ? handle() : before.then(handle)).catch(
      () => void response.destroy(),
    );
    this.#latest.set(socket, handled);
    this.#handled.add(handled);
    await handled.finally(() => this.#handled.delete(handled));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Its connection ends with the refusal of the request in front of it.
    if (this.#refused.has(request.socket)) return;
    const entered = await this.#entrance.admit(request);
    if ('refused' in entered) {
      this.#refused.add(request.socket);
      await sendReply(response, ownReply(entered.refused, true));
      return;
    }
    const { call, isOwn } = entered;
    void isOwn.then((known) => known && this.#crowd.know(request.socket));
    const report = this.#log.begin(call);
    if (this.#closing.signal.aborted) throw new Error('The broker is closed.');
    if (this.#log.hasFailed) {
      await sendReply(response, ownReply(UNRECORDED));
      return;
    }
    const judged = this.#judge.judge(call);
    if ('refusal' in judged) return this.#refuse(judged.refusal, entered, report, response);
    if (!this.#ways.has(call)) return this.#refuse(noServerlessRoutes(call), entered, report, response);
    if (this.#callers.size >= MOST_CALLS) return this.#turnAway(entered, judged, report, response);
    return this.#forward(entered, judged, report, request, response);
  }

  /** Does not send a permitted call, because too many wait. */
  async #turnAway(
    { isOwn }: Entered,
    permit: Permit,
    report: Report,
    response: ServerResponse,
  ): Promise<void> {
    permit.settle({ kind: 'failed' });
    if (!(await isOwn)) return cutOff(report, response);
    report('allow', response.destroyed ? null : CROWDED.status);
    await sendReply(response, ownReply(CROWDED));
  }

  async #refuse(
    refusal: Refusal,
    { isOwn }: Entered,
    report: Report,
    response: ServerResponse,
  ): Promise<void> {
    if (!(await isOwn)) return cutOff(report, response);
    this.#tell(refusal);
    const reply = ownReply(denied(sentenceOf(refusal)));
    report('deny', response.destroyed ? null : reply.status);
    await sendReply(response, reply);
  }

  /** Reports a refusal. An error in the listener changes nothing about the call. */
  #tell(refusal: Refusal): void {
    try {
      this.#options.onRefusal?.(refusal);
    } catch {}
  }

  async #forward(
    { call, isOwn }: Entered,
    permit: Permit,
    report: Report,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    const leave = () => gone.abort();
    response.once('close', leave);
    this.#callers.add(gone);
    try {
      const { signal: waiting } = gone;
      // A change that may have been made is seen through: its response says what it made.
      const sending = call.method === 'GET' ? waiting : this.#closing.signal;
      const caller = { userAgent: request.headers['user-agent'], isOwn, waiting, sending };
      // With HTTP/1.0, a caller could take a response that is cut for all of it.
      const isWhole = permit.needsResponse || request.httpVersion !== '1.1';
      const answer = await this.#ways.forward(call, caller, isWhole).catch((error: unknown) => {
        // Nothing was sent: the caller, or the broker, did not wait for its turn.
        permit.settle({ kind: 'failed' });
        report('allow', null);
        throw error;
      });
      const passed = answer.kind === 'own' ? { own: answer.answer } : passOn(answer, this.#maskKey);
      const mayHaveActed = answer.kind === 'response' || answer.mayHaveActed;
      permit.settle('outcome' in passed ? passed.outcome : { kind: mayHaveActed ? 'unknown' : 'failed' });
      const reply = 'own' in passed ? ownReply(passed.own) : passed;
      if (!(await isOwn)) {
        reply.rest?.destroy();
        return cutOff(report, response);
      }
      const status = () => (waiting.aborted || this.#closing.signal.aborted ? null : reply.status);
      if (reply.rest === undefined) report('allow', status());
      const isSent = await sendReply(response, reply);
      if (reply.rest !== undefined) report('allow', isSent ? reply.status : null);
    } finally {
      this.#callers.delete(gone);
      response.removeListener('close', leave);
    }
  }
}

/** Ends a call of another user of this machine, who gets nothing. */
function cutOff(report: Report, response: ServerResponse): void {
  report('deny', null);
  response.destroy();
}
