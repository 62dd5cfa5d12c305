import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '../clock.js';

/** Names the way in which a person gets a code: from an app, by SMS or by email. */
export type CodeKind = 'totp' | 'sms' | 'email';

/** A code that someone is asked for. */
export interface Challenge {
  /** Names the challenge in the next request. */
  readonly secret: string;
  readonly userId: number;
  readonly kind: CodeKind;
  /** The number or address that the code was sent to; empty for `totp`, whose codes come from an app. */
  readonly to: string;
  /** The code that was sent; empty for `totp`. */
  readonly code: string;
  /** Id of the method that it proves; null for an email, and for a number that is being added. */
  readonly methodId: number | null;
  /** True if it authorizes adding a method. */
  readonly authorizes: boolean;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** A code as it arrived on a phone or in a mailbox. */
export interface Message {
  readonly kind: 'sms' | 'email';
  readonly to: string;
  readonly code: string;
}

type Asked = Pick<Challenge, 'userId' | 'kind' | 'to' | 'methodId' | 'authorizes'>;

const LIFETIME = 10 * 60;

/** Keeps the challenges of one sandbox, and the messages that it sent. */
export class Challenges {
  readonly messages: Message[] = [];
  readonly #clock: Clock;
  readonly #challenges = new Map<string, Challenge>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins a challenge, and sends its code unless an app makes it. */
  begin(asked: Asked): Challenge {
    return this.#send({ ...asked, secret: randomBytes(16).toString('hex'), code: '', expiresAt: 0 });
  }

  /** Sends another code for a challenge, which lasts ten minutes again. */
  again(challenge: Challenge): Challenge {
    return this.#send(challenge);
  }

  /** Finds a challenge of a user, an expired one too. */
  find(userId: number, secret: string): Challenge | undefined {
    const challenge = this.#challenges.get(secret);
    return challenge?.userId === userId ? challenge : undefined;
  }

  /** Finds the newest challenge of a user whose code was sent there, or anywhere if `to` is absent. */
  latest(userId: number, kind: CodeKind, to?: string): Challenge | undefined {
    return [...this.#challenges.values()].findLast(
      (one) => one.userId === userId && one.kind === kind && (to === undefined || one.to === to),
    );
  }

  isOver({ expiresAt }: Challenge): boolean {
    return this.#clock.now() >= expiresAt;
  }

  end({ secret }: Challenge): void {
    this.#challenges.delete(secret);
  }

  #send(challenge: Challenge): Challenge {
    const { kind, to, secret } = challenge;
    const code = kind === 'totp' ? '' : String(randomInt(1_000_000)).padStart(6, '0');
    const sent = { ...challenge, code, expiresAt: this.#clock.now() + LIFETIME };
    this.#challenges.delete(secret);
    this.#challenges.set(secret, sent);
    if (kind !== 'totp') this.messages.push({ kind, to, code });
    return sent;
  }
}
