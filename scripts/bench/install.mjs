import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { packAll } from '../pack.mjs';

/** What the measured commands need beside the CLI. */
const PLUGINS = ['vastai-cli-plugin-account', 'vastai-cli-plugin-permissions'];

/**
 * Packs the CLI and its plugins and installs them as users do, each plugin on its own. What is not ours comes from
 * the registry that the user's npm knows.
 *
 * @param {string} folder an empty one
 * @returns {{ bin: string, data: string }} the script that starts the CLI, and its data folder, for XDG_DATA_HOME
 * @throws {Error} with what npm said
 */
export function install(folder) {
  const tarballs = packAll(join(folder, 'packed'));
  const tarball = (name) => tarballs.find((path) => /^\D+/u.exec(basename(path))?.[0] === `${name}-`);
  const prefix = join(folder, 'cli');
  mkdirSync(prefix);
  writeFileSync(join(prefix, 'package.json'), '{"private":true}\n');
  const isWindows = process.platform === 'win32';
  const options = ['--no-audit', '--no-fund', '--prefer-offline'];
  // A Windows shell would split an absolute path at its spaces.
  run(isWindows ? 'npm.cmd' : 'npm', ['install', ...options, relative(prefix, tarball('vastai-cli'))], {
    cwd: prefix,
    shell: isWindows,
  });
  const installed = join(prefix, 'node_modules', 'vastai-cli');
  const bin = join(installed, JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).bin.vastai);
  const data = join(folder, 'data');
  const places = {
    XDG_DATA_HOME: data,
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_CACHE_HOME: join(folder, 'cache'),
  };
  for (const name of PLUGINS) {
    run(process.execPath, [bin, 'plugins', 'install', `file:${tarball(name)}`], {
      cwd: prefix,
      env: { ...process.env, ...places },
    });
  }
  return { bin, data };
}

function run(program, args, options) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${stdout}${stderr}`.trim());
}
