/** @typedef {'aim' | 'limit' | 'missed'} Verdict */

/** The words for a verdict, for people who see no colour and search for text. */
export const VERDICTS = /** @type {const} */ ({
  aim: 'reaches the aim',
  limit: 'within the limit',
  missed: 'MISSES THE LIMIT',
});

/**
 * What is printed is what is judged: a ratio as it is written, with two places.
 *
 * @param {number} ratio
 */
export function written(ratio) {
  return ratio.toFixed(2);
}

/**
 * @param {number} ratio
 * @param {{ limit?: number, aim?: number }} row
 * @returns {Verdict | undefined} nothing for a row that is only there to compare with
 */
export function judge(ratio, { limit, aim }) {
  if (limit === undefined || aim === undefined) return undefined;
  const shown = Number(written(ratio));
  if (shown > limit) return 'missed';
  return shown > aim ? 'limit' : 'aim';
}
