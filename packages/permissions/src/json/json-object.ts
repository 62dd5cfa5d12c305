/** The fields of a JSON object whose shape is not known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Tells whether a JSON value is an object: neither a list nor null. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the fields of a JSON value, of which one that is no object has none. */
export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}
