import { nearest } from '@vastai-cli/permissions/catalogue/spelling';

/**
 * Finds the candidate that a word which was typed may stand for: the first with the fewest edits, when those are at
 * most one in four letters.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 4));
  return nearest(word, candidates, most)[0];
}
