import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const start = promisify(execFile);

/** The checkout that the tests run in. */
export const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
/** The folder in which scripts/with-pnpm.mjs keeps pnpm. */
export const PNPM_FOLDER = `node_modules/.cache/${packageManager.replace('@', '-')}`;

/** A repository of its own with what this checkout holds: committed or not, but nothing that was installed or built. */
export interface RepositoryCopy {
  readonly folder: string;
  /** The environment of what is run in it: nothing there speaks of this checkout, of npm's user or of git's. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs a program in it; gives what it printed. @throws Error with its output when it fails. */
  run(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string>;
  /** Runs a script of Node in it, as `scripts/version.mjs`. */
  node(script: string, args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<string>;
  addChangeset(name: string, level: string, text: string): Promise<void>;
  commit(message: string): Promise<void>;
  remove(): Promise<void>;
}

export async function copyRepository(): Promise<RepositoryCopy> {
  const folder = realpathSync(await mkdtemp(join(tmpdir(), 'vastai-repository-')));
  const env: NodeJS.ProcessEnv = {
    ...withoutSettings(process.env),
    // As a person would have it: changesets makes tags with a message, and those have an author.
    ...person('AUTHOR'),
    ...person('COMMITTER'),
    // What this checkout was installed from. Elsewhere pnpm may take another one, with nothing in it.
    npm_config_store_dir: await storeOf(ROOT),
  };
  const run: RepositoryCopy['run'] = async (program, args, more = {}) => {
    const options = { cwd: folder, env: { ...env, ...more }, maxBuffer: Number.POSITIVE_INFINITY };
    const { stdout, stderr } = await start(program, args, options).catch((error) => {
      throw new Error(`${program} ${args.join(' ')} failed:\n${error.stdout}${error.stderr}`);
    });
    return stdout + stderr;
  };
  const commit = async (message: string) => {
    await run('git', ['add', '--all']);
    await run('git', ['commit', '--quiet', '--message', message]);
  };

  for (const file of await filesOf(ROOT)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(ROOT, file), join(folder, file));
  }
  await mkdir(dirname(join(folder, PNPM_FOLDER)), { recursive: true });
  await symlink(join(ROOT, PNPM_FOLDER), join(folder, PNPM_FOLDER), 'junction');
  await run('git', ['init', '--quiet', '--initial-branch=main']);
  await commit('Copy a checkout');
  return {
    folder,
    env,
    run,
    node: (script, args = [], more = {}) => run(process.execPath, [script, ...args], more),
    async addChangeset(name, level, text) {
      const file = join(folder, '.changeset', `${level}-of-a-test.md`);
      await writeFile(file, `---\n'${name}': ${level}\n---\n\n${text}\n`);
    },
    commit,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Everything of a work tree that git has or would take, by its path. */
async function filesOf(folder: string): Promise<string[]> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await start('git', args, { cwd: folder, maxBuffer: Number.POSITIVE_INFINITY });
  return stdout.split('\0').filter((file) => file !== '' && existsSync(join(folder, file)));
}

/** Returns the store of pnpm for a folder. Fetches pnpm, if that was not done. */
async function storeOf(folder: string): Promise<string> {
  const args = [join(folder, 'scripts', 'with-pnpm.mjs'), 'pnpm', 'store', 'path'];
  return (await start(process.execPath, args, { cwd: folder })).stdout.trim();
}

/** Git would work in the repository that it is told of, npm publish as who it is told of, and tests are not released. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const settings = /^(?:git|npm|vitest)_|^(?:vitest|node_env)$/iu;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !settings.test(name)));
}

function person(role: string) {
  return { [`GIT_${role}_NAME`]: 'A test', [`GIT_${role}_EMAIL`]: 'test@example.com' };
}
