import { nearest } from '@vastai-cli/permissions/catalogue/spelling';

/**
 * Returns the candidate that is the fewest edits away from a mistyped word, or `undefined` if that takes more than one
 * edit for every four letters. The first of several equally close candidates wins.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 4));
  return nearest(word, candidates, most)[0];
}
