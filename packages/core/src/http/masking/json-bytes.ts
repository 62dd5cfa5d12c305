/** Bytes of JSON that begin and end its parts. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;

/** Returns true for `{` and `[`. */
export function isOpening(byte: number): boolean {
  return byte === 0x7b || byte === 0x5b;
}

/** Returns true for a digit and the minus sign. */
export function beginsNumber(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d;
}

/** Returns true for what a number can have: digits, signs, the point, and the letter of its exponent. */
export function isInNumber(byte: number): boolean {
  return beginsNumber(byte) || byte === 0x2b || byte === 0x2e || (byte | 0x20) === 0x65;
}

/** Returns true for what the name of a secret field can have, also as a part of an escape: letters, digits, `_` and the backslash. */
export function isNameByte(byte: number): boolean {
  const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
  return isLetter || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || byte === BACKSLASH;
}

/** Returns true for white space. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** Returns the offset of the last quotation mark before another one, from `least` on. */
export function quoteBefore(data: Buffer, at: number, least: number): number | undefined {
  for (let before = at - 1; before >= least; before -= 1) if (data[before] === QUOTE) return before;
  return undefined;
}

/** Returns the length of the string that data begins with, or undefined if it has no end there. */
export function stringEnd(data: Buffer): number | undefined {
  for (let at = 1; at < data.length; at += 1) {
    if (data[at] === QUOTE) return at + 1;
    if (data[at] === BACKSLASH) at += 1;
  }
  return undefined;
}

/** Returns the text of a string in quotation marks; without their marks if it is not one of JSON. */
export function textIn(raw: string): string {
  if (!raw.includes('\\')) return raw.slice(1, -1);
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw.slice(1, -1);
  }
}
