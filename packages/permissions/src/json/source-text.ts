/** The size limit for files, in bytes (10 MiB). */
export const MAX_BYTES = 10 * 1024 * 1024;

/** An error in the encoding of a file. */
export type EncodingFault =
  | { readonly kind: 'too_large' }
  | { readonly kind: 'utf16' }
  /** `offset` is the position of the first wrong character in the decoded text. */
  | { readonly kind: 'not_utf8'; readonly offset: number }
  | { readonly kind: 'byte_order_mark' };

export interface DecodedText {
  /** The text without a byte order mark. Empty if the file is too large. */
  readonly text: string;
  readonly faults: readonly EncodingFault[];
}

/**
 * Decodes a file as UTF-8 with or without a byte order mark, or as UTF-16 in either byte order, recognized by its byte
 * order mark or its NUL bytes. Replaces invalid bytes with U+FFFD. Never throws.
 */
export function decodeText(input: Uint8Array | string): DecodedText {
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength;
  if (size > MAX_BYTES) return { text: '', faults: [{ kind: 'too_large' }] };
  if (typeof input === 'string') return withoutMark(input, []);
  const wide = utf16Order(input);
  if (wide !== undefined) {
    const { text } = withoutMark(decodeUtf16(input, wide), []);
    return { text, faults: [{ kind: 'utf16' }] };
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(input);
  const offset = firstReplaced(text, input);
  return withoutMark(text, offset === undefined ? [] : [{ kind: 'not_utf8', offset }]);
}

/** Removes byte order marks. Some tools leave several, which count as one. */
export function withoutMark(text: string, faults: readonly EncodingFault[]): DecodedText {
  const bare = text.replace(/^\uFEFF+/u, '');
  const marks = text.length - bare.length;
  if (marks === 0) return { text, faults };
  const moved = faults.map((fault) =>
    'offset' in fault ? { ...fault, offset: fault.offset - marks } : fault,
  );
  return { text: bare, faults: [{ kind: 'byte_order_mark' }, ...moved] };
}

/** Detects UTF-16. JSON starts with an ASCII character, so its first two bytes show the byte order even without a mark. */
function utf16Order(bytes: Uint8Array): 'little' | 'big' | undefined {
  const [first, second] = bytes;
  if (second === undefined) return undefined;
  if (first === 0xff && second === 0xfe) return 'little';
  if (first === 0xfe && second === 0xff) return 'big';
  if (first !== 0 && second === 0) return 'little';
  return first === 0 && second !== 0 ? 'big' : undefined;
}

/** Decodes UTF-16, and swaps the bytes itself because Node without full ICU cannot decode big-endian. */
function decodeUtf16(bytes: Uint8Array, order: 'little' | 'big'): string {
  const even = Buffer.from(bytes.subarray(0, bytes.byteLength - (bytes.byteLength % 2)));
  return (order === 'big' ? even.swap16() : even).toString('utf16le');
}

/** Returns the position of the first U+FFFD that decoding inserted, as opposed to one in the file. */
function firstReplaced(text: string, bytes: Uint8Array): number | undefined {
  let byte = 0;
  let from = 0;
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', from)) {
    byte += Buffer.byteLength(text.slice(from, at));
    if (bytes[byte] !== 0xef || bytes[byte + 1] !== 0xbf || bytes[byte + 2] !== 0xbd) return at;
    byte += 3;
    from = at + 1;
  }
  return undefined;
}
