import { CATEGORIES, isCategory } from '../catalogue/categories.js';
import { misspelledCategory } from '../catalogue/similar-category.js';
import type { JsonNode, JsonObject } from '../json/parse.js';
import type { Span } from '../json/positions.js';

const LEGACY =
  /^(?:manage|view|read|show)_(?:instances?|billing|account|machines?|teams?|keys?|api_keys|ssh_keys)$/u;
const NAMES = CATEGORIES.filter((category) => category !== 'misc');

/**
 * Finds the permission document in a JSON value: the value itself, or its "permissions", as in the body of a request.
 * Other JSON may have an "api" too, so its content has to look like categories.
 */
export function findDocument(root: JsonNode | undefined): Span | undefined {
  if (root?.type !== 'object') return undefined;
  if (isDocument(root)) return root;
  const inner = root.properties.find(({ key }) => key === 'permissions')?.value;
  return inner?.type === 'object' && isDocument(inner) ? inner : undefined;
}

function isDocument({ properties }: JsonObject): boolean {
  const api = properties.find(({ key }) => key === 'api')?.value;
  if (api !== undefined) return hasCategories(api, properties.length);
  if (properties.length === 0) return false;
  if (properties.every(({ value }) => value?.type === 'boolean')) {
    const keys = properties.map(({ key }) => key).sort();
    return keys.join() === 'read,write' || keys.every((key) => LEGACY.test(key));
  }
  return properties.some(({ key, value }) => isNamed(key) && value?.type === 'object');
}

function hasCategories(api: JsonNode, siblings: number): boolean {
  if (api.type === 'array') return api.items.some((item) => item.type === 'string' && isNamed(item.value));
  if (api.type === 'string') return isNamed(api.value);
  if (api.type !== 'object') return false;
  if (api.properties.length === 0) return siblings <= 2;
  return api.properties.some(
    ({ key, value }) =>
      isCategory(key) ||
      key.startsWith('*') ||
      misspelledCategory(key) !== undefined ||
      (/^[a-z_]{1,40}_(?:read|write)$/u.test(key) && value?.type === 'object'),
  );
}

function isNamed(name: string): boolean {
  return isCategory(name) && name !== 'misc';
}

/** Returns true if JSON that cannot be parsed seems to be a permission document. */
export function seemsDocument(text: string): boolean {
  return (
    /\bapi\\?["']?\s{0,50}[:=]\s{0,50}[{$]/u.test(text) ||
    (/^\s*\{/u.test(text) && NAMES.some((name) => text.includes(name)))
  );
}
