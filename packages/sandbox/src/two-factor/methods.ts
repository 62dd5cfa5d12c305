import { randomInt } from 'node:crypto';
import type { Clock } from '../clock.js';
import { maskedNumber } from './phone-numbers.js';

/** A stored second factor of an account. */
export interface TfaMethod {
  readonly id: number;
  readonly userId: number;
  readonly method: 'totp' | 'sms';
  /** The base32 secret of an app; empty for a phone. */
  readonly secret: string;
  /** Null for an app. */
  readonly phoneNumber: string | null;
  readonly createdAt: number;
  label: string;
  isPrimary: boolean;
  failCount: number;
  /** Seconds since 1970. */
  lockedUntil: number | null;
  lastUsed: number | null;
}

/** Holds the two-factor login of one account. */
export interface TfaAccount {
  methods: TfaMethod[];
  backupCodes: string[];
  /** True for an account from before backup codes, which has to make some first. */
  isLegacy: boolean;
  /** The end of the time in which methods can be added, in seconds since 1970. */
  authorizedUntil: number;
  /** The secret of an app that is being added. */
  totpSecret: string | undefined;
}

const MOST_FAILURES = 5;
const LOCKED = 15 * 60;
const BACKUP_CODES = 10;
const LONGEST_LABEL = 30;
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Counts a wrong code, and locks the method after five. Returns what the API tells about it. */
export function countFailure(method: TfaMethod, clock: Clock): Readonly<Record<string, unknown>> {
  method.failCount += 1;
  if (method.failCount >= MOST_FAILURES) method.lockedUntil = Math.ceil(clock.now()) + LOCKED;
  return { fail_count: method.failCount, locked_until: method.lockedUntil };
}

/** Counts a right code. */
export function countSuccess(method: TfaMethod, clock: Clock): void {
  Object.assign(method, { failCount: 0, lockedUntil: null, lastUsed: clock.now() });
}

/** Returns true while a method is locked. A lock that is over is forgotten. */
export function isLocked(method: TfaMethod, clock: Clock): boolean {
  if (method.lockedUntil === null) return false;
  if (clock.now() < method.lockedUntil) return true;
  Object.assign(method, { failCount: 0, lockedUntil: null });
  return false;
}

/** Returns ten new backup codes of the form `XXXX-XXXX-XXXX`. */
export function newBackupCodes(): string[] {
  const letters = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: BACKUP_CODES }, () => `${letters()}-${letters()}-${letters()}`);
}

/** Returns a method as `GET /tfa/status/` shows it. */
export function methodRow(method: TfaMethod): Record<string, unknown> {
  return {
    id: method.id,
    user_id: method.userId,
    method: method.method,
    label: method.label,
    phone_number: method.phoneNumber === null ? null : maskedNumber(method.phoneNumber),
    is_primary: method.isPrimary,
    fail_count: method.failCount,
    locked_until: method.lockedUntil,
    created_at: method.createdAt,
    last_used: method.lastUsed,
  };
}

/** Returns true for a label that a method can have, or none. */
export function isLabel(label: unknown): boolean {
  return label === undefined || (typeof label === 'string' && label.length <= LONGEST_LABEL);
}
