/** Longest wait of a request for its turn. If the API asks for a longer one, the request fails. */
export const LONGEST_WAIT_MS = 60_000;

/**
 * Returns the minimum time between two requests, in milliseconds, from the message of a rate limit:
 * `API requests too frequent: endpoint threshold=2.0` (Vast.ai's API documentation). Returns `undefined` if it names none.
 */
export function thresholdOf(message: string): number | undefined {
  const seconds = Number(/threshold\s*=\s*(\d{1,9}(?:\.\d{1,9})?)/i.exec(message)?.[1] ?? 0);
  return seconds > 0 ? seconds * 1000 : undefined;
}

/** Margin that is added to the threshold, as a fraction of it: at first, and at most. */
const LEAST_MARGIN = 0.01;
const MOST_MARGIN = 0.04;

interface Route {
  margin: number;
  /** Minimum time between two requests; 0 until a limit is known. */
  gap: number;
  /** Time at which the next request may start. */
  free: number;
  /** Shortest time that a response has taken. */
  fastest: number;
}

/**
 * Keeps the requests of one client as far apart as the API requires.
 *
 * The API counts a request at some time between its start and its response. The next one therefore starts one gap after the
 * response, minus the shortest response time: never too early, and late only by the delay of that response. All times are
 * milliseconds of one monotonic clock.
 */
export class Pacer {
  readonly #routes = new Map<string, Route>();
  readonly #known: Readonly<Record<string, number>>;

  /** @param known the limits that are known before any response, in milliseconds by route */
  constructor(known: Readonly<Record<string, number>> = {}) {
    this.#known = known;
  }

  /** Returns true if a limit of a route is known, so that its requests have to take turns. */
  isLimited(route: string): boolean {
    return this.#route(route).gap > 0;
  }

  /** Takes the next turn on a route. Returns the wait for it, in milliseconds. */
  take(route: string, now: number): number {
    const state = this.#route(route);
    const start = Math.max(now, state.free);
    state.free = start + state.gap;
    return start - now;
  }

  /** Records a response that was not a rate limit. */
  answered(route: string, started: number, now: number): void {
    const state = this.#route(route);
    state.fastest = Math.min(state.fastest, now - started);
    if (state.gap > 0) state.free = Math.max(state.free, now - state.fastest + state.gap);
  }

  /**
   * Records a rate limit. A jitter of up to 3 % in this wait keeps several programs from retrying together. If the requests
   * were already that far apart, the margin of the next ones grows.
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
    const gap = Object.hasOwn(this.#known, name) ? (this.#known[name] as number) * (1 + LEAST_MARGIN) : 0;
    const fresh = { margin: LEAST_MARGIN, gap, free: 0, fastest: Number.POSITIVE_INFINITY };
    this.#routes.set(name, fresh);
    return fresh;
  }
}

/** Returns the route of a path, by which the API counts requests: `GET /api/v0/auth/apikeys/{id}/`. */
export function routeOf(method: string, path: string): string {
  return `${method} ${path.replace(/\?.*$/s, '').replace(/\/\d+(?=\/|$)/g, '/{id}')}`;
}
