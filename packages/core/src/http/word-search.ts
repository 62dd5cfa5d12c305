/**
 * Returns a function that finds words in bytes: the offset of the one that ends first, from an offset on, or the number of
 * bytes if there is none.
 *
 * It looks at few bytes: behind one that is in none of the words, none can end before the length of the shortest (Horspool's
 * algorithm, for several words). A call of `indexOf` for each word takes longer than the search itself.
 *
 * @param words at most 255 bytes each
 */
export function searchForWords(words: readonly string[]): (bytes: Uint8Array, from: number) => number {
  const wanted = words.map((word) => Buffer.from(word));
  const least = Math.min(...wanted.map(({ length }) => length));
  // How many bytes behind a byte the next word can end.
  const skip = new Uint8Array(256).fill(least);
  for (const word of wanted) {
    for (let behind = least - 1; behind > 0; behind -= 1) {
      const byte = word[word.length - 1 - behind] as number;
      skip[byte] = Math.min(skip[byte] as number, behind);
    }
  }
  // The same, but 0 for a byte at which a word can end.
  const step = skip.slice();
  for (const word of wanted) step[word[word.length - 1] as number] = 0;
  return (bytes, from) => {
    const { length } = bytes;
    for (let at = from + least - 1; at < length; ) {
      const free = step[bytes[at] as number] as number;
      if (free > 0) {
        at += free;
        continue;
      }
      const start = startOf(wanted, bytes, from, at + 1);
      if (start !== undefined) return start;
      at += skip[bytes[at] as number] as number;
    }
    return length;
  };
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
