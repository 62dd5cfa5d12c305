import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicNow } from '@vastai-cli/core/internal/base/clock';
import { LONGEST_WAIT_MS, Pacer, thresholdOf } from '@vastai-cli/core/internal/http/pacer';
import { DOCUMENTED_INTERVALS } from '@vastai-cli/permissions/catalogue/intervals';
import type { Sent } from './send.js';

/** Most attempts of a request that the API finds too frequent. After a 429 nothing was done, so it can be repeated. */
const MOST_ATTEMPTS = 20;

/**
 * Keeps the pace of the API for all callers of one broker: requests to a route with a known limit take turns, in the order in
 * which they came, and a 429 is waited out.
 */
export class Turns {
  readonly #pacer = new Pacer(
    Object.fromEntries(
      Object.entries(DOCUMENTED_INTERVALS).map(([route, seconds]) => [route, seconds * 1000]),
    ),
  );
  /** The last request in line, by route. */
  readonly #lines = new Map<string, Promise<unknown>>();

  /**
   * Sends a request when its turn comes.
   *
   * @param route as `METHOD route` of the catalogue
   * @throws the reason of the signal, if the turn has not come by then
   */
  async take(route: string, signal: AbortSignal, send: () => Promise<Sent>): Promise<Sent> {
    for (let attempt = 1; ; attempt += 1) {
      const paced = () => this.#send(route, signal, send);
      const isLimited = attempt > 1 || this.#pacer.isLimited(route);
      const sent = await (isLimited ? this.#inLine(route, paced) : paced());
      const wait = tooFrequent(sent);
      if (wait === undefined || wait > LONGEST_WAIT_MS || attempt === MOST_ATTEMPTS) return sent;
      if (wait === 0)
        await sleep(Math.min(1000 * 2 ** (attempt - 1), LONGEST_WAIT_MS), undefined, { signal });
    }
  }

  async #send(route: string, signal: AbortSignal, send: () => Promise<Sent>): Promise<Sent> {
    signal.throwIfAborted();
    const wait = this.#pacer.take(route, monotonicNow());
    if (wait > 0) await sleep(wait, undefined, { signal });
    const sent = await send();
    const threshold = tooFrequent(sent);
    const now = monotonicNow();
    // The API may have counted it as late as now. Callers wait in line, so a few milliseconds more do not matter.
    if (threshold === undefined) this.#pacer.answered(route, now, now);
    else if (threshold > 0) this.#pacer.refused(route, Math.min(threshold, LONGEST_WAIT_MS), now);
    return sent;
  }

  #inLine(route: string, run: () => Promise<Sent>): Promise<Sent> {
    const before = this.#lines.get(route) ?? Promise.resolve();
    const mine = before.then(run, run);
    this.#lines.set(route, mine);
    const leave = () => {
      if (this.#lines.get(route) === mine) this.#lines.delete(route);
    };
    mine.then(leave, leave);
    return mine;
  }
}

/**
 * Returns the time that a response asks for, in milliseconds: 0 if it is a rate limit that names none, and undefined if it is
 * not a rate limit. A 429 with an error code of its own, as in two-factor login, is not one.
 */
function tooFrequent(sent: Sent): number | undefined {
  if (sent.kind !== 'response' || sent.status !== 429) return undefined;
  const text = sent.body.toString();
  if (/"error"\s*:\s*"(?!rate_limit|too_frequent)/u.test(text) && !/too frequent|rate limit/iu.test(text))
    return undefined;
  return thresholdOf(text) ?? 0;
}
