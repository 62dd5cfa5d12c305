import type { KeyInfo, User } from './accounts.js';
import type { State } from './state.js';

/** A request that passed all checks: a valid key, within the rate limit, and permitted. */
export interface Call {
  readonly state: State;
  readonly user: User;
  readonly key: KeyInfo;
  /** The path parameters by their name in the catalogue, percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The body if it is a JSON object; empty if there was no body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Does one operation of the catalogue. */
export type Handler = (call: Call) => Response;

/** Handlers by the catalogue's name of the operation. */
export type Handlers = Readonly<Record<string, Handler>>;
