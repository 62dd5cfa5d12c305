import { isDeepStrictEqual } from 'node:util';
import { isObject } from '@vastai-cli/core/internal/base/json-object';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { apiOf } from '@vastai-cli/permissions/decision/access';
import type { AccessChange } from '@vastai-cli/permissions/diff/access-change';
import { diffDocuments, newAccess } from '@vastai-cli/permissions/diff/diff';
import { firstOf } from '@vastai-cli/permissions/json/first-of';

/** Describes how the permissions of a new key compare with the requested ones. */
export type Granted =
  /** `unlimited`: no permissions were requested, so the key has full access. */
  | { readonly comparison: 'unlimited' | 'same' | 'rewritten' | 'narrower' }
  /** As requested, but with fields next to "api" whose effect is not documented. */
  | { readonly comparison: 'annotated'; readonly fields: readonly string[] }
  /** The key may do more. `newAccess` names the extra categories, operations, endpoints or parts of the document. */
  | { readonly comparison: 'wider'; readonly summary: string; readonly newAccess: readonly string[] };

/** The most extra permissions that the summary names. */
const MOST_NAMED = 5;

/**
 * Compares the permissions of a new key with the requested ones, by what they allow. Anything that cannot be compared,
 * such as a response in another format, counts as wider.
 *
 * @param asked the requested permission document; `undefined` for full access
 * @param given `permissions` of the response; absent, null and false mean full access
 */
export function compareGranted(asked: object | undefined, given: unknown): Granted {
  const document = parsed(given);
  if (asked === undefined) return { comparison: document ? 'narrower' : 'unlimited' };
  if (isDeepStrictEqual(document, asked)) return { comparison: 'same' };
  if (document === undefined || document === null || document === false) {
    const summary = 'The API gave this key FULL ACCESS instead of the permissions you asked for.';
    return { comparison: 'wider', summary, newAccess: ['full access'] };
  }
  const { rest, fields } = withoutAnnotations(document, asked);
  const granted = compareDocuments(asked, withNumbersOf(asked, rest));
  return granted.comparison === 'wider' || fields.length === 0
    ? granted
    : { comparison: 'annotated', fields: fields.map((field) => serverText(field)) };
}

/** Fields that describe a document. Anything else next to "api", such as a role, might grant something. */
const DESCRIBES =
  /^(?:\$schema|version|revision|id|name|note|comment|description|(?:created|updated|modified)(?:_at|_on)?)$/u;

/** Takes out what the API added next to "api" to describe the document: a number or a string under a name that says so. */
function withoutAnnotations(document: unknown, asked: object): { rest: unknown; fields: string[] } {
  if (!isObject(document) || apiOf(document) === undefined) return { rest: document, fields: [] };
  const fields = Object.keys(document).filter((field) => {
    const isText = ['number', 'string'].includes(typeof document[field]);
    return isText && DESCRIBES.test(field) && !Object.hasOwn(asked, field);
  });
  const rest = Object.fromEntries(Object.entries(document).filter(([field]) => !fields.includes(field)));
  return { rest, fields };
}

/** Reads a number that was requested and came back as text, such as `"5"`, as the same number: that grants nothing new. */
function withNumbersOf(asked: unknown, given: unknown): unknown {
  if (typeof asked === 'number') return given === String(asked) ? asked : given;
  if (!isObject(asked) || !isObject(given)) return given;
  const entries = Object.entries(given).map(([key, value]) => [
    key,
    Object.hasOwn(asked, key) ? withNumbersOf(asked[key], value) : value,
  ]);
  return Object.fromEntries(entries);
}

function compareDocuments(asked: object, document: unknown): Granted {
  const diff = diffDocuments(asked, document);
  const had = apiOf(asked) ?? {};
  const nameOf = ({ name, category }: AccessChange) =>
    category === undefined || category === 'unknown' || Object.hasOwn(had, category) ? name : category;
  const added = [...new Set(newAccess(diff).map((change) => serverText(nameOf(change))))];
  if (added.length > 0) return { comparison: 'wider', summary: summaryOf(added), newAccess: added };
  return { comparison: diff.changes.length === 0 ? 'rewritten' : 'narrower' };
}

/** Parses a document that the API returned as a string. */
function parsed(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

function summaryOf(added: readonly string[]): string {
  return `The API gave this key more than you asked for (${firstOf(added, MOST_NAMED)}).`;
}
