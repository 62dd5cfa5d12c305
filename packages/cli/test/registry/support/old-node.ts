import { existsSync } from 'node:fs';
import { mkdtemp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE } from './registry.js';
import { run } from './run.js';

/** Returns the path of a Node program of an older version; fetches it from npm, if that was not done. */
export async function oldNode(version: string): Promise<string> {
  const folder = join(CACHE, `node-${version}`);
  const name = `node-linux-${process.arch}`;
  if (!existsSync(folder)) {
    const fresh = await mkdtemp(`${folder}-`);
    const how = ['--prefix', fresh, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    await run('npm', ['install', ...how, `${name}@${version}`], { cwd: fresh });
    await rename(fresh, folder);
  }
  return join(folder, 'node_modules', name, 'bin', 'node');
}
