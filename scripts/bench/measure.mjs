import { runPairs, warmUp } from './pairs.mjs';
import { peakMemory, time } from './run.mjs';
import { median, ratios } from './statistics.mjs';
import { judge } from './verdict.mjs';

/**
 * @typedef {object} Result
 * @property {import('./rows.mjs').Row} row
 * @property {number} subject the median, in milliseconds or MiB
 * @property {number} yardstick likewise
 * @property {{ low: number, median: number, high: number }} ratio of the pairs
 * @property {import('./verdict.mjs').Verdict | undefined} verdict
 * @property {import('./api.mjs').Counts} asked what one run of the subject asks the API, on average
 * @property {readonly number[]} bare the times of `node -e 0`, where that is the yardstick
 */

/**
 * Measures one row.
 *
 * @param {import('./rows.mjs').Row} row
 * @param {{ subject: import('./run.mjs').Command, yardstick: import('./run.mjs').Command }} commands
 * @param {number} runs pairs of a row
 * @param {{ counts: () => Promise<import('./api.mjs').Counts> }} api
 * @returns {Promise<Result>}
 */
export async function measure(row, commands, runs, api) {
  const count = runs * (row.times ?? 1);
  const ofYardstick = await warmUp(commands.yardstick, api);
  await warmUp(commands.subject, api);
  const before = await api.counts();
  const pairs = runPairs(
    commands.subject,
    commands.yardstick,
    count,
    row.of === 'memory' ? peakMemory : time,
  );
  const after = await api.counts();
  const asks = (what) => (after[what] - before[what]) / count - ofYardstick[what];
  const ratio = ratios(pairs);
  const bare = pairs.map(({ yardstick }) => yardstick);
  return {
    row,
    subject: median(pairs.map(({ subject }) => subject)),
    yardstick: median(bare),
    ratio,
    verdict: judge(ratio.median, row),
    asked: { requests: asks('requests'), connections: asks('connections') },
    bare: row.by === 'node' ? bare : [],
  };
}
