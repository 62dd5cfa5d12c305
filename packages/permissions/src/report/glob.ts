/**
 * Returns true if a path with forward slashes matches a pattern as a whole: `*` stands for any characters of one segment,
 * `?` for one, and the segment `**` for any number of segments. Takes time proportional to the product of the lengths at
 * most, so that no pattern can be slow.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  return matchesSequence(pattern.split('/'), path.split('/'), '**', matchesSegment);
}

/**
 * Returns true if a text matches a pattern as a whole: `*` stands for any characters, `/` among them, and `?` for one. Takes
 * no longer than `matchesGlob`.
 */
export function matchesText(pattern: string, text: string): boolean {
  return matchesSegment(pattern, text);
}

function matchesSegment(pattern: string, segment: string): boolean {
  return matchesSequence(
    [...pattern],
    [...segment],
    '*',
    (one, character) => one === '?' || one === character,
  );
}

/**
 * Matches items greedily. After a mismatch, only the last wildcard has to take one item more: earlier ones could take
 * nothing that it cannot.
 */
function matchesSequence<Item>(
  pattern: readonly Item[],
  items: readonly Item[],
  wildcard: Item,
  matches: (pattern: Item, item: Item) => boolean,
): boolean {
  let at = 0;
  let retry: { readonly at: number; taken: number } | undefined;
  for (let next = 0; next < items.length; ) {
    const wanted = pattern[at];
    if (at < pattern.length && wanted === wildcard) {
      at += 1;
      retry = { at, taken: next };
    } else if (at < pattern.length && matches(wanted as Item, items[next] as Item)) {
      at += 1;
      next += 1;
    } else if (retry !== undefined) {
      retry.taken += 1;
      next = retry.taken;
      at = retry.at;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every((one) => one === wildcard);
}
