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
  const isLast = new Uint8Array(256);
  for (const word of wanted) {
    const last = word.length - 1;
    for (let behind = least - 1; behind > 0; behind -= 1) {
      const byte = word[last - behind] as number;
      skip[byte] = Math.min(skip[byte] as number, behind);
    }
    isLast[word[last] as number] = 1;
  }
  return (bytes, from) => {
    const { length } = bytes;
    for (let at = from + least - 1; at < length; at += skip[bytes[at] as number] as number) {
      if (isLast[bytes[at] as number] === 0) continue;
      for (const word of wanted) {
        const start = at + 1 - word.length;
        if (start >= from && isAt(bytes, start, word)) return start;
      }
    }
    return length;
  };
}

/** Returns true if a word stands at an offset. It compares from the end, where most texts differ. */
function isAt(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  let at = word.length - 1;
  while (at >= 0 && bytes[start + at] === word[at]) at -= 1;
  return at < 0;
}
