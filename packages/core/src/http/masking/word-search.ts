/** Most pairs of bytes at the end of a word that are searched for: a bit stands for each. */
const MOST_PAIRS = 8;

/**
 * Returns a function that finds words in bytes: the offset of the one that ends first, from an offset on, or the number of
 * bytes if there is none.
 *
 * The end of each word has several pairs of neighbouring bytes, so it looks only at every so many pairs, and at the words where
 * one of theirs is. A call of `indexOf` for each word takes longer than the search itself.
 *
 * @param words 2 bytes or more each
 */
export function searchForWords(words: readonly string[]): (bytes: Uint8Array, from: number) => number {
  const wanted = words.map((word) => Buffer.from(word));
  const stride = Math.min(MOST_PAIRS, ...wanted.map(({ length }) => length - 1));
  // For each pair, a bit for each number of bytes that can follow it in a word.
  const following = new Uint8Array(2 ** 16);
  for (const word of wanted) {
    for (let behind = 0; behind < stride; behind += 1) {
      const pair = pairAt(word, word.length - 2 - behind);
      following[pair] = (following[pair] as number) | (1 << behind);
    }
  }
  return (bytes, from) => {
    const last = bytes.length - 1;
    for (let at = from; ; at += stride) {
      // Most of the time is spent here. Without calls in it, the loop takes half of that.
      while (at < last && following[pairAt(bytes, at)] === 0) at += stride;
      if (at >= last) return bytes.length;
      let ends = following[pairAt(bytes, at)] as number;
      for (let end = at + 2; ends > 0; end += 1, ends >>= 1) {
        const start = ends % 2 === 1 ? startOf(wanted, bytes, from, end) : undefined;
        if (start !== undefined) return start;
      }
    }
  };
}

/** Returns the two bytes at an offset as one number. */
function pairAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

/** Returns where the word begins that ends at an offset. */
function startOf(
  words: readonly Uint8Array[],
  bytes: Uint8Array,
  from: number,
  end: number,
): number | undefined {
  for (const word of words) {
    const start = end - word.length;
    if (start >= from && isAt(bytes, start, word)) return start;
  }
  return undefined;
}

/** Returns true if a word stands at an offset. Its first and its last bytes rule out most texts. */
function isAt(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  if (bytes[start] !== word[0]) return false;
  let at = word.length - 1;
  while (at > 0 && bytes[start + at] === word[at]) at -= 1;
  return at <= 0;
}
