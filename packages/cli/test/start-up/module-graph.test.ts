import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';
import { runRecorded } from './loaded.js';

const PACKAGES = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Compares what each start loads, which is exact where a time is not. When a list here grows, either leave
 * the new thing for later (`await import()`), or write the list anew, with `-u`, and say in the commit what it buys.
 */
describe.concurrent('what is loaded by', () => {
  it.for([
    ['version', ['--version']],
    ['help', ['--help']],
    ['show-user', ['show', 'user', '--json']],
    ['permissions-validate', ['permissions', 'validate', 'perms.json']],
  ] as const)('%s stands in its list', async ([name, args], { harness, expect: expectHere }) => {
    await harness.home.write('perms.json', '{ "api": { "instance_read": {} } }');
    const { status, loaded } = await runRecorded(harness, args, { VAST_API_KEY: harness.sandbox.key });
    expect(status).toBe(0);
    const builtins = loaded.builtins.map((builtin) => `node:${builtin}`).sort();
    const files = await Promise.all(loaded.files.map(withParts));
    const list = [...builtins, ...files.flat(), ''].join('\n');
    await expectHere(list).toMatchFileSnapshot(`module-graph/${name}.txt`);
  });
});

/** A file, and the modules that were bundled into it: the bundler writes a comment before each. */
async function withParts(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  const parts = [...text.matchAll(/^\/\/ (?<path>\S+\/\S+\.\w+)$/gmu)].map(
    ({ groups }) => groups?.path ?? '',
  );
  return [relative(PACKAGES, file), ...parts.map((path) => `  ${path.replace(/^.*node_modules\//u, '')}`)];
}
