/** Longest that a request waits for its turn; an API that asks for more is answered with an error instead. */
export const LONGEST_WAIT_MS = 60_000;

/**
 * Reads the least time between two requests, in milliseconds, from what the API says when it was asked too often:
 * `API requests too frequent: endpoint threshold=2.0` (Vast.ai's API documentation). `undefined` where it names none.
 */
export function thresholdOf(message: string): number | undefined {
  const seconds = Number(/threshold\s*=\s*(\d{1,9}(?:\.\d{1,9})?)/i.exec(message)?.[1] ?? 0);
  return seconds > 0 ? seconds * 1000 : undefined;
}

/** What is added to a threshold between two requests, as a part of it: at first, and at most. */
const LEAST_MARGIN = 0.01;
const MOST_MARGIN = 0.04;

interface Route {
  margin: number;
  /** The least time between two requests; 0 as long as no limit is known. */
  gap: number;
  /** When the next request may start. */
  free: number;
  /** The shortest time that an answer has taken. */
  fastest: number;
}

/**
 * Keeps the requests of one client as far apart as the API has asked for.
 *
 * What the API measures lies between the start of a request and its answer. The next request therefore
 * starts one gap after the answer, less the time that an answer takes at best: never too early,
 * and late only by what this one answer was slow. Times are milliseconds of one monotonic clock.
 */
export class Pacer {
  readonly #routes = new Map<string, Route>();

  /** Takes the next turn on a route; gives how long to wait for it, in milliseconds. */
  take(route: string, now: number): number {
    const state = this.#route(route);
    const start = Math.max(now, state.free);
    state.free = start + state.gap;
    return start - now;
  }

  /** Notes an answer that was no refusal for frequency. */
  answered(route: string, started: number, now: number): void {
    const state = this.#route(route);
    state.fastest = Math.min(state.fastest, now - started);
    if (state.gap > 0) state.free = Math.max(state.free, now - state.fastest + state.gap);
  }

  /**
   * Notes a refusal for frequency. The jitter of up to 3 % keeps several programs from waking together; it is
   * for this wait alone. Where the requests were that far apart already, the next ones keep a little more.
   */
  refused(route: string, threshold: number, now: number): void {
    const state = this.#route(route);
    if (state.gap >= threshold) state.margin = Math.min(state.margin * 2, MOST_MARGIN);
    state.gap = threshold * (1 + state.margin);
    state.free = now + threshold * (1.01 + Math.random() * 0.03);
  }

  #route(name: string): Route {
    const known = this.#routes.get(name);
    if (known !== undefined) return known;
    const fresh = { margin: LEAST_MARGIN, gap: 0, free: 0, fastest: Number.POSITIVE_INFINITY };
    this.#routes.set(name, fresh);
    return fresh;
  }
}

/** The route that a path belongs to, as the API counts its calls: ids are one and the same. */
export function routeOf(method: string, path: string): string {
  return `${method} ${path.replace(/\?.*$/s, '').replace(/\/\d+(?=\/|$)/g, '/{id}')}`;
}
