import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packAll, root } from '../pack.mjs';

/** The plugins of the measured commands. */
const PLUGINS = ['account', 'permissions'];

/** Returns the CLI of this checkout. */
export function checkout(scratch) {
  return { bin: join(root, 'packages', 'cli', 'bin', 'dev.js'), data: join(scratch, 'no-plugins') };
}

/**
 * Packs the CLI and its plugins and installs them as users do, each plugin on its own.
 *
 * @param {string} folder a new one
 * @returns {{ bin: string, data: string }} the script that starts the CLI, and what XDG_DATA_HOME has to be
 */
export function install(folder) {
  const tarballs = packAll(join(folder, 'packed'));
  const tarball = (name) => tarballs.find((path) => /^\D+/u.exec(basename(path))?.[0] === `${name}-`);
  npmInstall(folder, [`./packed/${basename(tarball('vastai-cli'))}`]);
  const bin = join(folder, 'node_modules', 'vastai-cli', 'bin', 'run.js');
  const data = join(folder, 'data');
  // Keeps the user's home, since its npm configuration names the registry for the other packages.
  const [config, cache] = ['config', 'cache'].map((name) => join(folder, name));
  const env = { ...process.env, XDG_DATA_HOME: data, XDG_CONFIG_HOME: config, XDG_CACHE_HOME: cache };
  for (const name of PLUGINS) {
    const args = [bin, 'plugins', 'install', `file:${tarball(`vastai-cli-plugin-${name}`)}`];
    succeed(process.execPath, args, { cwd: folder, env });
  }
  return { bin, data };
}

/**
 * Returns the newest Node of a major version, from npm unless this process runs on it. It is fetched once.
 *
 * @param {number} major such as 24
 * @returns {{ program: string, version: string }}
 */
export function findNode(major) {
  const [own] = process.versions.node.split('.');
  if (Number(own) === major) return { program: process.execPath, version: process.versions.node };
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules', '.cache', 'bench', `node-${major}`);
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  const version = () => spawnSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  if (version().status !== 0) npmInstall(folder, ['--ignore-scripts', `${name}@${major}`]);
  return { program, version: version().stdout.trim() };
}

/** Installs packages from npm into a folder. */
export function npmInstall(folder, args) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const options = ['--no-audit', '--no-fund', '--prefer-offline'];
  succeed('npm', ['install', ...options, ...args], { cwd: folder });
}

function succeed(program, args, options) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}.\n${stdout}${stderr}`);
}
