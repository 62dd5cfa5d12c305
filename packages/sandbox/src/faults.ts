/**
 * Something that goes wrong on purpose. `acts` says whether the request is carried out before the fault shows; the
 * default is false. `truncate`, `stall` and `oversize` damage the real response, so they always carry out the request.
 */
export type Fault =
  /** Waits `ms` milliseconds before the request is carried out, or before the response is sent; nothing else goes wrong. */
  | { readonly kind: 'latency'; readonly ms: number; readonly acts?: boolean }
  /** Closes the connection without a response. */
  | { readonly kind: 'drop'; readonly acts?: boolean }
  /** Responds with this status and body; an object is sent as JSON, a string as it is. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      readonly acts?: boolean;
    }
  /** Responds with 200 and a page of HTML. */
  | { readonly kind: 'junk'; readonly acts?: boolean }
  /** Announces the whole response, sends half of it and closes the connection. */
  | { readonly kind: 'truncate' }
  /** Announces the whole response, sends half of it and then nothing, with the connection open. */
  | { readonly kind: 'stall' }
  /** Sends JSON of `bytes` bytes (default 11 MiB) without announcing its length. */
  | { readonly kind: 'oversize'; readonly bytes?: number }
  /** Sends the caller to another URL; the default status is 307. */
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: 301 | 302 | 303 | 307 | 308 };

interface Rule {
  readonly matches: (method: string, path: string) => boolean;
  readonly fault: Fault;
  remaining: number;
}

/** Keeps the faults that are set; a request takes the oldest one that matches. */
export class Faults {
  #rules: Rule[] = [];

  /**
   * Sets a fault for the next requests of a route.
   *
   * @param route `METHOD /path`; `*` stands for any method or any characters, `{name}` for one path segment. A
   *   final slash and the query make no difference
   * @param times how many requests it applies to; `Infinity` for all
   * @throws Error if the route or the number is not valid
   */
  add(route: string, fault: Fault, times: number): void {
    if (!(times === Number.POSITIVE_INFINITY || (Number.isInteger(times) && times > 0))) {
      throw new Error('A fault applies to a positive whole number of requests, or always.');
    }
    this.#rules.push({ matches: routeMatcher(route), fault, remaining: times });
  }

  clear(): void {
    this.#rules = [];
  }

  /** Returns the fault for a request, and counts it as used. */
  take(method: string, path: string): Fault | undefined {
    const rule = this.#rules.find((one) => one.matches(method, path));
    if (!rule) return undefined;
    rule.remaining -= 1;
    if (rule.remaining === 0) this.#rules = this.#rules.filter((one) => one !== rule);
    return rule.fault;
  }
}

function routeMatcher(route: string): (method: string, path: string) => boolean {
  const match = /^(\*|[A-Z]+) (\/\S*|\*)$/u.exec(route);
  if (!match) throw new Error(`"${route}" is not a route. Write METHOD /path, such as GET /api/v0/users/*.`);
  const [, wantedMethod, pattern] = match as unknown as [string, string, string];
  const source = pattern.replace(/\/$/u, '').replace(/\*|\{[^{}/]*\}|[.+?^$()|[\]\\{}]/gu, (part) => {
    if (part === '*') return '.*';
    return part.length > 1 ? '[^/]+' : `\\${part}`;
  });
  const wantedPath = new RegExp(`^${source}/?$`, 'u');
  return (method, path) => (wantedMethod === '*' || wantedMethod === method) && wantedPath.test(path);
}
