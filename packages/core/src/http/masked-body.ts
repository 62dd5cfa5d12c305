import type { ApiKey } from '../base/api-key.js';
import { FieldMask } from './field-mask.js';
import type { SecretRule } from './secret-fields.js';
import { SpelledKeyMask } from './spelled-key-mask.js';

/** What to mask in a body. */
export interface BodySecrets {
  /** The keys of this run. */
  readonly keys: readonly ApiKey[];
  /** Fields to mask in JSON. */
  readonly fields: ReadonlyMap<string, SecretRule>;
  readonly contentType: string | undefined;
}

/** Masks the secrets of a body while it passes: keys of this run in anything, and secret fields in JSON. */
export async function* maskedBody(
  body: AsyncIterable<Uint8Array>,
  { keys, fields, contentType }: BodySecrets,
): AsyncGenerator<Uint8Array, void, undefined> {
  const inText = new SpelledKeyMask(keys);
  let inFields: FieldMask | undefined;
  let isFirst = true;
  for await (const part of body) {
    if (isFirst && part.length > 0) {
      if (fields.size > 0 && isJson(part, contentType)) inFields = new FieldMask(fields);
      isFirst = false;
    }
    for (const piece of inFields?.push(part) ?? [part]) yield* full(inText.push(piece));
  }
  for (const piece of inFields?.end() ?? []) yield* full(inText.push(piece));
  yield* full(inText.end());
}

function full(parts: readonly Uint8Array[]): Uint8Array[] {
  return parts.filter(({ length }) => length > 0);
}

/** Returns true for what says that it is JSON, or begins like it. */
function isJson(beginning: Uint8Array, contentType = ''): boolean {
  if (/\bjson\b/iu.test(contentType)) return true;
  const text = new TextDecoder().decode(beginning.subarray(0, 64)).trimStart();
  return /^[[{"]/u.test(text);
}
