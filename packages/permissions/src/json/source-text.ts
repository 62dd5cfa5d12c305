/** The largest file that is read, in bytes (10 MiB). */
export const MAX_BYTES = 10 * 1024 * 1024;

/** A fault in the bytes of a file, whatever they say. */
export type EncodingFault =
  | { readonly kind: 'too_large' }
  | { readonly kind: 'utf16' }
  /** `offset` is that of the first wrong character in the decoded text. */
  | { readonly kind: 'not_utf8'; readonly offset: number }
  | { readonly kind: 'byte_order_mark' };

export interface DecodedText {
  /** Without a byte order mark; empty for a file that is too large. */
  readonly text: string;
  readonly faults: readonly EncodingFault[];
}

/**
 * Decodes a file as well as it goes: UTF-8 with or without a byte order mark, UTF-16 in either order (with
 * one, or recognised by its NUL bytes), anything else with U+FFFD for what is wrong. Never throws.
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

/** Several marks, as careless tools leave them, count as one. */
export function withoutMark(text: string, faults: readonly EncodingFault[]): DecodedText {
  const bare = text.replace(/^\uFEFF+/u, '');
  const marks = text.length - bare.length;
  if (marks === 0) return { text, faults };
  const moved = faults.map((fault) =>
    'offset' in fault ? { ...fault, offset: fault.offset - marks } : fault,
  );
  return { text: bare, faults: [{ kind: 'byte_order_mark' }, ...moved] };
}

/** JSON begins with an ASCII character, so its first two bytes tell the order of UTF-16 without a mark. */
function utf16Order(bytes: Uint8Array): 'little' | 'big' | undefined {
  const [first, second] = bytes;
  if (second === undefined) return undefined;
  if (first === 0xff && second === 0xfe) return 'little';
  if (first === 0xfe && second === 0xff) return 'big';
  if (first !== 0 && second === 0) return 'little';
  return first === 0 && second !== 0 ? 'big' : undefined;
}

/** Swaps the bytes itself, since a Node without full ICU has no decoder for the big order. */
function decodeUtf16(bytes: Uint8Array, order: 'little' | 'big'): string {
  const even = Buffer.from(bytes.subarray(0, bytes.byteLength - (bytes.byteLength % 2)));
  return (order === 'big' ? even.swap16() : even).toString('utf16le');
}

/** Finds the first U+FFFD that decoding put, and that is not written as such in the bytes. */
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
