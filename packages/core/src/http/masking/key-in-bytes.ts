const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const AMPERSAND = 0x26;
/** Left out of what is searched: what is invisible, and what is not ASCII. */
const LEFT_OUT = 0;

/**
 * Returns a function that returns false if bytes certainly have none of these strings, in any spelling. It takes one pass, a
 * third of the time that it takes with strings, so it suits long texts. Forms are told apart no better than necessary: what
 * it finds still has to be searched.
 *
 * @param forms the strings, in visible ASCII
 */
export function testForBytes(forms: readonly string[]): (bytes: Uint8Array) => boolean {
  const hasBackslash = forms.some((form) => form.includes('\\'));
  const wanted = forms.map((form) => Buffer.from(form).map(folded)) as Buffer[];
  const table = Uint8Array.from({ length: 256 }, (_, byte) =>
    byte > 0x20 && byte < 0x7f ? folded(byte) : LEFT_OUT,
  );
  let visible = Buffer.alloc(0);
  return (bytes) => {
    if (visible.length < bytes.length) visible = Buffer.allocUnsafeSlow(bytes.length);
    let length = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      const shown = table[byte] as number;
      if (shown === LEFT_OUT) {
        // Terminal sequences begin with U+001B or U+009B.
        if (byte === 0x1b || (byte === 0x9b && bytes[at - 1] === 0xc2)) return true;
      } else if (byte === BACKSLASH) {
        // Behind a backslash, all but these stand for themselves.
        if (hasBackslash || isOneOf(bytes[at + 1], 'uxUX')) return true;
      } else {
        if (byte === PERCENT && isOneOf(bytes[at + 1], '0123456789abcdefABCDEF')) return true;
        if (byte === AMPERSAND && bytes[at + 1] === 0x23) return true;
        visible[length] = shown;
        length += 1;
      }
    }
    const searched = visible.subarray(0, length);
    return wanted.some((form) => searched.includes(form));
  };
}

/** Folds upper and lower case, and base64 and base64url. */
function folded(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 0x20;
  if (byte === 0x2d) return 0x2b;
  return byte === 0x5f ? 0x2f : byte;
}

function isOneOf(byte: number | undefined, characters: string): boolean {
  return byte !== undefined && characters.includes(String.fromCharCode(byte));
}
