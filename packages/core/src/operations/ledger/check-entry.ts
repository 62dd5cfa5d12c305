import { isObject } from '../../base/json-object.js';
import { isProfileName } from '../../base/profile-name.js';
import { LATEST } from '../../base/server-time.js';
import { isFingerprint } from '../../secrets/fingerprint.js';
import type { LedgerEntry } from './entries.js';

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

/** Longest name or origin in an entry, in UTF-16 code units. */
const LONGEST = 1000;

const isText: Check = (value) => typeof value === 'string' && value.length <= LONGEST;
const isId: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const isTime: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LATEST;
const isOrigin: Check = (value) =>
  isText(value) && URL.canParse(value as string) && new URL(value as string).origin === value;
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const optional = (check: Check): Check => either(oneOf(undefined), check);
const orNull = (check: Check): Check => either(oneOf(null), check);
const object =
  (fields: Fields): Check =>
  (value) =>
    isObject(value) && faultIn(value, fields) === undefined;

const COMMON: Fields = {
  entry: (value) => typeof value === 'string' && /^[\w-]{1,64}$/u.test(value),
  origin: isOrigin,
  started: isTime,
};

const isProcess = object({
  pid: isId,
  host: isText,
  since: optional(isText),
  boot: optional(isText),
  namespace: optional(isText),
});

const FIELDS: Readonly<Record<LedgerEntry['kind'], Fields>> = {
  rotation: {
    ...COMMON,
    profile: orNull(isProfileName),
    storage: oneOf('keychain', 'file', null),
    old: object({ id: isId, name: orNull(isText), fingerprint: optional(isFingerprint) }),
    new: object({ name: isText, id: optional(isId), fingerprint: optional(isFingerprint) }),
    next: oneOf('create', 'store', 'delete'),
    finish_after: optional(isTime),
  },
  reset: {
    ...COMMON,
    profile: orNull(isProfileName),
    old: isFingerprint,
    new: optional(isFingerprint),
  },
  ephemeral: {
    ...COMMON,
    profile: orNull(isProfileName),
    name: isText,
    id: optional(isId),
    maker: isFingerprint,
    process: isProcess,
    expires: optional(isTime),
  },
  expiry: { ...COMMON, id: isId, name: isText, expires: isTime, maker: isFingerprint },
};

/** Returns true for an entry of a kind that this version knows. */
export function isKnownKind(entry: Readonly<Record<string, unknown>>): boolean {
  return typeof entry.kind === 'string' && Object.hasOwn(FIELDS, entry.kind);
}

/** Returns the name of the first field of an entry that is missing or not valid; `undefined` if there is none. */
export function faultOfEntry(entry: Readonly<Record<string, unknown>>): string | undefined {
  return isKnownKind(entry) ? faultIn(entry, FIELDS[entry.kind as LedgerEntry['kind']]) : 'kind';
}

function faultIn(value: Readonly<Record<string, unknown>>, fields: Fields): string | undefined {
  return Object.keys(fields).find(
    (name) => !fields[name]?.(Object.hasOwn(value, name) ? value[name] : undefined),
  );
}
