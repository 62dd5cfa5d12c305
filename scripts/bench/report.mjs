import { spread } from './statistics.mjs';

/**
 * @typedef {object} Group what was measured with one CLI on one Node
 * @property {'checkout' | 'installed'} subject
 * @property {string} node its version
 * @property {readonly import('./measure.mjs').Result[]} results
 *
 * @typedef {object} Report
 * @property {string} date
 * @property {string} machine
 * @property {number} runs
 * @property {readonly Group[]} groups
 * @property {readonly import('./measure.mjs').Result[]} peers
 * @property {readonly string[]} missing what could not be measured, and why, in sentences
 */

/** From where on the spread of `node -e 0` says that a machine was too busy. */
const QUIET = 0.15;

/** @param {Group} group */
export function titleOf({ subject, node }) {
  return `${subject === 'checkout' ? 'The CLI of a checkout' : 'The CLI as packed and installed'}, Node ${node}`;
}

/**
 * How many rows there are of each verdict.
 *
 * @param {Report} report
 */
export function countVerdicts({ groups }) {
  const verdicts = groups.flatMap(({ results }) => results.map(({ verdict }) => verdict));
  const count = (wanted) => verdicts.filter((verdict) => verdict === wanted).length;
  return { aim: count('aim'), limit: count('limit'), missed: count('missed') };
}

/**
 * Commands that ask the API anything but what they need, which is one request over one connection or nothing.
 *
 * @param {Report} report
 */
export function wrongCounts({ groups }) {
  return groups.flatMap((group) =>
    group.results.flatMap(({ row, asked: { requests, connections } }) => {
      const due = row.by === 'node' ? 0 : 1;
      if (requests === due && connections === due) return [];
      const made = `${counted(requests, 'request')} over ${counted(connections, 'connection')}`;
      return [`${titleOf(group)}: ${row.name} makes ${made} a run, and ${due} of each would do.`];
    }),
  );
}

function counted(number, what) {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/**
 * What the machine's other work did to a bare start of Node, in the worst group; a sentence when it was too much.
 *
 * @param {Report} report
 */
export function noise({ groups }) {
  const spreads = groups
    .map(({ results }) => results.flatMap(({ bare }) => bare))
    .filter((times) => times.length > 0)
    .map(spread);
  const worst = Math.max(0, ...spreads);
  if (worst <= QUIET) return undefined;
  const percent = Math.round(worst * 100);
  return `The machine was busy: the middle half of the bare starts of Node is ${percent} % of their median wide. Only clear differences mean something; measure again when it is quiet.`;
}
