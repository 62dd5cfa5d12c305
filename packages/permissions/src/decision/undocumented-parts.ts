import { operationOfEndpoint } from '../catalogue/catalogue.js';
import { isCategory } from '../catalogue/categories.js';
import { readCondition } from '../document/condition.js';
import { doubtAbout } from '../document/doubt.js';
import { mayBePattern } from '../document/may-mean.js';
import { type Fields, isObject } from '../json/json-object.js';
import { type Path, pathTo } from '../json/json-path.js';
import { quote } from '../json/quote.js';
import { apiOf, type Doubt, isFullAccess, isUndocumentedKey, TOP_KEYS } from './access.js';

/** Holds a part of a document whose effect is not documented. */
export interface UndocumentedPart {
  /** Undefined for the document as a whole. */
  readonly path: Path | undefined;
  /** The part as written. */
  readonly value: unknown;
  /** Says what is not known about it. */
  readonly kind: Doubt;
  /** One sentence. */
  readonly reason: string;
  /** True if the part can only take access away, as far as Vast.ai mentions it: `constraints` and `params`. */
  readonly narrowsOnly: boolean;
}

/**
 * Lists every part of a document whose effect is not documented, in the order of the document. A part is listed once,
 * without the parts in it. Endpoint names that are not published are listed too. Takes time in proportion to the
 * document.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access, which has no such part
 */
export function undocumentedParts(document: unknown): UndocumentedPart[] {
  if (isFullAccess(document)) return [];
  const parts: UndocumentedPart[] = [];
  const api = apiOf(document);
  if (!isObject(document) || api === undefined) {
    return [
      part('format', undefined, document, 'The document does not have the format that Vast.ai documents.'),
    ];
  }
  for (const [key, value] of Object.entries(document)) {
    const path = pathTo(undefined, key);
    if (key === 'api') collectApi(api, path, parts);
    else if (isUndocumentedKey(key) && TOP_KEYS.has(key)) parts.push(undocumentedKey(key, path, value));
    else if (!TOP_KEYS.has(key)) {
      const reason = `The effect of ${quote(key)} beside "api" is not documented.`;
      parts.push(part('unknown_key', path, value, reason));
    }
  }
  return parts;
}

function collectApi(api: Fields, at: Path, parts: UndocumentedPart[]): void {
  const members = Object.entries(api);
  if (members.every(([key]) => isUndocumentedKey(key))) {
    parts.push(part('empty', at, api, 'What an "api" without categories grants is not documented.'));
  }
  for (const [key, value] of members) {
    const path = pathTo(at, key);
    if (isUndocumentedKey(key)) parts.push(undocumentedKey(key, path, value));
    else if (!isCategory(key)) parts.push(unknownName(key, 'a category', path, value));
    else if (!isObject(value))
      parts.push(part('format', path, value, `The value of ${key} is not an object.`));
    else collectCategory(key, value, path, parts);
  }
}

function collectCategory(category: string, node: Fields, at: Path, parts: UndocumentedPart[]): void {
  for (const [key, value] of Object.entries(node)) {
    const path = pathTo(at, key);
    const operation = operationOfEndpoint(key);
    if (isUndocumentedKey(key)) parts.push(undocumentedKey(key, path, value));
    else if (operation === undefined) parts.push(unknownName(key, 'an endpoint', path, value));
    else if (operation.category !== category) {
      const reason = `${key} belongs to ${operation.category}, not to ${category}.`;
      parts.push(part('endpoint_name', path, value, reason));
    } else collectLeaf(key, value, path, parts);
  }
}

function collectLeaf(endpoint: string, leaf: unknown, at: Path, parts: UndocumentedPart[]): void {
  if (!isObject(leaf)) {
    parts.push(part('format', at, leaf, `The value of ${endpoint} is not an object.`));
    return;
  }
  for (const [key, value] of Object.entries(leaf)) {
    const path = pathTo(at, key);
    if (key === 'params') parts.push(undocumentedKey(key, path, value));
    else if (key !== 'constraints') {
      const reason = `The effect of ${quote(key)} in an endpoint is not documented.`;
      parts.push(part('unknown_key', path, value, reason));
    } else if (isObject(value)) collectConstraints(value, path, parts);
    else parts.push(part('format', path, value, `The constraints of ${endpoint} are not an object.`));
  }
}

function collectConstraints(constraints: Fields, at: Path, parts: UndocumentedPart[]): void {
  for (const [parameter, written] of Object.entries(constraints)) {
    const reason = doubtAbout(parameter, readCondition(written));
    if (reason !== undefined) parts.push(part('condition', pathTo(at, parameter), written, reason));
  }
}

function undocumentedKey(key: string, path: Path, value: unknown): UndocumentedPart {
  const reason = `The effect of ${quote(key)} here is not documented.`;
  return { ...part('undocumented_key', path, value, reason), narrowsOnly: true };
}

function unknownName(key: string, what: string, path: Path, value: unknown): UndocumentedPart {
  if (mayBePattern(key)) {
    return part('name', path, value, `${quote(key)} looks like a pattern, which Vast.ai does not document.`);
  }
  const kind = what === 'a category' ? 'category' : 'endpoint_name';
  return part(kind, path, value, `${quote(key)} is not ${what} that Vast.ai documents.`);
}

function part(kind: Doubt, path: Path | undefined, value: unknown, reason: string): UndocumentedPart {
  return { path, value, kind, reason, narrowsOnly: false };
}
