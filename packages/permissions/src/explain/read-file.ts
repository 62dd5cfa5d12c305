import { toDocument, toValue } from '../document/to-document.js';
import { isObject } from '../json/json-object.js';
import { pathTo } from '../json/json-path.js';
import { type JsonNode, parseJson } from '../json/parse.js';
import type { WrittenDocument } from './not-understood.js';

/** Holds what can be explained of a file. */
export interface ReadableFile extends WrittenDocument {
  readonly document: Readonly<Record<string, unknown>>;
}

/** The faults with which a file is still read completely. After any other, the rest could be missing. */
const HARMLESS: ReadonlySet<string> = new Set(['comment', 'trailing_comma']);

/**
 * Reads the document in a file that may have errors, as a lenient program would: it skips comments and trailing commas,
 * the last of duplicate keys wins, and a document in "permissions" counts, if there is none around it.
 *
 * @param text the text that `validate` returned
 * @returns undefined if the file is not a JSON object from its beginning to its end
 */
export function readFile(text: string): ReadableFile | undefined {
  const { root, faults } = parseJson(text);
  if (root?.type !== 'object' || faults.some(({ kind }) => !HARMLESS.has(kind))) return undefined;
  const outer = toDocument(root.properties);
  const inner = root.properties.findLast(({ key }) => key === 'permissions')?.value;
  if (Object.hasOwn(outer, 'api') || !isDocument(inner)) {
    return { text, root, at: undefined, document: outer };
  }
  return { text, root: inner, at: pathTo(undefined, 'permissions'), document: toDocument(inner.properties) };
}

function isDocument(node: JsonNode | undefined): node is Extract<JsonNode, { type: 'object' }> {
  if (node?.type !== 'object') return false;
  const value = toValue(node);
  return isObject(value) && isObject(value.api);
}
