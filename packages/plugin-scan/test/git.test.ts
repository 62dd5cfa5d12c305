import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { installed } from '@vastai-cli/testing/programs';
import { describe } from 'vitest';

const DATE = '2024-02-03T04:05:06Z';
const SECONDS = Date.parse(DATE) / 1000;

/** A repository in the home of a test. */
function repository({ home, vastai }: Harness, options: readonly string[] = []) {
  const cwd = home.at('repo');
  mkdirSync(cwd);
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...home.env, GIT_AUTHOR_DATE: DATE, GIT_COMMITTER_DATE: DATE },
    }).trim();
  git('init', '-q', '-b', 'main', ...options);
  git('config', 'user.name', 'A');
  git('config', 'user.email', 'a@example.com');
  return {
    cwd,
    git,
    write: (name: string, text: string) => home.put(home.at('repo', name), text),
    /** Stages everything and returns the id of the commit. */
    commit() {
      git('add', '-A');
      git('commit', '-q', '--no-verify', '--allow-empty', '-m', 'x');
      return git('rev-parse', 'HEAD');
    },
    scan: (...args: string[]) => vastai(['scan', ...args], { cwd }),
    async found(...args: string[]) {
      const { findings } = (await vastai(['scan', '--json', ...args], { cwd })).json();
      return findings as { path: string; line: number; commit?: string; authored?: number }[];
    },
  };
}

describe.runIf(process.platform !== 'win32' && installed('git')).concurrent('scan and git', () => {
  it('checks what is staged, and nothing else', async ({ harness, expect }) => {
    const { write, git, commit, found } = repository(harness);
    const line = async () => `VAST_API_KEY=${await harness.unknownKey()}\n`;
    write('old.env', await line());
    commit();
    write('staged.env', await line());
    write('sub/cleaned.env', await line());
    git('add', '-A');
    write('staged.env', '');
    write('sub/cleaned.env', '');
    git('add', 'sub');
    write('unstaged.env', await line());
    expect((await found('--staged')).map(({ path }) => path)).toEqual(['staged.env']);
    git('rm', '-q', '--cached', '-f', 'staged.env');
    expect(await found('--staged')).toEqual([]);
  });

  it.for([[], ['--object-format=sha256']])(
    'checks the first commit, from a folder too: git init %j',
    async (options, { harness, expect }) => {
      const { write, git, cwd } = repository(harness, options);
      write('sub/a.env', `VAST_API_KEY=${await harness.unknownKey()}\n`);
      symlinkSync('a.env', `${cwd}/sub/link`);
      git('add', '-A');
      const ran = await harness.vastai(['scan', '--staged'], { cwd: `${cwd}/sub` });
      expect(ran).toMatchObject({ status: 10, stdout: expect.stringMatching(/^sub\/a\.env:1:14 .*\n$/u) });
    },
  );

  it('finds each key where a commit first brought it, with the commit and its date', async ({
    harness,
    expect,
  }) => {
    const { write, git, commit, found } = repository(harness);
    const line = `VAST_API_KEY=${await harness.unknownKey()}\n`;
    write('a.txt', 'nothing\n');
    const base = commit();
    write('a.env', line);
    const first = commit();
    write('a.env', `# more\n${line}`);
    write('copy.env', `# more\n${line}`);
    commit();
    git('rm', '-q', '-r', 'a.env', 'copy.env');
    const last = commit();
    const place = { path: 'a.env', line: 1, commit: first, authored: SECONDS };
    expect(await found('--git', `${base}..HEAD`)).toMatchObject([place]);
    expect(await found('--git', 'HEAD')).toMatchObject([place]);
    expect(await found('--git', `${last}..HEAD`)).toEqual([]);
    const ran = await harness.vastai(['scan', '--git', 'HEAD'], { cwd: harness.home.at('repo') });
    expect(ran.stdout).toContain(`, in commit ${first.slice(0, 12)} of 2024-02-03\n`);
  });

  it('finds a key that only a merge brought', async ({ harness, expect }) => {
    const { write, git, commit, found } = repository(harness);
    write('a.env', 'A=1\n');
    commit();
    git('checkout', '-q', '-b', 'side');
    write('b.env', 'B=1\n');
    commit();
    git('checkout', '-q', 'main');
    write('c.env', 'C=1\n');
    commit();
    git('merge', '-q', '--no-ff', '--no-commit', 'side');
    write('a.env', `VAST_API_KEY=${await harness.unknownKey()}\n`);
    const merge = commit();
    expect(await found('--git', 'HEAD')).toMatchObject([{ path: 'a.env', commit: merge }]);
  });

  it('reads any name, and skips what is binary or too large', async ({ harness, expect }) => {
    const { write, commit, scan } = repository(harness);
    const line = `VAST_API_KEY=${await harness.unknownKey()}\n`;
    write('a\nb\tc "d".env', line);
    write(':100644 x', `${line}\n`);
    write('x.bin', `\0${line}`);
    write('large.txt', line.padEnd(20 * 1024 * 1024 + 1));
    write('z.env', `\n${line}`);
    commit();
    const { findings, skipped } = (await scan('--git', 'HEAD', '--json')).json();
    expect(findings.map(({ path }: { path: string }) => path).sort()).toEqual([
      ':100644 x',
      'a\nb\tc "d".env',
      'z.env',
    ]);
    expect(skipped).toEqual([
      { path: 'large.txt', reason: 'too_large' },
      { path: 'x.bin', reason: 'binary' },
    ]);
  });

  it.for([
    '--output=stolen',
    '--all',
    '-p',
    '',
    'nowhere..HEAD',
    'HEAD..--output=stolen',
    'HEAD:a.txt',
    '^HEAD --all',
  ])('refuses the range %j', async (range, { harness, expect }) => {
    const { write, commit, scan, cwd } = repository(harness);
    write('a.txt', 'x\n');
    commit();
    const ran = await scan(`--git=${range}`);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(existsSync(`${cwd}/stolen`)).toBe(false);
  });

  it('says so outside a repository', async ({ harness, expect }) => {
    const ran = await harness.vastai(['scan', '--staged'], {
      env: { GIT_CEILING_DIRECTORIES: harness.home.path },
    });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('git');
  });

  it('says so if git is not installed', async ({ harness, expect }) => {
    const ran = await harness.vastai(['scan', '--staged'], { env: { PATH: '/nowhere' } });
    expect(ran).toMatchObject({ status: 2, stderr: 'Error: git is not installed.\n' });
  });

  it('skips what a partial clone lacks', async ({ harness, expect }) => {
    const { write, commit, scan, cwd, git } = repository(harness);
    write('a.env', `VAST_API_KEY=${await harness.unknownKey()}\n`);
    commit();
    const id = git('rev-parse', 'HEAD:a.env');
    rmSync(`${cwd}/.git/objects/${id.slice(0, 2)}/${id.slice(2)}`, { force: true });
    const ran = await scan('--git', 'HEAD', '--json');
    expect(ran.json()).toEqual({ findings: [], skipped: [{ path: 'a.env', reason: 'missing' }] });
  });

  it('runs no program that the repository names', async ({ harness, expect }) => {
    const { write, commit, git, cwd, scan } = repository(harness);
    const trap = `${cwd}/../trap`;
    const sprung = `${cwd}/../sprung`;
    writeFileSync(trap, `#!/bin/sh\necho "$0 $*" >> ${sprung}\ncat\n`);
    chmodSync(trap, 0o700);
    write('.gitattributes', '* diff=trap filter=trap\n');
    write('a.env', `VAST_API_KEY=${await harness.unknownKey()}\n`);
    const id = commit();
    const blob = git('hash-object', 'a.env');
    write('b.env', `VAST_API_KEY=${await harness.unknownKey()}\n`);
    git('add', 'b.env');
    const hooks = ['post-index-change', 'fsmonitor-watchman', 'reference-transaction'];
    for (const hook of hooks) {
      writeFileSync(`${cwd}/.git/hooks/${hook}`, `#!/bin/sh\nexec ${trap}\n`);
      chmodSync(`${cwd}/.git/hooks/${hook}`, 0o700);
    }
    const settings: Record<string, string> = {
      'core.fsmonitor': trap,
      'core.pager': trap,
      'core.sshCommand': trap,
      'core.alternateRefsCommand': trap,
      'core.editor': trap,
      'diff.external': trap,
      'diff.trap.command': trap,
      'diff.trap.textconv': trap,
      'filter.trap.clean': trap,
      'filter.trap.smudge': trap,
      'filter.trap.process': trap,
      'gpg.program': trap,
      'log.showSignature': 'true',
      'pager.log': trap,
      'pager.diff': trap,
      'credential.helper': trap,
      'extensions.partialClone': 'origin',
      'core.repositoryFormatVersion': '1',
      'remote.origin.url': `ext::${trap}`,
      'remote.origin.promisor': 'true',
      'remote.origin.uploadpack': trap,
      'protocol.ext.allow': 'always',
      'protocol.allow': 'always',
    };
    for (const [name, value] of Object.entries(settings)) git('config', name, value);
    rmSync(sprung, { force: true });
    rmSync(`${cwd}/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`, { force: true });
    const staged = await scan('--staged', '--json');
    expect(staged.json().findings).toMatchObject([{ path: 'b.env' }]);
    const log = await scan('--git', id, '--json');
    expect(log.json().skipped).toEqual([{ path: 'a.env', reason: 'missing' }]);
    await scan('--json');
    expect(existsSync(sprung)).toBe(false);
  });
});
