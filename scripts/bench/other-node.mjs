import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../pack.mjs';
import { BenchError } from './failure.mjs';

const VERSION = '24.21.0';
const FOLDER = join(root, 'node_modules', '.cache', 'bench', `node-${VERSION}`);

/** @typedef {{ program: string, version: string }} NodeProgram */

/**
 * @param {string} program the path of a Node
 * @returns {NodeProgram}
 * @throws {BenchError} if it is none
 */
export function nodeAt(program) {
  const { status, stdout } = spawnSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  if (status !== 0) throw new BenchError(`${program} is no Node.js that can be started.`);
  return { program, version: stdout.trim() };
}

/**
 * Fetches Node 24 from npm, once for this checkout.
 *
 * @returns {NodeProgram}
 * @throws {BenchError} with what npm said, where there is none for this machine or npm cannot be reached
 */
export function fetchNode24() {
  const isWindows = process.platform === 'win32';
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  const program = join(FOLDER, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node');
  if (!existsSync(program)) {
    mkdirSync(dirname(FOLDER), { recursive: true });
    const folder = mkdtempSync(`${FOLDER}-`);
    const options = ['--prefix', '.', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    const { status, error, stderr } = spawnSync(
      isWindows ? 'npm.cmd' : 'npm',
      ['install', ...options, `${name}@${VERSION}`],
      { cwd: folder, encoding: 'utf8', shell: isWindows },
    );
    if (error || status !== 0) {
      rmSync(folder, { recursive: true, force: true });
      throw new BenchError(error?.message ?? stderr.trim());
    }
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(folder, FOLDER);
  }
  return nodeAt(program);
}
