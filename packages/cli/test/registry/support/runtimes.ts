import { existsSync } from 'node:fs';
import { mkdtemp, rename, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CACHE } from './registry.js';
import { run } from './run.js';

/** A Node that the CLI has to work with, and the npm that comes with it. */
export interface Runtime {
  readonly name: string;
  /** As `process.version`. */
  readonly version: string;
  /** The first characters of its npm version. */
  readonly npm: string;
  /** Gives its program, and the folders that stand before the usual PATH; fetches it, if that was not done. */
  find(): Promise<{ readonly node: string; readonly path: readonly string[] }>;
}

const own: Runtime = {
  name: `Node ${process.version}`,
  version: process.version,
  npm: '',
  find: async () => ({ node: process.execPath, path: [dirname(process.execPath)] }),
};

const newer: Runtime = {
  name: 'Node v24.21.0 with npm 12',
  version: 'v24.21.0',
  npm: '12.',
  find: fetchNewer,
};

/** The one that runs the tests, and a newer one, where there is one to be had from npm. */
export const RUNTIMES: readonly Runtime[] = process.platform === 'linux' ? [own, newer] : [own];

async function fetchNewer() {
  const folder = join(CACHE, 'node-24.21.0-npm-12.0.0');
  const program = join('node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  const programs = join('node_modules', '.bin');
  if (!existsSync(folder)) {
    const fresh = await mkdtemp(`${folder}-`);
    const what = [`node-linux-${process.arch}@24.21.0`, 'npm@12'];
    // npm 12 asks for the newer Node, which is only about to arrive.
    const how = ['--prefix', fresh, '--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false'];
    await run('npm', ['install', ...how, '--prefer-offline', ...what], { cwd: fresh });
    await symlink(join('..', '..', program), join(fresh, programs, 'node')).catch(() => {});
    await rename(fresh, folder);
  }
  return { node: join(folder, program), path: [join(folder, programs), dirname(join(folder, program))] };
}
