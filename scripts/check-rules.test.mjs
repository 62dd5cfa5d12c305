import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { root } from './pack.mjs';

/** A copy of the packages, into which the tests plant their violations. */
let copy;
beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'vastai-rules-')));
  const filter = (path) => !/[\\/](?:node_modules|dist|\.turbo)$/u.test(path);
  cpSync(join(root, 'packages'), join(copy, 'packages'), { recursive: true, filter });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Finds the file of the packages that has this name. */
function pathOf(name) {
  const paths = readdirSync(join(root, 'packages'), { recursive: true });
  const [path] = paths.filter((one) => basename(one) === name && !/node_modules|dist/u.test(one));
  return `packages/${path.split(sep).join('/')}`;
}

/** Writes a file into the copy, for one test. */
function plant(path, text) {
  const file = join(copy, path);
  const before = existsSync(file) ? readFileSync(file) : undefined;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  onTestFinished(() => (before === undefined ? rmSync(file) : writeFileSync(file, before)));
}

/** Runs the check on the copy; returns its status and its lines. */
function check() {
  const script = join(root, 'scripts', 'check-rules.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, copy], { encoding: 'utf8' });
  return { status, problems: stderr.trim().split('\n').filter(Boolean) };
}

describe('node scripts/check-rules.mjs', () => {
  it('finds nothing in this checkout', () => {
    expect(check()).toEqual({ status: 0, problems: [] });
  });

  it.each([
    ['process.env', 'packages/kit/src/x.ts', 'export const home = process.env.HOME;'],
    ['process.env', 'packages/kit/src/x.ts', 'export const { argv, env } = process;'],
    ['process.env', 'packages/core/src/api/x.ts', "import { env } from 'node:process';"],
    ['variables', pathOf('load-config.ts'), 'process.env.HOME; process.env.NOT_IN_THE_TABLE;'],
    ['instanceof', 'packages/core/src/api/x.ts', 'if (error instanceof StorageError) throw error;'],
    ['instanceof', 'packages/kit/src/x.ts', 'class Mine extends UsageError {}\nerror instanceof Mine;'],
    [
      'instanceof',
      'packages/plugin-keys/src/x.ts',
      "import { ApiKey } from '@vastai-cli/core/credentials/api-key';\nkey instanceof ApiKey;",
    ],
    ['paths', 'packages/kit/src/x.ts', "join(home, '.config')"],
    ['paths', 'packages/kit/src/x.ts', 'const file = `$'.concat('{home}/.vast_api_key`;')],
    ['paths', 'packages/kit/src/x.ts', "join(\n  folderOf(home),\n  'vastai',\n)"],
    ['paths', 'packages/core/src/x.ts', "join(paths.configFolder, 'more.json')"],
    ['paths', 'packages/core/src/x.ts', 'homedir()'],
    [
      'routes',
      'packages/plugin-keys/src/x.ts',
      "client.request({ method: 'GET', path: '/api/v0/instances/' })",
    ],
    ['no I/O', 'packages/permissions/src/x.ts', "import { readFile } from 'node:fs/promises';"],
    ['no I/O', 'packages/permissions/src/x.ts', 'export const columns = process.stdout.columns;'],
    ['reveal', 'packages/kit/src/x.ts', 'log(key.reveal());'],
    ['printing', 'packages/cli/src/commands/show/x.ts', "process.stdout.write('done');"],
    ['printing', 'packages/cli/src/keys/x.ts', 'console.log(key.suffix);'],
    [
      'printing',
      'packages/plugin-account/src/commands/show/x.ts',
      "if (this.output.format === 'json') return;",
    ],
    ['printing', 'packages/plugin-account/src/x.ts', "if (output.format !== 'human') return;"],
    ['printing', 'packages/plugin-account/src/x.ts', "({ format }) => format === 'human'"],
    ['printing', 'packages/plugin-account/src/x.ts', 'process.exit(10);'],
    ['printing', 'packages/plugin-account/src/x.ts', 'process.exitCode = EXIT_STATUS.findings;'],
    ['printing', 'packages/cli/src/commands/show/x.ts', 'this.exit(1);'],
    ['printing', 'packages/cli/src/runtime/hooks/x.ts', 'process.exit(0);'],
    ['state', 'packages/kit/src/x.ts', 'let last: string;'],
    ['state', 'packages/kit/src/x.ts', 'const seen: Map<string, string> = new Map();'],
    ['unseen characters', 'packages/kit/src/x.ts', String.raw`text.replace(/\p{Cf}/gu, '')`],
    ['unseen characters', 'packages/sandbox/src/x.ts', String.raw`text.replace(/[\u0000-\u001F]/g, '?')`],
    [
      'JSON objects',
      'packages/kit/src/x.ts',
      "typeof value === 'object' &&\n  value !== null &&\n  !Array.isArray(value)",
    ],
    [
      'bounded reads',
      'packages/kit/src/x.ts',
      'for await (const chunk of stream) {\n  length += chunk.length;\n  if (length > MOST) break;\n}',
    ],
    ['atomic writes', 'packages/plugin-keys/src/x.ts', 'await rename(`$'.concat('{path}.tmp`, path);')],
    [
      'installed packages',
      'packages/kit/src/x.ts',
      "for (let folder = from; ; folder = dirname(folder)) {\n  existsSync(join(folder, 'node_modules', name));\n}",
    ],
    ['edit distance', 'packages/cli/src/x.ts', 'row[j] = Math.min(row[j - 1] + 1, last[j] + 1);'],
    ['actions', 'packages/plugin-permissions/src/x.ts', 'const operation = operationNamed(text);'],
    [
      'actions',
      'packages/plugin-permissions/src/x.ts',
      String.raw`const [, method] = /^([A-Za-z]+)\s+(\S+)$/u.exec(text) ?? [];`,
    ],
    ['names', 'packages/kit/src/utils.ts', 'export const one = 1;'],
    ['barrels', 'packages/kit/src/testing.ts', "export * from './testing/run.js';"],
    ['length', 'packages/kit/src/x.ts', '\n'.repeat(301)],
    ['tests that run', 'packages/kit/src/x.test.ts', "it.only('works', () => {});"],
    ['tests that run', 'packages/cli/test/x.test.ts', "describe.concurrent.skip('it', () => {});"],
    ['tests that run', 'packages/cli/test/x.test.ts', "it.todo('works');"],
    ['signals in tests', 'packages/cli/test/x.test.ts', "process.kill(Number(text), 'SIGKILL');"],
    ['mocks', 'packages/cli/test/x.test.ts', "vi.mock('node:fs');"],
  ])('reports the broken rule “%s” in %s with %j', (rule, path, text) => {
    plant(path, text);
    const { status, problems } = check();
    expect(status).toBe(1);
    expect(problems).toHaveLength(1);
    expect(problems[0].replace(/:\d+:/u, ':')).toContain(`${path}: ${rule}: `);
  });

  it('names the line', () => {
    plant('packages/kit/src/x.ts', '// process.env\n\n/* process.env,\n   again */\nprocess.env;\n');
    expect(check().problems).toEqual([expect.stringMatching(/^packages\/kit\/src\/x\.ts:5: process\.env: /)]);
  });

  it.each([
    ['packages/kit/src/x.ts', '/** Reads process.env, `let x` and join(home, ".config"). */\n'],
    ['packages/kit/src/x.ts', 'const { HOME } = readEnvironment(process.env); // not process.env itself\n'],
    ['packages/kit/src/x.ts', 'const isKnown = error instanceof Error && key instanceof Uint8Array;\n'],
    ['packages/kit/src/x.ts', "const text = 'It moves ~/.vast_api_key to ~/.config/vastai.';\n"],
    [
      'packages/kit/src/x.ts',
      "function f() {\n  let count = 0;\n  const seen = new Map();\n}\nconst NAMES = new Set(['a']);\n",
    ],
    [
      'packages/plugin-account/src/x.ts',
      "if (flags.format === 'sarif') output.note('Also for people: it.exit() and log() are ours.');\n",
    ],
    ['packages/kit/src/index.ts', "export { run } from './testing/run.js';\n"],
    ['packages/kit/src/x.test.ts', "it.skipIf(!installed)('works', () => {});\nprocess.env.PATH;\n"],
  ])('accepts what is allowed in %s: %j', (path, text) => {
    plant(path, text);
    expect(check()).toEqual({ status: 0, problems: [] });
  });

  it('requires unused exceptions to be removed', () => {
    const path = pathOf('load-config.ts');
    plant(path, '');
    expect(check().problems).toEqual([expect.stringContaining(`: process.env: ${path} keeps the rule.`)]);
  });

  it('follows a moved file', () => {
    const path = pathOf('load-config.ts');
    const text = readFileSync(join(copy, path), 'utf8');
    plant(path, '');
    rmSync(join(copy, path));
    plant('packages/cli/src/elsewhere/load-config.ts', text);
    const [old, ...others] = check().problems.sort().reverse();
    expect(old).toContain(`: process.env: ${path} is not there.`);
    expect(old).toContain('its new place: cli/src/elsewhere/load-config.ts.');
    for (const problem of others) expect(problem).toContain('packages/cli/src/elsewhere/load-config.ts:');
    expect(others).not.toEqual([]);
  });
});
