import { randomBytes } from 'node:crypto';
import { type KeyInfo, suffixOf } from './accounts.js';
import type { Clock } from './clock.js';

/** A two-factor session, without the value that its owner sends. */
export interface SessionInfo {
  readonly id: number;
  readonly userId: number;
  /** Id of the key that logged in. */
  readonly keyId: number;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Vast.ai's sessions last a week. */
const LIFETIME = 7 * 86_400;
const FIRST_ID = 9001;

/** Keeps the two-factor sessions of one sandbox. */
export class Sessions {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, SessionInfo>();
  readonly #ended = new Set<number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins a session of a key, and returns its value. */
  begin(key: KeyInfo): string {
    const value = randomBytes(32).toString('hex');
    const createdAt = this.#clock.now();
    const session = {
      id: FIRST_ID + this.#sessions.size,
      userId: key.userId,
      keyId: key.id,
      createdAt,
      expiresAt: createdAt + LIFETIME,
    };
    this.#sessions.set(value, session);
    return value;
  }

  /** Finds the session that has, or had, this value. */
  lookUp(value: string): { readonly session: SessionInfo; readonly live: boolean } | undefined {
    const session = this.#sessions.get(value);
    return session && { session, live: this.#isLive(session) };
  }

  /** Lists the live sessions of a user, oldest first. */
  of(userId: number): SessionInfo[] {
    return [...this.#sessions.values()].filter(
      (session) => session.userId === userId && this.#isLive(session),
    );
  }

  /** Lists the values of all sessions, ended ones too. */
  values(): string[] {
    return [...this.#sessions.keys()];
  }

  /** Ends a session before its time. */
  end(id: number): void {
    this.#ended.add(id);
  }

  /** Replaces the value of every session with its last four characters. */
  mask(text: string): string {
    let masked = text;
    for (const value of this.#sessions.keys()) masked = masked.replaceAll(value, suffixOf(value));
    return masked;
  }

  #isLive({ id, expiresAt }: SessionInfo): boolean {
    return !this.#ended.has(id) && this.#clock.now() < expiresAt;
  }
}
