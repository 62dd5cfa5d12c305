import { type JsonNode, type JsonProperty, parseJson } from '../json/parse.js';
import { quote } from '../json/quote.js';

/** The other fields of a key or role in a response of the API, which say nothing about permissions. */
const METADATA: ReadonlySet<string> = new Set([
  '$schema',
  'created_at',
  'id',
  'key_type',
  'name',
  'rights',
  'success',
  'team_id',
  'team_name',
  'user_id',
]);

/** Describes what is around a document. */
export interface Wrapper {
  readonly kind: 'list' | 'string' | 'permissions';
  readonly value: JsonNode;
  /** The text that the positions of `value` refer to. */
  readonly text: string;
  /** The fields next to the document, which are lost when it is taken out. */
  readonly beside: readonly string[];
}

/**
 * Finds what is around a document: a list of one, a string that contains JSON, or "permissions".
 *
 * @returns undefined if it is none of them, or if something beside the document could matter
 */
export function wrapperOf(node: JsonNode, text: string): Wrapper | undefined {
  if (node.type === 'array') {
    const [value, ...others] = node.items;
    return value === undefined || others.length > 0 ? undefined : { kind: 'list', value, text, beside: [] };
  }
  if (node.type === 'string') {
    const { root, faults } = /^\s*[{["]/u.test(node.value)
      ? parseJson(node.value)
      : { root: undefined, faults: [] };
    return root === undefined || faults.length > 0
      ? undefined
      : { kind: 'string', value: root, text: node.value, beside: [] };
  }
  if (node.type !== 'object') return undefined;
  const property = permissionsIn(node.properties);
  const others = node.properties.filter((one) => one !== property);
  if (property?.value === undefined || others.some(({ key }) => !METADATA.has(key))) return undefined;
  const beside = others.map(({ key }) => key).filter((key) => key !== '$schema');
  return { kind: 'permissions', value: property.value, text, beside };
}

/** Returns the property "permissions" of a document without "api". */
export function permissionsIn(properties: readonly JsonProperty[]): JsonProperty | undefined {
  const wrapped = properties.filter(({ key }) => key === 'permissions');
  return wrapped.length === 1 && !properties.some(({ key }) => key === 'api') ? wrapped[0] : undefined;
}

/** Returns everything around a document, from the outside inwards, or nothing if it is not an object in the end. */
export function wrappersOf(root: JsonNode, text: string): Wrapper[] {
  const wrappers: Wrapper[] = [];
  let node = root;
  for (let found = wrapperOf(root, text); found !== undefined; found = wrapperOf(node, found.text)) {
    wrappers.push(found);
    node = found.value;
  }
  return node.type === 'object' ? wrappers : [];
}

/** Says in one sentence that a wrapper was removed. */
export function removalOf({ kind, beside }: Wrapper): string {
  if (kind === 'list') return 'Removed the [ ] around the document.';
  if (kind === 'string') return 'Replaced the string with the document in it.';
  const lost = beside.length === 0 ? '' : `, with ${beside.map((key) => quote(key)).join(', ')} next to it`;
  return `Removed "permissions" around the document${lost}.`;
}
