/** The fields of a JSON object whose shape is not known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object: no list, and not null. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
