import type { KeyInfo, User } from './accounts.js';
import type { State } from './state.js';

/** A call that was let through: a good key, not too frequent, and permitted. */
export interface Call {
  readonly state: State;
  readonly user: User;
  readonly key: KeyInfo;
  /** The path parameters by their name in the catalogue, percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** The body if it is a JSON object; empty if there was no body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What one operation of the catalogue does. */
export type Handler = (call: Call) => Response;

/** Handlers by the catalogue's name of the operation. */
export type Handlers = Readonly<Record<string, Handler>>;
