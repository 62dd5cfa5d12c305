/** Says which values of a field are keys: any string, or only one that looks like a key. */
export type SecretRule = 'any' | 'key-like';

/** The fields in which the API shows keys. `key` also names keys of another kind, such as the public ones of SSH. */
export const SECRET_FIELDS: ReadonlyMap<string, SecretRule> = new Map([
  ['api_key', 'any'],
  ['instance_api_key', 'any'],
  ['session_key', 'any'],
  ['new_api_key', 'any'],
  ['key', 'key-like'],
]);

/** The requests that make a key, whose responses show it this once (Vast.ai's API documentation). */
const MADE: readonly (readonly [request: RegExp, fields: readonly string[]])[] = [
  [/^POST \/api\/v\d+\/auth\/apikeys\/?$/u, ['key']],
  [/^PUT \/api\/v\d+\/commands\/reset_apikey\/?$/u, ['key', 'new_api_key']],
];

/** Returns the fields to mask in the response to a request: all that hold keys, without those of a key that it makes. */
export function secretFieldsOf(method: string, path: string): ReadonlyMap<string, SecretRule> {
  const asked = `${method} ${decoded(path.replace(/\?.*$/su, ''))}`;
  const made = MADE.find(([request]) => request.test(asked))?.[1] ?? [];
  return new Map([...SECRET_FIELDS].filter(([name]) => !made.includes(name)));
}

/** Returns true for a string that can only be a key. In practice, keys have 64 hexadecimal digits. */
export function isKeyLike(text: string): boolean {
  return /^[0-9a-f]{40,}$/iu.test(text);
}

/** Returns a path without escapes, as the server reads it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
