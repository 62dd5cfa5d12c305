import type { ApiKey } from '../../base/api-key.js';
import { FieldMask } from './field-mask.js';
import type { SecretRule } from './secret-fields.js';
import { SpelledKeyMask } from './spelled-key-mask.js';

/** Lists what to mask in a body. */
export interface BodySecrets {
  /** The keys of this run. */
  readonly keys: readonly ApiKey[];
  /** Fields to mask. */
  readonly fields: ReadonlyMap<string, SecretRule>;
}

/**
 * Masks the secrets of a body while it passes: keys of this run, and secret fields. Text that is not JSON can contain JSON, as in a
 * page with a script or a list of lines, so fields are looked for in everything.
 */
export async function* maskedBody(
  body: AsyncIterable<Uint8Array>,
  { keys, fields }: BodySecrets,
): AsyncGenerator<Uint8Array, void, undefined> {
  const inText = new SpelledKeyMask(keys);
  const inFields = fields.size === 0 ? undefined : new FieldMask(fields);
  for await (const part of body) {
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
