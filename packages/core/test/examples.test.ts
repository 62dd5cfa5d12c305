import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Outcome, runNode } from '@vastai-cli/testing/run';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SandboxProcess, startSandboxProcess } from './sandbox.js';
import { useHome } from './support/home.js';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const EXAMPLES = join(PACKAGE, 'examples');

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    types: ['node'],
    rootDir: '.',
    outDir: 'dist',
  },
  include: ['*.ts'],
};

const home = useHome();
/** Makes a project with this package and the types of Node. */
let project: string;
let compiled: Outcome;
let sandbox: SandboxProcess;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'vastai-project-'));
  await mkdir(join(project, 'node_modules', '@vastai-cli'), { recursive: true });
  await symlink(PACKAGE, join(project, 'node_modules', '@vastai-cli', 'core'), 'junction');
  await symlink(join(MODULES, '@types'), join(project, 'node_modules', '@types'), 'junction');
  await writeFile(join(project, 'package.json'), '{"type":"module"}');
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  for (const name of await readdir(EXAMPLES))
    await writeFile(join(project, name), await readFile(join(EXAMPLES, name)));
  compiled = await runNode([join(MODULES, 'typescript', 'bin', 'tsc'), '-p', project], {});
});
afterAll(() => rm(project, { recursive: true, force: true }));

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly input?: string;
}

/** Runs an example with a key saved in the key file. */
async function run(name: string, given?: Given): Promise<Outcome> {
  home.put(home.paths.keyFile('default'), sandbox.key);
  return runWithoutKey(name, given);
}

async function runWithoutKey(
  name: string,
  { env = {}, args = [], input = '' }: Given = {},
): Promise<Outcome> {
  const place = { HOME: home.path, USERPROFILE: home.path, VAST_URL: sandbox.url, VASTAI_STORAGE: 'file' };
  const ran = await runNode(
    [join(project, 'dist', `${name}.js`), ...args],
    { ...place, ...env },
    input,
    home.path,
  );
  expect(ran.stdout + ran.stderr).not.toContain(sandbox.key);
  return ran;
}

describe('the examples', () => {
  it('compile against the package as it is built', () => {
    expect(compiled).toMatchObject({ status: 0, stdout: '' });
  });

  it('use every function and class that can be imported', async () => {
    const program = `console.log(JSON.stringify(Object.keys(await import('@vastai-cli/core'))))`;
    const { stdout } = await runNode(['--input-type=module', '-e', program], {}, '', PACKAGE);
    const texts = await Promise.all(
      (await readdir(EXAMPLES)).map((name) => readFile(join(EXAMPLES, name), 'utf8')),
    );
    const used = (name: string) => texts.some((text) => new RegExp(`\\b${name}\\b`, 'u').test(text));
    expect(JSON.parse(stdout).filter((name: string) => !used(name))).toEqual([]);
  });

  it('are all run here', async () => {
    const tests = await readFile(fileURLToPath(import.meta.url), 'utf8');
    for (const name of await readdir(EXAMPLES)) expect(tests).toContain(`('${name.slice(0, -'.ts'.length)}'`);
  });

  it('begin with the script of the README', async () => {
    const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8');
    const script = /^```js show-user\.js\n(.*?)^```$/msu.exec(readme)?.[1];
    const example = await readFile(join(EXAMPLES, 'show-user.ts'), 'utf8');
    expect(example).toBe(`// Shows the account of the key that \`vastai\` would send.\n${script}`);
  });
});

describe('an example', () => {
  beforeEach(async () => {
    sandbox = await startSandboxProcess();
  });
  afterEach(() => sandbox.stop());

  const suffix = () => `…${sandbox.key.slice(-4)}`;

  it('asks whose the saved key is', async () => {
    const ran = await run('show-user');
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^\S+@\S+ has [\d.]+ US dollars\n$/u);
  });

  it('goes by the profile of the folder that it runs in', async () => {
    home.put(home.paths.keyFile('work'), sandbox.key);
    expect((await runWithoutKey('tell-errors-apart')).stdout).toMatch(/^no_key /u);
    home.put(home.at('.vastai-profile'), 'work\n');
    expect((await runWithoutKey('tell-errors-apart')).stdout).toMatch(/@/u);
  });

  it('shows every source, and which one is used', async () => {
    const { stdout } = await run('inspect-sources', { env: { VAST_API_KEY: 'not-looked-at-0123456789' } });
    expect(stdout).toContain('  VAST_API_KEY: absent\n');
    expect(stdout).toContain(`* ${home.paths.keyFile('default')}: present ${suffix()}\n`);
    expect(stdout).toContain(`${suffix()} would be sent to ${sandbox.url}/\n`);
  });

  it('makes, finds and deletes a key', async () => {
    const ran = await run('scoped-key');
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toMatch(
      /^Created read-only, id \d+, key ….{4}\nListed: true\nFull access: false\nDeleted\n$/u,
    );
  });

  it('replaces the key by a new one, which works', async () => {
    const ran = await run('rotate-key');
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const saved = (await home.files())['.config/vastai/vast_api_key'] ?? '';
    expect(saved).not.toBe(sandbox.key);
    expect(ran.stdout).toBe(`Saved …${saved.slice(-4)} in ${home.paths.keyFile('default')}\n`);
    expect((await runWithoutKey('show-user')).status).toBe(0);
  });

  it('saves a key in a profile, and removes it', async () => {
    const ran = await run('save-key', { input: `${sandbox.key}\n` });
    const path = home.paths.keyFile('work');
    expect(ran).toMatchObject({
      status: 0,
      stdout: `Saved ${suffix()} in ${path}\nRemoved it from ${path}\n`,
    });
    expect(await home.files()).not.toHaveProperty('.config/vastai/profiles/work/vast_api_key');
  });

  it('asks any route, and shows the request with the key masked', async () => {
    const ran = await run('any-route', { args: ['123456'] });
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('results') });
    expect(ran.stderr).toBe(`GET ${sandbox.url}/api/v0/users/123456/ipaddrs/ Bearer ${suffix()}\n`);
  });

  it('sends a key of its own', async () => {
    const env = { MY_SECRET: sandbox.key, MY_API: sandbox.url };
    expect(await runWithoutKey('own-key', { env })).toMatchObject({
      status: 0,
      stdout: 'true true\n123456\n',
    });
  });

  it('tells failures apart', async () => {
    expect((await runWithoutKey('tell-errors-apart')).stdout).toMatch(/^no_key No API key found/u);
    const rejected = await runWithoutKey('tell-errors-apart', {
      env: { VAST_API_KEY: 'wrong-key-0123456789' },
    });
    expect(rejected.stdout).toMatch(/^key_rejected /u);
    expect((await run('tell-errors-apart')).stdout).toMatch(/@/u);
  });
});
