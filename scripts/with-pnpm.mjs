// Installs the workspace if necessary, then runs one of its tools: `node scripts/with-pnpm.mjs turbo run build`. A new
// machine needs only Node and npm: npm fetches pnpm into the checkout, and pnpm fetches the rest. Prints nothing on
// success.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { engines, packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const cache = join(root, 'node_modules', '.cache');
const pnpmFolder = join(cache, packageManager.replace('@', '-'));
const pnpmProgram = join(pnpmFolder, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
const isWindows = process.platform === 'win32';

const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') || 'PATH';
const env = {
  ...process.env,
  [pathName]: [
    join(root, 'node_modules', '.bin'),
    join(pnpmFolder, 'node_modules', '.bin'),
    process.env[pathName],
  ].join(delimiter),
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_loglevel: 'error',
  npm_config_update_notifier: 'false',
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  // What tools would put into the home, the temporary folder or another work tree stays in the checkout.
  TURBO_CONFIG_DIR_PATH: join(cache, 'turbo-config'),
  TURBO_CACHE_DIR: join(root, '.turbo', 'cache'),
  XDG_CACHE_HOME: cache,
  NODE_COMPILE_CACHE: join(cache, 'node'),
};

function requireNode() {
  const [major, minor] = engines.node.replace('>=', '').split('.').map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  process.stderr.write(
    `This needs Node.js ${major}.${minor} or newer; you have ${process.versions.node}. Get it from https://nodejs.org.\n`,
  );
  process.exit(1);
}

/** Waits for a program. If it fails, prints its output and exits. */
function quietly(what, program, args, shell = false) {
  const progress = process.stderr.isTTY ? `${what} …` : '';
  process.stderr.write(progress);
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    env,
    shell,
    encoding: 'utf8',
    maxBuffer: Infinity,
  });
  if (progress !== '') process.stderr.write('\r\x1b[K');
  if (status === 0) return;
  process.stderr.write(`${what} failed.\n${stdout || ''}${stderr || ''}${error ? `${error.message}\n` : ''}`);
  process.exit(status || 1);
}

function fetchPnpm() {
  if (existsSync(pnpmProgram)) return;
  // The path is relative because a Windows shell would split an absolute one at its spaces.
  const prefix = `node_modules/.cache/${packageManager.replace('@', '-')}`;
  const args = ['install', '--prefix', prefix, '--no-save', packageManager];
  quietly('Fetching pnpm', isWindows ? 'npm.cmd' : 'npm', args, isWindows);
}

/** Installs the packages in the lock file, unless they are already installed. */
function installWorkspace() {
  const stamp = join(root, 'node_modules', '.installed');
  const hash = createHash('sha256').update(process.version);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, file)));
  const key = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  quietly('Installing the workspace', process.execPath, [
    pnpmProgram,
    'install',
    '--frozen-lockfile',
    '--prefer-offline',
    // Another home means another store, for which pnpm replaces node_modules; nobody is there to be asked.
    '--config.confirmModulesPurge=false',
  ]);
  writeFileSync(stamp, key);
}

/** The program and the first arguments that start a tool. On Windows a tool is a .cmd file, which pnpm can start. */
function startOf(tool) {
  if (tool === 'node') return [process.execPath];
  return isWindows ? [process.execPath, pnpmProgram, 'exec', tool] : [tool];
}

requireNode();
fetchPnpm();
const [tool, ...args] = process.argv.slice(2);
if (tool !== 'pnpm') installWorkspace();
const [program, ...before] = startOf(tool);
if (tool === 'turbo' && args[0] === 'run') {
  quietly('Building', program, [...before, ...args, '--output-logs=errors-only']);
} else {
  const { status, error } = spawnSync(program, [...before, ...args], { cwd: root, env, stdio: 'inherit' });
  if (error) process.stderr.write(`${error.message}\n`);
  process.exit(status ?? 1);
}
