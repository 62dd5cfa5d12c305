import { chmod } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { CI_DEPLOY, IN_ITS_VARIABLE, newestKey, recipe, standIn, whereIs } from '../../support/recipe.js';
import { type ShellRun, shellOf } from '../../support/shell.js';

/** A step of a workflow. */
interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Prints the key as it is, and in a form that no CI system looks for. */
const PRINT_KEY = `const key = process.env.VAST_API_KEY;
console.log('plain ' + key + ' upper ' + key.toUpperCase() + ' base64 ' + Buffer.from('x' + key).toString('base64'));`;

/** Makes the programs that a job calls: `./report.sh` prints the key, npm installs nothing, Vault has a key. */
async function runnerOf(harness: Harness) {
  const key = await harness.unknownKey();
  const report = await standIn(harness, 'report.sh', PRINT_KEY, { path: 'report.sh' });
  for (const name of ['npm', 'git']) await standIn(harness, name);
  const vault = await harness.home.write('vault.key', key);
  await chmod(await harness.home.write('bin/vault', `#!/bin/sh\ncat '${vault}'\n`), 0o755);
  return { key, report, shell: await shellOf(harness) };
}

/** Stores a key as the recipe says, and returns it as the CI system has it. */
async function storedSecret(
  harness: Harness,
  name: 'gh' | 'glab',
  line: string | undefined,
): Promise<string> {
  const shell = await shellOf(harness);
  const calls = await standIn(harness, name, '', { reads: true });
  await harness.saveKey();
  expect(await shell(line ?? '')).toMatchObject({ status: 0 });
  const [call] = await calls();
  const secret = call?.input.trim() ?? '';
  expect(secret).toMatch(/^[0-9a-f]{64}$/u);
  // GitLab masks a variable only if it is told to, and gives it to every branch unless it is protected.
  const set = { gh: 'secret set VAST_API_KEY', glab: 'variable set VAST_API_KEY --masked --protected' };
  expect(call?.argv.join(' ')).toBe(set[name]);
  expect(newestKey(harness)).toEqual({ name: 'ci', categories: CI_DEPLOY });
  await harness.vastai(['unset', 'api-key', '--yes']);
  return secret;
}

/** Fails if a key is in a log in any of the forms in which `./report.sh` prints it. */
function expectMasked(log: string, key: string): void {
  for (const form of [key, key.toUpperCase(), Buffer.from(`x${key}`).toString('base64').slice(4, 80)])
    expect(log).not.toContain(form);
}

/** Runs the steps of a workflow as the runner of GitHub does, and returns what each one prints. */
async function runSteps(
  harness: Harness,
  steps: readonly Step[],
  secrets: Record<string, string>,
): Promise<ShellRun[]> {
  const shell = await shellOf(harness);
  const results: ShellRun[] = [];
  for (const { run, env = {} } of steps) {
    if (run === undefined) continue;
    const script = await harness.home.write('step.sh', run);
    const values = Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ secrets\.(\w+) \}\}/gu, (_, secret) => secrets[secret] ?? ''),
    ]);
    results.push(await shell(`exec bash -e '${script}'`, { env: Object.fromEntries(values) }));
  }
  return results;
}

describe.runIf(process.platform !== 'win32').concurrent('the recipe for GitHub Actions', () => {
  it('gives the secret to one step, which masks it', async ({ harness }) => {
    const { commands, block } = recipe('github-actions');
    const { report } = await runnerOf(harness);
    const secret = await storedSecret(harness, 'gh', commands[0]);
    const { jobs, permissions } = parse(block('yaml'));
    expect(permissions).toEqual({ contents: 'read' });
    expect(jobs.report.steps[0].with).toEqual({ 'persist-credentials': false });
    const ran = await runSteps(harness, jobs.report.steps, { VAST_API_KEY: secret });
    expect(ran.map(({ status }) => status)).toEqual([0, 0]);
    expectMasked(ran.at(-1)?.output ?? '', secret);
    expect(whereIs(secret, (await report())[0])).toEqual(IN_ITS_VARIABLE);

    // A workflow without access to secrets gets empty strings.
    const without = await runSteps(harness, jobs.report.steps, {});
    expect(without.at(-1)).toMatchObject({ status: 3 });
    expect(await report()).toHaveLength(1);
  });

  it('registers a key that GitHub does not know before anything can print it', async ({ harness }) => {
    const { key, report } = await runnerOf(harness);
    const ran = await runSteps(harness, parse(recipe('github-actions').block('yaml', 1)), {});
    expect(ran).toEqual([{ status: 0, output: expect.stringContaining('plain ') }]);
    const [first, ...log] = ran[0]?.output.split('\n') ?? [];
    expect(first).toBe(`::add-mask::${key}`);
    expectMasked(log.join('\n'), key);
    expect(whereIs(key, (await report())[0])).toEqual(IN_ITS_VARIABLE);
  });
});

describe.runIf(process.platform !== 'win32').concurrent('the recipe for GitLab CI', () => {
  it.for([0, 1])('masks the key in the log: job %i', async (nth, { harness }) => {
    const { commands, block } = recipe('gitlab-ci');
    const { key, report, shell } = await runnerOf(harness);
    const variable = await storedSecret(harness, 'glab', commands[0]);
    const { script, rules } = parse(block('yaml', nth)).report;
    if (nth === 0) expect(rules).toEqual([{ if: '$CI_COMMIT_REF_PROTECTED == "true"' }]);
    // A runner joins the lines into one script for Bash.
    const job = await harness.home.write('job.sh', `set -eo pipefail\n${script.join('\n')}\n`);
    const run = (env: Record<string, string>) => shell(`exec bash '${job}'`, { env });

    const used = nth === 0 ? variable : key;
    const ran = await run(nth === 0 ? { VAST_API_KEY: variable } : {});
    expect(ran).toMatchObject({ status: 0, output: expect.stringContaining('plain ') });
    expectMasked(ran.output, used);
    expect(whereIs(used, (await report())[0])).toEqual(IN_ITS_VARIABLE);

    // Another branch has no variable, or Vault no key.
    await harness.home.write('vault.key', '');
    expect(await run({})).toMatchObject({ status: 3 });
    expect(await report()).toHaveLength(1);
  });
});
