import { YARDSTICKS } from './rows.mjs';
import { VERDICTS, written } from './verdict.mjs';

/** What the columns of a table are. */
export const HEADS = ['what', 'takes', '÷', 'takes', 'ratio', 'middle half', 'at most', 'aim', ''];

/**
 * One line of a table, in Markdown.
 *
 * @param {import('./measure.mjs').Result} result
 * @returns {string[]} as many as there are heads
 */
export function cells({ row, subject, yardstick, ratio, verdict }) {
  const unit = (number) => (row.of === 'memory' ? `${number.toFixed(0)} MiB` : `${number.toFixed(1)} ms`);
  return [
    row.name,
    unit(subject),
    YARDSTICKS[row.by],
    unit(yardstick),
    written(ratio.median),
    `${written(ratio.low)} to ${written(ratio.high)}`,
    row.limit === undefined ? '' : written(row.limit),
    row.aim === undefined ? '' : written(row.aim),
    verdict === undefined ? '' : VERDICTS[verdict],
  ];
}
