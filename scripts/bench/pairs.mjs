import { time } from './run.mjs';

/** What is run before it counts: caches of the disk and of compiled code fill up. */
const WARM_UPS = 3;

/**
 * Runs two commands by turns. Which of a pair is first changes, so that neither always meets what the other leaves.
 *
 * @param {import('./run.mjs').Command} subject
 * @param {import('./run.mjs').Command} yardstick
 * @param {number} count
 * @param {(command: import('./run.mjs').Command) => number} measure
 * @returns {{ subject: number, yardstick: number }[]}
 */
export function runPairs(subject, yardstick, count, measure) {
  const pairs = [];
  for (let index = 0; index < count; index += 1) {
    if (index % 2 === 0) {
      const first = measure(subject);
      pairs.push({ subject: first, yardstick: measure(yardstick) });
    } else {
      const first = measure(yardstick);
      pairs.push({ subject: measure(subject), yardstick: first });
    }
  }
  return pairs;
}

/**
 * Warms a command up; gives what one run of it asks the API.
 *
 * @param {import('./run.mjs').Command} command
 * @param {{ counts: () => Promise<import('./api.mjs').Counts> }} api
 * @returns {Promise<import('./api.mjs').Counts>}
 */
export async function warmUp(command, api) {
  const before = await api.counts();
  for (let index = 0; index < WARM_UPS; index += 1) time(command);
  const after = await api.counts();
  return {
    requests: (after.requests - before.requests) / WARM_UPS,
    connections: (after.connections - before.connections) / WARM_UPS,
  };
}
