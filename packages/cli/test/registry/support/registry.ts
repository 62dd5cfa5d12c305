import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../support/repository-copy.js';
import { run } from './run.js';

const SERVER = fileURLToPath(new URL('../server', import.meta.url));
export const CACHE = join(ROOT, 'node_modules', '.cache');
const VERDACCIO = join(CACHE, 'verdaccio-6.8.0');

/** An npm registry on this machine, empty but for what npm's own has. */
export interface Registry {
  readonly url: string;
  /** Its own, for whatever belongs to it. */
  readonly folder: string;
  /** The folder of published packages: `storage/NAME/NAME-VERSION.tgz`. */
  readonly storage: string;
  /** A user's settings of npm, which name it. */
  readonly npmrc: string;
  /** Publishes a tarball or a folder. */
  publish(what: string): Promise<void>;
  close(): Promise<void>;
}

export async function startRegistry(): Promise<Registry> {
  await installVerdaccio();
  const folder = await mkdtemp(join(tmpdir(), 'vastai-registry-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const npmrc = join(folder, 'npmrc');
  await writeFile(join(folder, 'config.yaml'), settings(await npmSetting('registry')));
  await writeFile(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=anybody\nupdate-notifier=false\n`);
  const program = join(VERDACCIO, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
  const server = spawn(process.execPath, [program, '-c', 'config.yaml', '-l', `127.0.0.1:${port}`], {
    cwd: folder,
    env: await trustingAsNpm(),
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => server.on('close', resolve));
  for (const giveUpAt = Date.now() + 60_000; !(await answers(url)); await sleep(100)) {
    if (server.exitCode !== null || Date.now() > giveUpAt) throw new Error('The registry does not start.');
  }
  const env = { PATH: process.env.PATH, HOME: folder, npm_config_userconfig: npmrc };
  return {
    url,
    folder,
    storage: join(folder, 'storage'),
    npmrc,
    async publish(what) {
      // There is nobody here to vouch for where it was built.
      await run('npm', ['publish', what, '--provenance=false'], { env, cwd: folder });
    },
    async close() {
      server.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function installVerdaccio(): Promise<void> {
  if (existsSync(VERDACCIO)) return;
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(`${VERDACCIO}-`);
  await cp(SERVER, folder, { recursive: true });
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: folder,
  });
  await rename(folder, VERDACCIO);
}

/** Reads an npm setting of this machine: packages of others come from its registry, through the authorities it trusts. */
async function npmSetting(name: string): Promise<string> {
  return (await run('npm', ['config', 'get', name, '--loglevel=error'], { cwd: tmpdir() })).output.trim();
}

async function trustingAsNpm(): Promise<NodeJS.ProcessEnv> {
  const authorities = await npmSetting('cafile');
  return authorities === 'null' ? process.env : { NODE_EXTRA_CA_CERTS: authorities, ...process.env };
}

function settings(registry: string): string {
  const ours = '{ access: $all, publish: $anonymous }';
  return `storage: ./storage
auth: {}
uplinks: { npm: { url: '${registry}', maxage: 60m } }
packages:
  '@vastai-cli/*': ${ours}
  'vastai-*': ${ours}
  '**': { access: $all, proxy: npm }
log: { type: stdout, level: fatal }
`;
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}-/ping`).then(
    (response) => response.ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
