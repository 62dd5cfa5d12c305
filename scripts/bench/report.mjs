import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Row what is measured, against what, and what it may cost
 * @property {string} what the command line of `vastai`, and behind a comma what is special
 * @property {'node -e 0' | 'bare script' | 'VAST_API_KEY' | 'the official CLI' | 'secretlint on a tenth'} [against] nothing where processes are counted, or the time alone counts
 * @property {number} [atMost] the ratio, the number of processes beside the command's own, or another figure; without a limit, it is only shown
 * @property {number} [atLeast] instead of `atMost`
 * @property {import('./broker.mjs').Figure} [broker] what is measured of a program behind a broker, instead of a command
 * @property {'time' | 'memory' | 'processes'} [of] the time unless it says otherwise
 * @property {'keychain' | 'file'} [key] where the key is: in the environment unless it says otherwise
 * @property {'none'} [output] discarded instead of read through a pipe
 * @property {boolean} [official] true if the official CLI is on PATH, false if it is not
 * @property {boolean} [tree] true if it needs the tree of files, and no API
 * @property {number} [ends] the exit status, 0 unless it says otherwise
 * @property {'checkout' | 'installed'} [on] the only CLI that has it
 *
 * @typedef {object} Result one row, measured with one CLI on one Node
 * @property {Row} row
 * @property {string} title the CLI and the Node
 * @property {number} takes the median in milliseconds or MiB, or the number of processes
 * @property {number} [yardstick] the median of what it is measured against
 * @property {{ low: number, median: number, high: number }} [ratio] with the ends of the middle half
 * @property {number} [spread] of the runs of the yardstick
 * @property {readonly number[]} asked how many requests its runs made; one number where all made as many
 */

/** The load of a core, and the spread of bare starts of Node, up to which a machine is quiet. */
const QUIET = { load: 0.5, spread: 0.15 };
const UNITS = {
  memory: (number) => `${number.toFixed(0)} MiB`,
  processes: String,
  descriptors: String,
  rate: (number) => `${number.toFixed(0)}/s`,
};
const HEADS = ['vastai …', 'takes', 'against', 'takes', 'ratio', 'middle half', 'at most', ''];

/** Judges the figure as it is printed. One request too many or too few misses the limit as well. */
export function verdict({ row, takes, ratio, asked }) {
  const due = row.against === 'node -e 0' || row.official !== undefined || row.tree ? 0 : 1;
  if (asked.some((requests) => requests !== due)) return `MISSED (requests: ${asked.join(', ')})`;
  const figure = Number((ratio?.median ?? takes).toFixed(2));
  return figure > (row.atMost ?? Infinity) || figure < (row.atLeast ?? -Infinity) ? 'MISSED' : 'ok';
}

/** Returns the line of a result for a terminal. */
export function lineOf(result) {
  const [what, takes, against, yardstick, ratio, , atMost, judged] = cells(result);
  const figure = against === '' ? takes : `${ratio} × ${against} (${takes} ÷ ${yardstick})`;
  const limit = /^\d/u.test(atMost) ? `at most ${atMost}` : atMost;
  return `${judged.padEnd(6)}  ${what}: ${figure}${limit && `; ${limit}`}`;
}

/** Describes how busy the machine was, judged by its load before the run and the spread of bare starts of Node. */
export function quietness(results, load, cores) {
  const starts = results.filter(({ row }) => row.against === 'node -e 0');
  const widest = Math.max(0, ...starts.map(({ spread }) => spread));
  const isQuiet = load <= QUIET.load * cores && widest <= QUIET.spread;
  return `The machine was ${isQuiet ? 'quiet' : 'BUSY, so only large differences mean anything'}: \
load ${load.toFixed(1)} on ${cores} cores at the start, bare Node starts varied by ${Math.round(widest * 100)}%.`;
}

/**
 * Fills in the template of docs/performance.md.
 *
 * @param {readonly Result[]} results
 * @param {string} conditions in sentences
 */
export function pageOf(results, conditions) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const head = [line(HEADS), line(HEADS.map((_, column) => ([0, 2].includes(column) ? '---' : '--:')))];
  const tables = [...new Set(results.map(({ title }) => title))].map((title) => {
    const lines = results.filter((result) => result.title === title).map((result) => line(cells(result)));
    return [`### ${title}\n`, ...head, ...lines].join('\n');
  });
  const template = readFileSync(new URL('performance.template.md', import.meta.url), 'utf8');
  return template
    .replace('{{conditions}}', () => conditions)
    .replace('{{tables}}', () => tables.join('\n\n'));
}

function cells(result) {
  const { row, takes, yardstick, ratio } = result;
  const shown = UNITS[row.of ?? row.broker] ?? ((number) => `${number.toFixed(1)} ms`);
  const [low, median, high] = ratio ? [ratio.low, ratio.median, ratio.high].map((one) => one.toFixed(2)) : [];
  const against = ratio ? [row.against, shown(yardstick), median, `${low} to ${high}`] : ['', '', '', ''];
  return [row.what, shown(takes), ...against, limitOf(row, ratio ? 2 : 0), verdict(result)];
}

function limitOf({ atMost, atLeast }, digits) {
  if (atLeast !== undefined) return `at least ${atLeast}`;
  return atMost?.toFixed(digits) ?? '';
}
