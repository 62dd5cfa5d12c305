import { realpathSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import type { Registry } from './registry.js';
import { run } from './run.js';
import { RUNTIMES, type Runtime } from './runtimes.js';

/** A machine on which nothing is installed but Node and npm, set up for a registry. */
export interface Machine {
  readonly folder: string;
  readonly runtime: Runtime;
  /** For programs on it: an empty home, an empty cache, and what is installed globally in PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** Creates the harness of a test: the CLI as installed here, with a home and an API of its own. */
  open(): Promise<Harness>;
  remove(): Promise<void>;
}

export async function createMachine(registry: Registry, runtime = RUNTIMES[0] as Runtime): Promise<Machine> {
  const { node, path } = await runtime.find();
  const folder = realpathSync(await mkdtemp(join(tmpdir(), 'vastai-machine-')));
  const bin = join(folder, 'bin');
  const npm = {
    npm_config_userconfig: registry.npmrc,
    npm_config_cache: join(folder, 'cache'),
    npm_config_prefix: folder,
  };
  await mkdir(join(folder, 'home'));
  const PATH = [bin, ...path, process.env.PATH].join(':');
  return {
    folder,
    runtime,
    env: { HOME: join(folder, 'home'), LANG: 'C.UTF-8', PATH, ...npm },
    async open() {
      const harness = await createHarness(realpathSync(join(bin, 'vastai')));
      const placed = <More extends { env?: object }>(more: More) => ({
        node,
        ...more,
        env: { ...npm, PATH, ...more.env },
      });
      return {
        ...harness,
        start: (args, more = {}) => harness.start(args, placed(more)),
        vastai: (args, more = {}) => harness.vastai(args, placed(more)),
        onTerminal: (args, more = {}) => harness.onTerminal(args, placed(more)),
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** `npm install -g`, as a person would. Gives what npm said. */
export async function npmInstall({ env, folder }: Machine, ...what: string[]): Promise<string> {
  return (await run('npm', ['install', '-g', '--no-audit', '--no-fund', ...what], { env, cwd: folder }))
    .output;
}
