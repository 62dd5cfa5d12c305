import { parseArgs } from 'node:util';
import { commandWords } from './command-words.mjs';

export const USAGE = `npm run bench -- [--runs N] [--node PATH]… [--only checkout|installed] [--peer 'CMD']… [--out DIR]

  --runs N      pairs per row, from 2; 20 if not given. Fewer than 20 are for trying things out.
  --node PATH   measure on this Node.js too, instead of fetching Node 24
  --only WHAT   "checkout" leaves out the packed and installed CLI, "installed" the one of this checkout
  --peer 'CMD'  another command in the same run. What asks the API in VAST_URL with the key in VAST_API_KEY is set
                against the bare script, everything else against "node -e 0". The page shows it: no secret in it.
  --out DIR     where performance.md and performance.svg are written; docs if not given
`;

/**
 * @typedef {object} Options
 * @property {number} runs
 * @property {readonly string[] | undefined} nodes paths; nothing given means Node 24
 * @property {string | undefined} only
 * @property {readonly string[][]} peers each in words
 * @property {string | undefined} out
 */

/**
 * @param {readonly string[]} args
 * @returns {Options}
 * @throws {Error} if something is not known or has no sense
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '20' },
      node: { type: 'string', multiple: true },
      only: { type: 'string' },
      peer: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 2 || runs > 10_000) throw new Error('--runs is a number from 2.');
  if (values.only !== undefined && !['checkout', 'installed'].includes(values.only)) {
    throw new Error('--only is "checkout" or "installed".');
  }
  return {
    runs,
    nodes: values.node,
    only: values.only,
    peers: values.peer.map(commandWords),
    out: values.out,
  };
}
