import { SECRET_FIELDS } from '@vastai-cli/core/internal/http/masking/secret-fields';
import { isString } from '../json-string.js';
import { JsonRewriter } from './json-rewriter.js';

const MASKED = '"…"';

/** The field `key` also holds the public keys of SSH, which are not secret. */
const PUBLIC_KEY = /^"(?:ssh|ecdsa|sk)-[\w@.-]+ /u;

/** A response that consists of a key alone, as the response to a request for one key can. */
const BARE_KEY = /^"[0-9a-f]{40,}"$/iu;

/**
 * Returns a rewriter that masks the keys in a response: the values of fields that hold one, also in lists, and the key of this
 * run wherever it is.
 *
 * @param maskKey masks the key of this run in a string
 */
export function answerMask(maskKey: (text: string) => string): JsonRewriter {
  return new JsonRewriter((raw, { kind, field, isRoot }) => {
    const isSecret = kind === 'value' && field !== undefined && SECRET_FIELDS.has(field);
    if (isSecret && raw !== '""' && !PUBLIC_KEY.test(raw)) return MASKED;
    if (isRoot && BARE_KEY.test(raw)) return MASKED;
    const masked = maskKey(raw);
    // Behind a backslash, the key can begin in the middle of an escape.
    return masked === raw || isString(masked) ? masked : MASKED;
  });
}

/** Masks the keys in a whole response. @throws SyntaxError if it is not JSON */
export function maskJson(text: string, maskKey: (text: string) => string): string {
  const mask = answerMask(maskKey);
  return mask.push(text) + mask.end();
}
