import type { JsonNode, JsonProperty } from '../json/parse.js';

/** Converts a parsed tree to a plain value. The last of duplicate keys wins, and `__proto__` is an ordinary key. */
export function toValue(node: JsonNode): unknown {
  if (node.type === 'object') return toObject(node.properties);
  return node.type === 'array' ? node.items.map(toValue) : node.value;
}

/** Returns the permission document to send: the root object without `$schema`, which is only for editors. */
export function toDocument(properties: readonly JsonProperty[]): Record<string, unknown> {
  return toObject(properties.filter(({ key }) => key !== '$schema'));
}

function toObject(properties: readonly JsonProperty[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { key, value } of properties) {
    Object.defineProperty(object, key, {
      value: value === undefined ? null : toValue(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}
