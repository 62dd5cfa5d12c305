import type { Intervals } from '@vastai-cli/permissions/catalogue/intervals';

/** Remembers when each user last called each route. A request that was rejected does not restart the wait. */
export class RateLimiter {
  readonly #thresholds: Intervals;
  readonly #lastCalls = new Map<string, number>();

  constructor(thresholds: Intervals) {
    this.#thresholds = thresholds;
  }

  /** Lets a request through (undefined), or returns the threshold in seconds that it is under. */
  check(userId: number, route: string): number | undefined {
    if (!Object.hasOwn(this.#thresholds, route)) return undefined;
    const threshold = this.#thresholds[route] as number;
    const caller = `${userId} ${route}`;
    const now = performance.now();
    const last = this.#lastCalls.get(caller);
    if (last !== undefined && now - last < threshold * 1000) return threshold;
    this.#lastCalls.set(caller, now);
    return undefined;
  }
}
