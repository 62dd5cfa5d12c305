import { isObject } from '../base/json-object.js';
import { serverText, withoutInvisible } from '../base/terminal-safe.js';
import { UNSEEN } from '../base/unseen.js';

/** Stands where a secret stood. */
const MASK = '…';

/** Names of fields whose value is a secret, in lower case and without `_`, `-` and what cannot be seen. */
const SECRET =
  /^(?:key|code|authorization|proxyauthorization|cookie|setcookie|.*(?:apikey|sessionkey|secret|password|token)|(?:tfa|sms|totp|backup)codes?)$/;

/** Of those, the ones that no answer needs; `code` can be harmless, so it is only masked. */
const REMOVED = /^(?:key|.*(?:apikey|sessionkey|secret|password|token)|backupcodes?)$/;

/** Keys are 64 hexadecimal characters in practice; what cannot be seen may stand between them. */
const HEX = new RegExp(`(?:[0-9a-f][${UNSEEN}]*){40,}`, 'giu');

/** Longer texts that are not JSON are shown in part. */
const SHOWN_TEXT = 2000;

function plain(name: string): string {
  return withoutInvisible(name).toLowerCase().replace(/[_-]/g, '');
}

/**
 * Gives a JSON value with every string, property names included, put through `change`: a copy where that
 * changes one, and else, which costs much less, the value itself.
 */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  const isChanged = (text: string) => change(text) !== text;
  return hasString(value, isChanged) ? copyStrings(value, change) : value;
}

/** `Object.fromEntries` defines properties instead of assigning them, so `__proto__` stays a name like any other. */
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

/** What may be shown of a body that was sent or came back: secrets masked by their name, their form, or as the key. */
export function maskBody(body: unknown, mask: (text: string) => string): unknown {
  return maskFields(body, (text) => maskHex(mask(text)));
}

/** What may be shown of a body that is not JSON: its beginning, without what looks like a secret. */
export function maskText(text: string, mask: (text: string) => string): string {
  const masked = maskHex(mask(text)).slice(0, SHOWN_TEXT);
  return masked.replace(
    /(["']?)([\w-]+)\1(\s*[:=]\s*)(["']?)[^"',}\s&]+/g,
    (whole, quote, name, between, opening) =>
      SECRET.test(plain(name)) ? `${quote}${name}${quote}${between}${opening}${MASK}` : whole,
  );
}

/** What may be shown of headers: on one line each, without secrets. */
export function maskHeaders(
  headers: Readonly<Record<string, string>>,
  mask: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET.test(plain(name)) ? MASK : serverText(maskHex(mask(value)), SHOWN_TEXT),
    ]),
  );
}

/**
 * Gives an answer without the secrets in it, at any depth: a copy where it has one, and else the answer itself.
 *
 * @param keep names of fields of the answer itself that stay: that of a key which was just made.
 */
export function withoutSecrets(response: unknown, keep: readonly string[] = []): unknown {
  // The same few names come back in every record of a list.
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

/** `key: null` says that there is a key and stays; a `key` that holds fields is looked into instead. */
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

/** Masks what looks like a key, under any name. */
function maskHex(text: string): string {
  return text.replace(HEX, MASK);
}
