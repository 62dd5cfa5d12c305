import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quartiles, ratios, spread } from './statistics.mjs';

/** The number of warm-up runs, which fill the disk and code caches. */
const WARM_UPS = 3;
const PEAK_MEMORY = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));

/** The ways to measure one run of a command. */
const MEASURES = {
  time: async (command) => (await run(command)).milliseconds,
  memory: async ({ args, ...command }) =>
    Number((await run({ ...command, args: ['--require', PEAK_MEMORY, ...args] })).written) / 2 ** 20,
  processes: countProcesses,
};

/**
 * Measures a command and its yardstick alternately, or only the command if it has no yardstick.
 *
 * @typedef {{ program: string, args: readonly string[], env: Record<string, string>, cwd: string, input?: string, output?: 'none', ends?: number }} Command
 * @param {'time' | 'memory' | 'processes'} of milliseconds, MiB, or processes beside the command's own
 * @param {Command} subject
 * @param {Command | undefined} yardstick
 * @param {number} count how many pairs
 * @param {{ requests: number }} api counts the requests that it gets
 */
export async function measure(of, subject, yardstick, count, api) {
  const once = MEASURES[of];
  const asked = new Set();
  const take = {
    async subject() {
      const before = api.requests;
      const figure = await once(subject);
      asked.add(api.requests - before);
      return figure;
    },
    yardstick: () => once(yardstick),
  };
  if (yardstick === undefined) return { takes: await take.subject(), asked: [...asked] };
  for (let index = 0; index < WARM_UPS; index += 1) {
    await run(subject);
    await run(yardstick);
  }
  const pairs = [];
  for (let index = 0; index < count; index += 1) {
    // Alternates the order, so that neither always runs in the state that the other left.
    const order = index % 2 === 0 ? ['subject', 'yardstick'] : ['yardstick', 'subject'];
    const pair = {};
    for (const which of order) pair[which] = await take[which]();
    pairs.push(pair);
  }
  const bare = pairs.map((pair) => pair.yardstick);
  return {
    takes: quartiles(pairs.map((pair) => pair.subject)).median,
    yardstick: quartiles(bare).median,
    ratio: ratios(pairs),
    spread: spread(bare),
    asked: [...asked],
  };
}

/**
 * Runs a command until it has exited and its output is closed.
 *
 * @param {Command} command
 * @returns {Promise<{ milliseconds: number, written: string }>} `written`: to descriptor 3
 * @throws {Error} if it cannot be started, or fails
 */
export async function run({ program, args, env, cwd, input, output, ends = 0 }) {
  const begun = performance.now();
  const stdin = input === undefined ? 'ignore' : 'pipe';
  const out = output === 'none' ? openSync(devNull, 'w') : 'pipe';
  const child = spawn(program, args, { env, cwd, stdio: [stdin, out, out, 'pipe'] });
  if (output === 'none') closeSync(out);
  child.stdin?.end(input);
  child.stdout?.resume();
  const written = { 2: '', 3: '' };
  for (const stream of [2, 3]) {
    child.stdio[stream]?.setEncoding('utf8').on('data', (chunk) => {
      written[stream] += chunk;
    });
  }
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  const milliseconds = performance.now() - begun;
  if (status !== ends)
    throw new Error(`${[program, ...args].join(' ')} ended with ${status}.\n${written[2]}`);
  return { milliseconds, written: written[3] };
}

/** Counts the programs that a command starts, in addition to itself. */
async function countProcesses({ program, args, ...command }) {
  const traces = mkdtempSync(join(command.cwd, 'traces-'));
  const options = ['-ff', '-qq', '-e', 'trace=execve', '-o', join(traces, 'of')];
  await run({ ...command, program: 'strace', args: [...options, program, ...args] });
  const started = (name) => / = 0$/mu.test(readFileSync(join(traces, name), 'utf8'));
  return readdirSync(traces).filter(started).length - 1;
}
