/**
 * Returns the number of edits between two words: a letter added, removed or changed, or two adjacent letters swapped
 * (the optimal string alignment form of the Damerau distance).
 *
 * @param most the limit; any greater distance is returned as `most + 1`
 */
export function editDistance(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row[j] = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, row];
  }
  return Math.min(last[to.length] as number, most + 1);
}

/** Returns all candidates at the smallest distance from `word`, if that is at most `most`. */
export function nearest(word: string, candidates: readonly string[], most: number): string[] {
  let fewest = most;
  let found: string[] = [];
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate, fewest);
    if (distance > fewest) continue;
    if (distance < fewest) found = [];
    fewest = distance;
    found.push(candidate);
  }
  return found;
}
