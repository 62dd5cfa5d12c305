import { randomBytes } from 'node:crypto';

/** A user as `GET /users/current/` shows it, without the fields that depend on the calling key. */
export interface User {
  readonly id: number;
  readonly email: string;
  /** Id of the user that this is a subaccount of. */
  readonly parent_id: number | null;
  readonly [field: string]: unknown;
}

/** `primary`: the account's own key; `user`: made by the user; `system`: made by Vast.ai. */
export type KeyKind = 'primary' | 'user' | 'system';

/** Everything about a key except its value. */
export interface KeyInfo {
  readonly id: number;
  readonly userId: number;
  readonly name: string | null;
  readonly kind: KeyKind;
  /** The permission document as it was sent; undefined grants everything. */
  readonly permissions: object | undefined;
  readonly keyParams: unknown;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** The team that the key acts for; null if it acts for its user. */
  readonly teamId: number | null;
  /** A revoked key keeps its id and its record, but no list shows it. */
  readonly revoked: boolean;
}

export interface NewKey {
  readonly userId: number;
  readonly name: string | null;
  readonly kind: KeyKind;
  readonly permissions?: object | undefined;
  readonly keyParams?: unknown;
  readonly teamId?: number | null | undefined;
  /** 64 random hexadecimal characters if absent. */
  readonly value?: string | undefined;
  /** Seconds since 1970; now if absent. */
  readonly createdAt?: number | undefined;
}

/** The key that a value sent by a caller belongs to. */
export interface Lookup {
  readonly key: KeyInfo;
  /** False for a revoked key and for the value that a reset replaced. */
  readonly live: boolean;
}

// With two primary keys in front, the first key that someone makes is number 42, as in the documentation.
const FIRST_KEY_ID = 40;
const SHORTEST_WITH_SUFFIX = 16;

/** Keeps the users of one sandbox and their keys. */
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

  /** Adds a key. @throws Error if the user does not exist, or the value is or was a key already */
  addKey(added: NewKey): KeyInfo {
    const { userId, name, kind, permissions, keyParams, teamId, value = randomKey(), createdAt } = added;
    if (!this.#users.has(userId)) throw new Error(`No such user: ${userId}`);
    this.#claim(value, this.#nextKeyId);
    const key: KeyInfo = {
      id: this.#nextKeyId++,
      userId,
      name,
      kind,
      permissions,
      keyParams,
      createdAt: createdAt ?? Date.now() / 1000,
      teamId: teamId ?? null,
      revoked: false,
    };
    this.#keys.set(key.id, key);
    return key;
  }

  /** Lists every key, revoked ones included, oldest first. */
  keys(): KeyInfo[] {
    return [...this.#keys.values()];
  }

  key(id: number): KeyInfo | undefined {
    return this.#keys.get(id);
  }

  /** Returns the current value of a key. @throws Error if no such key ever existed */
  valueOf(id: number): string {
    const value = this.#valueByKeyId.get(id);
    if (value === undefined) throw new Error(`No such key: ${id}`);
    return value;
  }

  /** Finds the key that has, or had, this value. */
  lookUp(value: string): Lookup | undefined {
    const key = this.#keys.get(this.#keyIdByValue.get(value) ?? -1);
    if (!key) return undefined;
    return { key, live: !key.revoked && this.#valueByKeyId.get(key.id) === value };
  }

  /** Finds the key with this id. A key with a new value is still the same. */
  lookUpId(id: number): Lookup | undefined {
    const key = this.#keys.get(id);
    return key && { key, live: !key.revoked };
  }

  /** Gives the key a new value; the old one stops working immediately. */
  renew(id: number): string {
    const value = randomKey();
    this.#claim(value, id);
    return value;
  }

  revoke(id: number): void {
    const key = this.#keys.get(id);
    if (!key) throw new Error(`No such key: ${id}`);
    this.#keys.set(id, { ...key, revoked: true });
  }

  /** Lets a key act for a team, or for its user again. @throws Error if there is no such key */
  bindToTeam(id: number, teamId: number | null): void {
    const key = this.#keys.get(id);
    if (!key) throw new Error(`No such key: ${id}`);
    this.#keys.set(id, { ...key, teamId });
  }

  /** Replaces every value that is or was a key with its last four characters. */
  mask(text: string): string {
    let masked = text;
    for (const value of this.#keyIdByValue.keys()) masked = masked.replaceAll(value, suffixOf(value));
    return masked;
  }

  #claim(value: string, keyId: number): void {
    if (this.#keyIdByValue.has(value)) throw new Error('This value is or was a key already.');
    this.#keyIdByValue.set(value, keyId);
    this.#valueByKeyId.set(keyId, value);
  }
}

/** Returns `…` and the last four characters, or `…` alone where four would give away much of the secret. */
export function suffixOf(value: string): string {
  return value.length < SHORTEST_WITH_SUFFIX ? '…' : `…${value.slice(-4)}`;
}

function randomKey(): string {
  return randomBytes(32).toString('hex');
}
