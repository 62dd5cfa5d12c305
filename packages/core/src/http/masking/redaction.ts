import { isObject } from '../../base/json-object.js';
import { serverText, withoutInvisible } from '../../base/terminal-safe.js';
import { UNSEEN } from '../../base/unseen.js';

/** Replaces a secret. */
const MASK = '…';
/** Has a character for each byte of it. */
const MASK_BYTES = Buffer.from(MASK).toString('latin1');

/** Matches the names of fields that hold a secret, as `plain` returns them. */
const SECRET =
  /^(?:key|code|authorization|proxyauthorization|cookie|setcookie|.*(?:apikey|sessionkey|secret|password|token)|(?:tfa|sms|totp|backup)codes?|provisioningur[il])$/;

/** Matches those that are removed from results. `code` can be harmless, so it is only masked. */
const REMOVED = /^(?:key|.*(?:apikey|sessionkey|secret|password|token)|backupcodes?|provisioningur[il])$/;

/**
 * Matches what may be a key, with or without invisible characters in between. In practice, keys have 64 hexadecimal digits.
 * Compiling it takes half a millisecond, and many runs have no text that is long enough.
 */
const hex = () => new RegExp(`(?:[0-9a-f][${UNSEEN}]*){${LEAST_HEX},}`, 'giu');
const LEAST_HEX = 40;

/** Longest part of a body that is not JSON to show, in characters. */
const SHOWN_TEXT = 2000;

/** Returns the name of a field in lower case, without `_`, `-` and invisible characters. */
function plain(name: string): string {
  return withoutInvisible(name).toLowerCase().replace(/[_-]/g, '');
}

/**
 * Returns a JSON value with `change` applied to every string, including the names of fields. It makes a copy only if a string
 * changes; otherwise it returns the value itself, which is much cheaper.
 */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  const isChanged = (text: string) => change(text) !== text;
  return hasString(value, isChanged) ? copyStrings(value, change) : value;
}

/** Copies a value. `Object.fromEntries` defines properties instead of assigning them, so `__proto__` is an ordinary name. */
function copyStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => copyStrings(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [change(name), copyStrings(item, change)]),
  );
}

function hasString(value: unknown, is: (text: string) => boolean): boolean {
  if (typeof value === 'string') return is(value);
  if (Array.isArray(value)) return value.some((item) => hasString(item, is));
  if (!isObject(value)) return false;
  for (const name in value) if (is(name) || hasString(value[name], is)) return true;
  return false;
}

/** Masks the secrets in a body for display: secret fields, what looks like a key, and the key itself. */
export function maskBody(body: unknown, mask: (text: string) => string): unknown {
  return maskFields(body, (text) => maskHex(mask(text)));
}

/** Returns the beginning of a body that is not JSON for display, with everything that looks like a secret masked. */
export function maskText(text: string, mask: (text: string) => string): string {
  const masked = maskHex(mask(text)).slice(0, SHOWN_TEXT);
  return masked.replace(
    /(["']?)([\w-]+)\1(\s*[:=]\s*)(["']?)[^"',}\s&]+/g,
    (whole, quote, name, between, opening) =>
      SECRET.test(plain(name)) ? `${quote}${name}${quote}${between}${opening}${MASK}` : whole,
  );
}

/** Matches a secret field however it is written, such as in the query of a URL or by a program that prints no JSON. */
const WRITTEN =
  /((?:api|session)_key["']?[ \t]*[:=][ \t]*["']?)(?!(?:null|true|false)\b)[^ \t\r\n"'\\&<>;,()[\]{}]+/giu;

/** Masks secret fields in the words of an error, which can repeat a request. */
export function maskWritten(text: string): string {
  return text.replace(WRITTEN, `$1${MASK}`);
}

/** Masks secret fields in the body of an error. All other bytes stay as they are. */
export function maskWrittenBytes(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString('latin1');
  const masked = text.replace(WRITTEN, `$1${MASK_BYTES}`);
  return masked === text ? body : Buffer.from(masked, 'latin1');
}

/** Matches a key in the query of a URL, where old clients put it. */
const QUERIED = /\b((?:api|session)_key=)[^&\s"'<>;,]+/giu;

/** Returns headers for display: one line each, secrets masked, also in names. */
export function maskHeaders(
  headers: Readonly<Record<string, string>>,
  mask: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      maskHex(mask(name)),
      SECRET.test(plain(name))
        ? MASK
        : serverText(maskHex(mask(value)).replace(QUERIED, `$1${MASK}`), SHOWN_TEXT),
    ]),
  );
}

/**
 * Returns a response without secret fields at any depth: a copy if it has any, otherwise the response itself.
 *
 * @param keep names of top-level fields to keep, such as that of a new key
 */
export function withoutSecrets(response: unknown, keep: readonly string[] = []): unknown {
  // Cached, because the records of a list all have the same names.
  const seen = new Map<string, Removal>();
  const isRemoved = (name: string, value: unknown) => {
    const removal = seen.get(name) ?? removalOf(name);
    seen.set(name, removal);
    return removal === 'always' || (removal === 'value' && !isHarmless(value));
  };
  return hasField(response, isRemoved) ? copyWithout(response, isRemoved, keep) : response;
}

type Removal = 'always' | 'value' | 'never';

function removalOf(name: string): Removal {
  if (plain(name) === 'apikey') return 'always';
  return REMOVED.test(plain(name)) ? 'value' : 'never';
}

/** Returns true for a value that is not secret by itself. The fields of an object are checked on their own. */
function isHarmless(value: unknown): boolean {
  return value === null || typeof value === 'boolean' || isObject(value);
}

type FieldTest = (name: string, value: unknown) => boolean;

function copyWithout(value: unknown, isRemoved: FieldTest, keep: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((item) => copyWithout(item, isRemoved));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name, item]) => keep.includes(name) || !isRemoved(name, item));
  return Object.fromEntries(kept.map(([name, item]) => [name, copyWithout(item, isRemoved)]));
}

function hasField(value: unknown, is: FieldTest): boolean {
  if (Array.isArray(value)) return value.some((item) => hasField(item, is));
  if (!isObject(value)) return false;
  for (const name in value) if (is(name, value[name]) || hasField(value[name], is)) return true;
  return false;
}

function maskFields(value: unknown, mask: (text: string) => string, secret = false): unknown {
  if (typeof value === 'string') return secret ? MASK : mask(value);
  if (typeof value === 'number') return secret ? MASK : value;
  if (Array.isArray(value)) return value.map((item) => maskFields(item, mask, secret));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      mask(name),
      maskFields(item, mask, secret || SECRET.test(plain(name))),
    ]),
  );
}

/** Masks everything that looks like a key. */
function maskHex(text: string): string {
  return text.length < LEAST_HEX ? text : text.replace(hex(), MASK);
}
