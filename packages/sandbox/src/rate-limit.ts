/** Seconds between two requests, by `METHOD route` as the permission catalogue writes the route. */
export type Thresholds = Readonly<Record<string, number>>;

/** Lists the limits in Vast.ai's API documentation. Other routes have none here. */
export const documentedThresholds: Thresholds = {
  'GET /api/v0/auth/apikeys/': 1,
  'POST /api/v0/auth/apikeys/': 2,
  'DELETE /api/v0/auth/apikeys/{id}/': 2,
  'PUT /api/v0/commands/reset_apikey/': 3,
  'PUT /api/v0/users/': 5,
  'GET /api/v0/audit_logs/': 2,
  'POST /api/v0/team/roles/': 2,
  'GET /api/v0/team/roles/': 2,
  'GET /api/v0/team/roles-full/': 2,
  'GET /api/v0/team/roles/{id}/': 2,
  'PUT /api/v0/team/roles/{id}/': 2,
  'DELETE /api/v0/team/roles/{id}/': 2,
};

/** Remembers when each user last called each route. A request that was rejected does not restart the wait. */
export class RateLimiter {
  readonly #thresholds: Thresholds;
  readonly #lastCalls = new Map<string, number>();

  constructor(thresholds: Thresholds) {
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
