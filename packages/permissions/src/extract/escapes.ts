const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const NUMBERED = /x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|u\{([\da-fA-F]{1,6})\}|([0-7]{1,3})/y;

/** Describes an escape: what it means, and where it ends. */
export interface Escape {
  readonly text: string;
  readonly end: number;
}

/**
 * Decodes the escape at a backslash, as C, Go, JavaScript, Python, HCL and YAML write them.
 *
 * @param keepsUnknown true if a backslash before any other character stands for itself, as in Python
 */
export function decodeEscape(source: string, backslash: number, keepsUnknown: boolean): Escape {
  const at = backslash + 1;
  const next = source[at];
  if (next === undefined) return { text: '\\', end: at };
  if (next === '\n') return { text: '', end: at + 1 };
  if (next === '\r') return { text: '', end: source[at + 1] === '\n' ? at + 2 : at + 1 };
  const simple = SIMPLE[next];
  if (simple !== undefined) return { text: simple, end: at + 1 };
  NUMBERED.lastIndex = at;
  const [all, ...digits] = NUMBERED.exec(source) ?? [];
  if (all !== undefined) {
    const octal = digits[4];
    const code =
      octal === undefined ? Number.parseInt(digits.find((one) => one) ?? '0', 16) : Number.parseInt(octal, 8);
    return { text: code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code), end: at + all.length };
  }
  const isKept = keepsUnknown && !'\\\'"'.includes(next);
  return { text: isKept ? `\\${next}` : next, end: at + 1 };
}
