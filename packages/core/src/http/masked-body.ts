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
    const decided = inFields?.push(part) ?? [part];
    const masked = joined(decided.flatMap((piece) => inText.push(piece)));
    if (masked.length > 0) yield masked;
  }
  const rest = (inFields?.end() ?? []).flatMap((piece) => inText.push(piece));
  const last = joined([...rest, ...inText.end()]);
  if (last.length > 0) yield last;
}

/** Joins pieces. To pass on and to print several of them takes longer than to copy them. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const full = pieces.filter(({ length }) => length > 0);
  return full.length === 1 ? (full[0] as Uint8Array) : Buffer.concat(full);
}

/** Returns true for what says that it is JSON, or begins like it. */
function isJson(beginning: Uint8Array, contentType = ''): boolean {
  if (/\bjson\b/iu.test(contentType)) return true;
  const text = new TextDecoder().decode(beginning.subarray(0, 64)).trimStart();
  return /^[[{"]/u.test(text);
}
