import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { installed } from '@vastai-cli/testing/programs';
import { startNode } from '@vastai-cli/testing/run';
import { describe } from 'vitest';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Makes a repository in the home, with `vastai` on the PATH of what it runs. */
function repository({ home }: Harness) {
  const cwd = home.at('repo');
  mkdirSync(cwd);
  home.put(home.at('bin/vastai'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`, 0o700);
  const env = { ...home.env, PATH: `${home.at('bin')}${delimiter}${home.env.PATH}` };
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'A');
  git('config', 'user.email', 'a@example.com');
  return { cwd, env, git, write: (name: string, text: string) => home.put(home.at('repo', name), text) };
}

/** Returns a hook of the definitions for pre-commit. */
function definition(id: string) {
  const hooks = parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as { id: string }[];
  return hooks.find((hook) => hook.id === id) as unknown as Record<string, unknown>;
}

describe.runIf(process.platform !== 'win32' && installed('git')).concurrent('scan before a commit', () => {
  it('stops a commit that has a key, with the command of the hook definition', async ({
    harness,
    expect,
  }) => {
    const { cwd, env, git, write } = repository(harness);
    const hook = definition('vastai-scan');
    expect(hook).toMatchObject({ language: 'system', always_run: true, pass_filenames: false });
    write('.git/hooks/pre-commit', `#!/bin/sh\nexec ${hook.entry}\n`);
    chmodSync(`${cwd}/.git/hooks/pre-commit`, 0o700);
    const key = await harness.unknownKey();
    write('deploy.sh', `vastai set api-key ${key}\n`);
    git('add', '-A');
    const commit = () => spawnSync('git', ['commit', '-m', 'x'], { cwd, encoding: 'utf8', env });
    const stopped = commit();
    expect(stopped.status).not.toBe(0);
    expect(stopped.stderr + stopped.stdout).toContain(`deploy.sh:1:20  …${key.slice(-4)}`);
    expect(stopped.stderr + stopped.stdout).not.toContain(key);
    expect(spawnSync('git', ['rev-parse', '--verify', 'HEAD'], { cwd }).status).not.toBe(0);
    write('deploy.sh', 'vastai set api-key -\n');
    // What `git commit FILE` commits is in an index of its own, which the hook is told of.
    expect(commit().status).not.toBe(0);
    git('add', '-A');
    expect(commit().status).toBe(0);
    write('other.sh', `vastai set api-key ${key}\n`);
    git('add', '-A');
    git('commit', '-q', '-m', 'clean', 'deploy.sh', '--allow-empty');
    expect(commit().status).not.toBe(0);
  });
});

describe.runIf(process.platform !== 'win32' && installed('git')).concurrent('the scan of the action', () => {
  async function run({ home }: Harness, cwd: string, inputs: Record<string, string>, event: object = {}) {
    const output = await home.write('out/output', '');
    const ran = await startNode(join(ROOT, 'scripts/action/scan.mjs'), [], {
      cwd,
      env: {
        ...home.env,
        GITHUB_OUTPUT: output,
        GITHUB_EVENT_PATH: await home.write('out/event.json', JSON.stringify(event)),
        VASTAI_SCRIPT: BIN,
        ...inputs,
      },
    }).ended;
    return { ...ran, output: readFileSync(output, 'utf8') };
  }

  it('annotates keys in files and in the commits of a pull request', async ({ harness, expect }) => {
    const { cwd, git, write } = repository(harness);
    const commit = () => {
      git('add', '-A');
      git('commit', '-q', '-m', 'x');
      return git('rev-parse', 'HEAD');
    };
    write('a.txt', 'x\n');
    const base = commit();
    expect(await run(harness, cwd, {})).toMatchObject({
      status: 0,
      stdout: expect.not.stringContaining('::error'),
    });
    const key = await harness.unknownKey();
    write('a.env', `VAST_API_KEY=${key}\n`);
    commit();
    git('rm', '-q', 'a.env');
    write('b.env', `\nVAST_API_KEY=${key}\n`);
    commit();
    const event = { pull_request: { number: 1, base: { sha: base } } };
    const sarif = harness.home.at('out/keys.sarif');
    const ran = await run(harness, cwd, { INPUT_SCAN_SARIF_FILE: sarif }, event);
    expect(ran.status).toBe(10);
    expect(ran.stdout.match(/^::error file=[^,]*,line=\d/gmu)).toEqual([
      '::error file=b.env,line=2',
      '::error file=a.env,line=1',
      '::error file=b.env,line=2',
    ]);
    expect(ran.output).toContain('\n10\n');
    expect(JSON.parse(readFileSync(sarif, 'utf8')).runs[0].results).toHaveLength(1);
  });

  it('fails if it cannot do what it is asked to', async ({ harness, expect }) => {
    const { cwd } = repository(harness);
    expect((await run(harness, cwd, { INPUT_SCAN_BASELINE: 'missing.json' })).status).toBe(2);
    expect((await run(harness, cwd, { INPUT_SCAN_SARIF_FILE: 'no/folder.sarif' })).status).toBe(2);
  });
});
