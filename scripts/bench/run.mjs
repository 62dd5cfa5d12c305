import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BenchError } from './failure.mjs';

/**
 * @typedef {object} Command a program, ready to be started; no secret is in its arguments
 * @property {string} name
 * @property {string} program
 * @property {readonly string[]} args
 * @property {NodeJS.ProcessEnv} env all of it
 * @property {string} cwd
 */

const PEAK_MEMORY = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));

/**
 * Runs a command to its end.
 *
 * @param {Command} command
 * @returns {number} how long it took, in milliseconds
 * @throws {BenchError} if it cannot be started or fails
 */
export function time(command) {
  const begun = process.hrtime.bigint();
  const ended = spawnSync(command.program, command.args, {
    env: command.env,
    cwd: command.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const milliseconds = Number(process.hrtime.bigint() - begun) / 1e6;
  requireSuccess(command, ended);
  return milliseconds;
}

/**
 * Runs a program of Node's to its end.
 *
 * @param {Command} command one whose program is Node
 * @returns {number} the most memory that it ever had, in MiB
 * @throws {BenchError} if it cannot be started or fails
 */
export function peakMemory(command) {
  const ended = spawnSync(command.program, ['--require', PEAK_MEMORY, ...command.args], {
    env: command.env,
    cwd: command.cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  requireSuccess(command, ended);
  return Number(ended.output[3]) / 2 ** 20;
}

function requireSuccess({ name }, { status, signal, error, stderr }) {
  if (error) throw new BenchError(`${name} cannot be started: ${error.message}`);
  if (status !== 0) throw new BenchError(`${name} ended with ${signal ?? status}.\n${stderr}`);
}
