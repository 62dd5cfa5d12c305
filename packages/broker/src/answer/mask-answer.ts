import { jsonStrings } from './json-strings.js';

/** The fields in which the API shows keys. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'api_key',
  'instance_api_key',
  'key',
  'new_api_key',
  'session_key',
]);
const LONGEST_NAME = 40;

const MASK = '…';

/** The field `key` also holds the public keys of SSH, which are no secret. */
const PUBLIC_KEY = /^"(?:ssh|ecdsa|sk)-[\w@.-]+ /u;

/** A response that is nothing but a key, as showing one key can be. */
const BARE_KEY = /^\s*"[0-9a-f]{40,}"\s*$/iu;

/**
 * Masks the keys in a JSON text: the values of fields that hold one, and the key of this run wherever it is. Everything else
 * stays as it is, byte by byte: numbers are not read, since JavaScript has no integers of 64 bits.
 *
 * @param maskKey masks the key of this run in a string
 */
export function maskJson(text: string, maskKey: (text: string) => string): string {
  if (BARE_KEY.test(text)) return `"${MASK}"`;
  const parts: string[] = [];
  let copied = 0;
  let last = 0;
  let before: 'secret name' | 'secret' | 'other' = 'other';
  for (const { start, end } of jsonStrings(text)) {
    const raw = text.slice(start, end);
    const isName = /^\s*:/u.test(text.slice(end, end + 20));
    const isSecret: boolean = !isName && follows(before, text.slice(last, start)) && !PUBLIC_KEY.test(raw);
    const masked: string = isSecret && raw !== '""' ? `"${MASK}"` : maskKey(raw);
    if (masked !== raw) {
      parts.push(text.slice(copied, start), masked);
      copied = end;
    }
    if (isName) before = SECRET_FIELDS.has(nameOf(raw)) ? 'secret name' : 'other';
    else before = isSecret ? 'secret' : 'other';
    last = end;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(copied);
}

/** Returns true for the value of a secret field, and for every string of its list. */
function follows(before: 'secret name' | 'secret' | 'other', between: string): boolean {
  if (before === 'secret name') return /^\s*:\s*\[?\s*$/u.test(between);
  return before === 'secret' && /^\s*,\s*$/u.test(between);
}

function nameOf(raw: string): string {
  if (raw.length > LONGEST_NAME) return '';
  return raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
}
