import type { JsonNode, JsonProperty } from '../json/parse.js';

/** Returns the plain value of a tree. Of duplicate keys the last one stays; `__proto__` is a key like any other. */
export function toValue(node: JsonNode): unknown {
  if (node.type === 'object') return toObject(node.properties);
  return node.type === 'array' ? node.items.map(toValue) : node.value;
}

/** Makes the permission document that is sent: the value of the root without `$schema`, which is for editors. */
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
