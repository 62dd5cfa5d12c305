import type { BrokerOptions } from '../broker-options.js';
import type { Call } from '../policy/call.js';
import { type Answer, type Caller, forward, type Way } from './forward.js';
import { Sender } from './send.js';
import { Turns } from './turns.js';

const TIMEOUT_MS = 60_000;

/** The ways to the APIs of one run. */
export class Ways {
  readonly #main: Way;
  readonly #serverless: Way | undefined;
  readonly #closing: AbortSignal;
  /** The response of the route that needs no key. */
  #publicAnswer: Promise<Answer> | undefined;

  /**
   * @param closing ends what belongs to no caller
   * @throws UsageError if the proxy in the environment is not valid.
   */
  constructor(options: BrokerOptions, closing: AbortSignal) {
    const { key, upstream, serverless, environment = {}, timeoutMs = TIMEOUT_MS } = options;
    const turns = new Turns();
    const wayTo = (origin: URL): Way => {
      const sender = new Sender(origin, environment, timeoutMs);
      closing.addEventListener('abort', () => sender.close(), { once: true });
      return { origin, key, turns, sender };
    };
    this.#main = wayTo(upstream);
    this.#serverless = serverless && wayTo(serverless);
    this.#closing = closing;
  }

  /** Returns false for a call of an API that this run does not have. */
  has({ known }: Call): boolean {
    return known?.api !== 'serverless' || this.#serverless !== undefined;
  }

  /** Sends a permitted call, as `forward` does. The route that needs no key is asked once for all callers. */
  async forward(call: Call, caller: Caller, isWhole: boolean): Promise<Answer> {
    const way = (call.known?.api === 'serverless' ? this.#serverless : undefined) ?? this.#main;
    if (call.known?.api !== 'public') return forward(call, way, caller, isWhole);
    // Shared by all callers, so none of them may end it.
    const shared = { ...caller, waiting: this.#closing, sending: this.#closing };
    this.#publicAnswer ??= forward(call, way, shared, true);
    const answer = await this.#publicAnswer;
    if (answer.kind !== 'response' || answer.status !== 200) this.#publicAnswer = undefined;
    return answer;
  }
}
