import { randomBytes } from 'node:crypto';

/** What `GET /users/current/` shows of a user, without what depends on the calling key. */
export interface User {
  readonly id: number;
  readonly email: string;
  /** Whose subaccount this is. */
  readonly parent_id: number | null;
  readonly [field: string]: unknown;
}

/** `primary`: the account's own key; `user`: made by the user; `system`: made by Vast.ai. */
export type KeyKind = 'primary' | 'user' | 'system';

/** Everything about a key but its value. */
export interface KeyInfo {
  readonly id: number;
  readonly userId: number;
  readonly name: string | null;
  readonly kind: KeyKind;
  /** A permission document as it was sent; undefined grants everything. */
  readonly permissions: object | undefined;
  readonly keyParams: unknown;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** A revoked key keeps its id and its record, but no list shows it. */
  readonly revoked: boolean;
}

export interface NewKey {
  readonly userId: number;
  readonly name: string | null;
  readonly kind: KeyKind;
  readonly permissions?: object | undefined;
  readonly keyParams?: unknown;
  /** 64 random hexadecimal characters if absent. */
  readonly value?: string | undefined;
}

/** What is known of a value that a caller sent. */
export interface Lookup {
  readonly key: KeyInfo;
  /** False for a revoked key and for the value that a reset replaced. */
  readonly live: boolean;
}

// With two primary keys in front, the first key that someone makes is number 42, as in the documentation.
const FIRST_KEY_ID = 40;
const SHORTEST_WITH_SUFFIX = 16;

/** The users of one sandbox and their keys. */
export class Accounts {
  readonly #users = new Map<number, User>();
  readonly #keys = new Map<number, KeyInfo>();
  readonly #keyIdByValue = new Map<string, number>();
  readonly #valueByKeyId = new Map<number, string>();
  #nextKeyId = FIRST_KEY_ID;

  addUser(user: User): void {
    this.#users.set(user.id, user);
    this.addKey({ userId: user.id, name: null, kind: 'primary' });
  }

  users(): User[] {
    return [...this.#users.values()];
  }

  user(id: number): User | undefined {
    return this.#users.get(id);
  }

  updateUser(id: number, fields: Readonly<Record<string, unknown>>): void {
    const user = this.#users.get(id);
    if (user) this.#users.set(id, { ...user, ...fields });
  }

  /** @throws Error if the user does not exist or the value has been a key before. */
  addKey({ userId, name, kind, permissions, keyParams, value = randomKey() }: NewKey): KeyInfo {
    if (!this.#users.has(userId)) throw new Error(`There is no user ${userId}.`);
    this.#claim(value, this.#nextKeyId);
    const key: KeyInfo = {
      id: this.#nextKeyId++,
      userId,
      name,
      kind,
      permissions,
      keyParams,
      createdAt: Date.now() / 1000,
      revoked: false,
    };
    this.#keys.set(key.id, key);
    return key;
  }

  /** All keys that ever were, revoked ones too, oldest first. */
  keys(): KeyInfo[] {
    return [...this.#keys.values()];
  }

  key(id: number): KeyInfo | undefined {
    return this.#keys.get(id);
  }

  /** The key's present value. @throws Error if there never was such a key. */
  valueOf(id: number): string {
    const value = this.#valueByKeyId.get(id);
    if (value === undefined) throw new Error(`There is no key ${id}.`);
    return value;
  }

  lookUp(value: string): Lookup | undefined {
    const key = this.#keys.get(this.#keyIdByValue.get(value) ?? -1);
    if (!key) return undefined;
    return { key, live: !key.revoked && this.#valueByKeyId.get(key.id) === value };
  }

  /** Gives the key a new value; the old one stops working at once. */
  renew(id: number): string {
    const value = randomKey();
    this.#claim(value, id);
    return value;
  }

  revoke(id: number): void {
    const key = this.#keys.get(id);
    if (!key) throw new Error(`There is no key ${id}.`);
    this.#keys.set(id, { ...key, revoked: true });
  }

  /** Replaces every value that is or was a key by its last four characters. */
  mask(text: string): string {
    let masked = text;
    for (const value of this.#keyIdByValue.keys()) masked = masked.replaceAll(value, suffixOf(value));
    return masked;
  }

  #claim(value: string, keyId: number): void {
    if (this.#keyIdByValue.has(value)) throw new Error('This value is, or was, already a key.');
    this.#keyIdByValue.set(value, keyId);
    this.#valueByKeyId.set(keyId, value);
  }
}

/** `…` and the last four characters, or `…` alone where four would be much of the secret. */
export function suffixOf(value: string): string {
  return value.length < SHORTEST_WITH_SUFFIX ? '…' : `…${value.slice(-4)}`;
}

function randomKey(): string {
  return randomBytes(32).toString('hex');
}
