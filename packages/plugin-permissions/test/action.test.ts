import { execFileSync } from 'node:child_process';
import { chmod, readFile, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { startNode } from '@vastai-cli/testing/run';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const READER = '{"api":{"billing_read":{}}}\n';
const MINTER = '{"api":{"user_write":{}}}\n';

/** Runs a git command in the harness's home, away from the settings of this machine. */
function git({ home }: Harness, ...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  return execFileSync('git', [...identity, ...args], {
    cwd: home.path,
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  }).trim();
}

/** Makes a repository with these files, and returns its first commit. */
async function repositoryWith(harness: Harness, files: Record<string, string>): Promise<string> {
  git(harness, 'init', '-q', '.');
  for (const [name, text] of Object.entries(files)) await harness.home.write(name, text);
  git(harness, 'add', '--', ...Object.keys(files));
  git(harness, 'commit', '-q', '-m', 'x');
  return git(harness, 'rev-parse', 'HEAD');
}

/** Runs a script of the action as the runner does. */
async function runScript(
  { home }: Harness,
  script: string,
  inputs: Record<string, string>,
  event: object = {},
) {
  const [output, summary] = [await home.write('out/output', ''), await home.write('out/summary', '')];
  const env = {
    ...home.env,
    PATH: process.env.PATH,
    RUNNER_TEMP: home.at('out'),
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_EVENT_PATH: await home.write('out/event.json', JSON.stringify(event)),
    GITHUB_REPOSITORY: 'octo/keys',
    VASTAI_SCRIPT: BIN,
    ...inputs,
  };
  const ran = await startNode(join(ROOT, 'scripts', 'action', script), [], { cwd: home.path, env }).ended;
  const pairs = [...(await readFile(output, 'utf8')).matchAll(/^(.+)<<(.+)\n(.*)\n\2$/gmu)];
  const outputs = Object.fromEntries(pairs.map(([, name, , value]) => [name, value]));
  return { ...ran, outputs, summary: await readFile(summary, 'utf8') };
}

describe.concurrent('the check of the action', () => {
  it('annotates findings and ends with the status of the gate', async ({ harness }) => {
    await repositoryWith(harness, { 'keys/a.json': READER, 'keys/b.json': MINTER });
    const inputs = { INPUT_FILES: 'keys/*.json\n', INPUT_FAIL_ON: 'mint-keys' };
    const ran = await runScript(harness, 'check.mjs', inputs);
    expect(ran.status).toBe(10);
    expect(ran.stdout).toMatch(/^::warning file=keys\/b\.json,line=1,.*title=VP201/u);
    expect(ran.stdout).toContain('Gate failed: keys/b.json lets a key create API keys');
    expect(ran.outputs).toMatchObject({ status: '10', changed: '0' });
    const passed = await runScript(harness, 'check.mjs', { INPUT_FILES: 'keys/*.json' });
    expect(passed.status).toBe(0);
  });

  it('explains and compares the files that a pull request changes', async ({ harness }) => {
    const base = await repositoryWith(harness, { 'a.json': READER, 'b.json': READER, 'c.json': READER });
    await harness.home.write('a.json', '{"api":{"billing_read":{},"machine_read":{}}}');
    await harness.home.write('new.json', READER);
    git(harness, 'add', 'new.json');
    git(harness, 'rm', '-q', 'c.json');
    const event = { pull_request: { number: 7, base: { sha: base } } };
    const ran = await runScript(harness, 'check.mjs', { INPUT_FILES: '*.json' }, event);
    expect(ran).toMatchObject({ status: 0, outputs: { changed: '3' } });
    expect(ran.summary.match(/<h4>.*<\/h4>/gu)).toEqual([
      '<h4><code>a.json</code> (changed)</h4>',
      '<h4><code>c.json</code> (removed)</h4>',
      '<h4><code>new.json</code> (new)</h4>',
    ]);
    expect(ran.summary).toContain('<pre>This key can view bills and hosted machines.');
    expect(ran.summary).toMatch(/a\.json → a\.json\ngranted\n[\s\S]*machine\.list /u);
    expect(await readFile(ran.outputs.report as string, 'utf8')).toBe(ran.summary);
  });

  it('compares with the commit before a push, and with the one that is asked for', async ({ harness }) => {
    const base = await repositoryWith(harness, { 'a.json': READER });
    await harness.home.write('a.json', MINTER);
    const files = { INPUT_FILES: 'a.json' };
    for (const [inputs, event] of [
      [files, { before: base }],
      [{ ...files, INPUT_BASE: 'HEAD' }, { before: '0'.repeat(40) }],
    ] as const) {
      const ran = await runScript(harness, 'check.mjs', inputs, event);
      expect(ran.summary).toContain('<code>a.json</code> (changed)');
    }
    const first = await runScript(harness, 'check.mjs', files, { before: '0'.repeat(40) });
    expect(first.summary).toBe('<p>No permission file changed.</p>\n');
  });

  it('says that a commit is missing in a shallow checkout, and still checks', async ({ harness }) => {
    await repositoryWith(harness, { 'a.json': READER });
    for (const sha of ['1'.repeat(40), '--output=x', '$(touch x)']) {
      const ran = await runScript(harness, 'check.mjs', { INPUT_FILES: 'a.json', INPUT_BASE: sha });
      expect(ran.status).toBe(0);
      expect(ran.stdout).toMatch(/^::warning::Cannot compare: .*fetch-depth: 0/mu);
    }
  });

  it('writes SARIF', async ({ harness }) => {
    await repositoryWith(harness, { 'a.json': MINTER });
    const inputs = { INPUT_FILES: 'a.json', INPUT_SARIF_FILE: 'found.sarif', INPUT_FAIL_LEVEL: 'security' };
    const ran = await runScript(harness, 'check.mjs', inputs);
    expect(ran).toMatchObject({ status: 10, outputs: { sarif: 'found.sarif' } });
    expect(JSON.parse(await readFile(harness.home.at('found.sarif'), 'utf8')).version).toBe('2.1.0');
  });

  it('says in one annotation that the SARIF file cannot be written', async ({ harness }) => {
    await repositoryWith(harness, { 'a.json': READER });
    const inputs = { INPUT_FILES: 'a.json', INPUT_SARIF_FILE: 'nowhere/found.sarif' };
    const ran = await runScript(harness, 'check.mjs', inputs);
    expect(ran).toMatchObject({ status: 2, stderr: '' });
    expect(ran.stdout).toMatch(/^::error::ENOENT: .*nowhere/mu);
  });

  it.for([
    ['', /files: name the permission files/u],
    ['typo/*.json', /no file of the repository matches/u],
    [':(bad)a.json', /^::error::fatal: Invalid pathspec magic/mu],
  ] as const)('refuses the pattern "%s"', async ([patterns, message], { harness }) => {
    await repositoryWith(harness, { 'a.json': READER });
    const ran = await runScript(harness, 'check.mjs', { INPUT_FILES: patterns });
    expect(ran.status).toBe(2);
    expect(ran.stdout).toMatch(message);
  });
});

describe.skipIf(process.platform === 'win32').concurrent('hostile files', () => {
  it('refuses a link, which could show a file of the runner', async ({ harness }) => {
    await repositoryWith(harness, { 'a.json': READER });
    await symlink('/etc/passwd', harness.home.at('link.json'));
    git(harness, 'add', 'link.json');
    const ran = await runScript(harness, 'check.mjs', { INPUT_FILES: '*.json' });
    expect(ran.status).toBe(2);
    expect(ran.stdout).not.toContain('root:');
  });

  it('cannot inject commands, Markdown or shell by their names and contents', async ({ harness }) => {
    const evil = '\n::error::injected\n</pre>\n# Title @octo <img src=x> `$(touch pwned)` | \u202e';
    const text = JSON.stringify({ api: { [evil]: {}, user_read: { [`api.${evil}`]: {} } } });
    const names = [
      '-flag.json',
      'key:1.json',
      'a\n::warning::injected.json',
      '<b>@octo `x`.json',
      '$(touch pwned).json',
      'a"; touch pwned; ".json',
    ];
    const files = Object.fromEntries(names.map((name) => [name, text]));
    const base = await repositoryWith(harness, { 'z.json': READER, ...files });
    for (const name of names) await harness.home.write(name, text.replace('user_read', 'user_write'));
    await harness.home.write('bad.json', `::error::injected\n${evil}`);
    git(harness, 'add', 'bad.json');
    const ran = await runScript(harness, 'check.mjs', { INPUT_FILES: '*.json', INPUT_BASE: base });
    expect(ran).toMatchObject({ status: 10, outputs: { changed: '7' } });
    expect(ran.summary).toContain(':./key:1.json has an error');
    for (const line of commandsIn(ran.stdout)) expect(line).toMatch(/^::(?:error|warning) file=\S/u);
    expect(ran.summary.replace(/<\/?(?:h3|h4|code|pre|details|summary)>/gu, '')).not.toMatch(/[<>`@\u202e]/u);
    expect(ran.summary.match(/<pre>/gu)?.length).toBe(ran.summary.match(/<\/pre>/gu)?.length);
    await expect(readFile(harness.home.at('pwned'))).rejects.toThrow();
  });
});

/** Returns the lines that the runner takes for commands. */
function commandsIn(log: string): string[] {
  const commands: string[] = [];
  let stopped: string | undefined;
  for (const line of log.split('\n')) {
    const [, token] = /^::stop-commands::(.+)$/u.exec(line) ?? [];
    if (stopped === undefined && token !== undefined) stopped = token;
    else if (stopped !== undefined && line === `::${stopped}::`) stopped = undefined;
    else if (stopped === undefined && /^\s*(?:::|##\[)/u.test(line)) commands.push(line);
  }
  expect(stopped).toBeUndefined();
  return commands;
}

describe.skipIf(process.platform === 'win32').concurrent('the comment of the action', () => {
  const event = { pull_request: { number: 7 } };
  /** Puts a `gh` on PATH that notes its arguments and input, and prints the id of an earlier comment. */
  async function withGh({ home }: Harness, earlier: string, status = 0) {
    const script = `#!/bin/sh\necho "$*" >>"${home.at('asked')}"\ncat >>"${home.at('sent')}"\nprintf '${earlier}'\nexit ${status}\n`;
    await chmod(await home.write('bin/gh', script), 0o755);
    return {
      PATH: `${home.at('bin')}${delimiter}${process.env.PATH}`,
      REPORT: await home.write('r.md', 'R'),
    };
  }

  it.for([
    ['', 'POST repos/octo/keys/issues/7/comments'],
    ['12\\n', 'PATCH repos/octo/keys/issues/comments/12'],
  ] as const)('finds "%s" and sends %s', async ([earlier, request], { harness }) => {
    const env = await withGh(harness, earlier);
    const ran = await runScript(harness, 'comment.mjs', { ...env, CHANGED: '1' }, event);
    expect(ran.status).toBe(0);
    expect(await readFile(harness.home.at('asked'), 'utf8')).toContain(`--method ${request} --input -`);
    const body = JSON.parse(await readFile(harness.home.at('sent'), 'utf8')).body;
    expect(body).toBe('<!-- vastai permissions -->\n\nR');
  });

  it('writes no first comment when no file changed', async ({ harness }) => {
    const env = await withGh(harness, '');
    await runScript(harness, 'comment.mjs', { ...env, CHANGED: '0' }, event);
    expect(await readFile(harness.home.at('asked'), 'utf8')).not.toContain('--method');
  });

  it('only warns if it may not comment', async ({ harness }) => {
    const env = await withGh(harness, '', 1);
    const ran = await runScript(harness, 'comment.mjs', { ...env, CHANGED: '1' }, event);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^::warning::Cannot comment/u);
  });
});

describe('action.yml', async () => {
  const action = parse(await readFile(join(ROOT, 'action.yml'), 'utf8'));
  const steps: Record<string, unknown>[] = action.runs.steps;

  it('uses every input that it declares, and no other', () => {
    const used = JSON.stringify(action.runs).matchAll(/inputs\.([\w-]+)/gu);
    expect([...new Set([...used].map(([, name]) => name))].sort()).toEqual(Object.keys(action.inputs).sort());
  });

  it('has no expression in a script', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('runs only scripts that exist, and other actions by their commit', async () => {
    for (const { run, uses } of steps) {
      if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/u);
      const [, script] = /^node "\$GITHUB_ACTION_PATH\/(.+)"$/u.exec(String(run ?? '')) ?? [];
      if (uses === undefined) await readFile(join(ROOT, script as string));
    }
  });

  it.for(['../x', 'file:x', 'https://x.example/x.tgz', '1; touch pwned', '-g'])(
    'installs nothing for the version %s',
    async (version, { harness }) => {
      const ran = await runScript(harness, 'install.mjs', { INPUT_VERSION: version });
      expect(ran.status).toBe(2);
      expect(ran.stdout).toMatch(/^::error::version:/u);
    },
  );
});
