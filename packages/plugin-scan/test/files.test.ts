import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { SETTINGS } from '@vastai-cli/testing/places';
import { describe } from 'vitest';

const MIB = 1024 * 1024;

/** Writes files into a folder `work` in the home, and returns what `vastai scan` needs to run there. */
function project({ home }: Harness, files: Readonly<Record<string, string | Uint8Array>>) {
  mkdirSync(home.at('work'));
  for (const [name, content] of Object.entries(files)) home.put(home.at('work', name), content);
  return { cwd: home.at('work') };
}

const places = (findings: readonly { path: string; line: number; column: number }[]) =>
  findings.map(({ path, line, column }) => `${path}:${line}:${column}`);

describe.concurrent('scan', () => {
  it('names each key with its place, its end and the reason, and ends with 10', async ({
    harness,
    expect,
  }) => {
    const key = await harness.unknownKey();
    const at = project(harness, {
      '.env': `A=1\nVAST_API_KEY=${key}\n`,
      'src/run.sh': `vastai set api-key ${key}\n`,
      'readme.md': 'Nothing here.\n',
    });
    const ran = await harness.vastai(['scan'], at);
    const end = key.slice(-4);
    expect(ran).toMatchObject({
      status: 10,
      stdout: `.env:2:14  …${end}  assigned to a name with “vast”\nsrc/run.sh:1:20  …${end}  an argument of “set api-key”\n`,
    });
    expect(ran.stderr).toBe(
      'Delete a leaked key, even if you remove it from the file: vastai revoke api-key\nTo see which keys still work, add --verify.\n',
    );
    expect(harness.asked()).toEqual([]);
  });

  it('shows no key that a file is named after, in no format and no baseline', async ({ harness, expect }) => {
    const [key, other] = [await harness.unknownKey(), await harness.unknownKey()];
    const at = project(harness, {
      [`${key}/.env`]: `VAST_API_KEY=${key}\nVAST_KEY=${other}\n`,
      [`old-${other}.bin`]: '\0\0',
    });
    for (const format of ['pretty', 'json', 'sarif', 'github']) {
      const { status, stdout, stderr } = await harness.vastai(['scan', '--format', format], at);
      expect(status).toBe(10);
      for (const one of [key, other]) expect(stdout.includes(one) || stderr.includes(one)).toBe(false);
      expect(stdout).toContain(format === 'sarif' ? key.slice(-4) : `…${key.slice(-4)}/.env`);
    }
    await harness.vastai(['scan', '--write-baseline', 'b.json'], at);
    expect((await harness.home.read('work/b.json'))?.includes(key)).toBe(false);
    expect((await harness.vastai(['scan', '--baseline', 'b.json'], at)).status).toBe(0);
  });

  it('prints one document with --json', async ({ harness, expect }) => {
    const key = await harness.unknownKey();
    const at = project(harness, { 'a b.env': `VAST_API_KEY=${key}\n`, 'x.bin': '\0\0' });
    const ran = await harness.vastai(['scan', '--json', '.'], at);
    expect(ran).toMatchObject({ status: 10, stderr: '' });
    expect(ran.json()).toEqual({
      findings: [
        {
          path: 'a b.env',
          line: 1,
          column: 14,
          suffix: key.slice(-4),
          reason: 'assignment',
          fingerprint: expect.stringMatching(/^hmac-sha256:[0-9a-f]{32}:[0-9a-f]{64}$/u),
        },
      ],
      skipped: [{ path: 'x.bin', reason: 'binary' }],
    });
  });

  it('ends with 0 if there is no key', async ({ harness, expect }) => {
    const at = project(harness, { 'a.txt': `${await harness.unknownKey()}\n` });
    expect(await harness.vastai(['scan'], at)).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'No Vast.ai key found in 1 file.\n',
    });
    expect((await harness.vastai(['scan', '--json'], at)).json()).toEqual({ findings: [], skipped: [] });
  });

  it('leaves out what .gitignore names, but not a file that is named itself', async ({ harness, expect }) => {
    const line = `VAST_API_KEY=${await harness.unknownKey()}\n`;
    const at = project(harness, {
      '.git/config': line,
      '.gitignore': 'build/\n*.local\n!kept.local\n',
      'build/a.env': line,
      'x.local': line,
      'kept.local': line,
      'sub/.gitignore': '!build/\n/own.env\n',
      'sub/own.env': line,
      'sub/build/b.env': line,
      'other/.git/HEAD': '',
      'other/c.local': line,
    });
    const found = async (args: readonly string[]) =>
      places((await harness.vastai(['scan', '--json', ...args], at)).json().findings);
    expect(await found([])).toEqual(['kept.local:1:14', 'other/c.local:1:14', 'sub/build/b.env:1:14']);
    expect(await found(['sub'])).toEqual(['sub/build/b.env:1:14']);
    expect(await found(['x.local', 'build', './build/a.env'])).toEqual(['x.local:1:14', 'build/a.env:1:14']);
  });

  it('skips and counts what is not text, too large, or not a file', async ({ harness, expect }) => {
    const key = await harness.unknownKey();
    const line = `VAST_API_KEY=${key}\n`;
    const at = project(harness, {
      'a.zip': Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.from(line)]),
      'b.bin': `\0${line}`,
      'large.txt': line,
      'utf16.txt': Buffer.from(`\ufeff${line}`, 'utf16le'),
    });
    truncateSync(harness.home.at('work/large.txt'), 20 * MIB + 1);
    if (process.platform !== 'win32') execFileSync('mkfifo', [harness.home.at('work/pipe')]);
    const ran = await harness.vastai(['scan'], at);
    expect(ran).toMatchObject({
      status: 10,
      stdout: expect.stringMatching(/^utf16\.txt:1:14 {2}…\w{4} .*\n$/u),
    });
    if (process.platform === 'win32') return;
    expect(ran.stderr.split('\n')[0]).toBe(
      'Skipped 4 files: 1 not unpacked, 1 binary, 1 not a regular file, 1 larger than 20 MiB. --json lists them.',
    );
  });

  it.runIf(process.platform !== 'win32')('follows no link', async ({ harness, expect }) => {
    const line = `VAST_API_KEY=${await harness.unknownKey()}\n`;
    const at = project(harness, { 'a.env': line });
    harness.home.put(harness.home.at('outside/b.env'), line);
    const link = (target: string, name: string) => symlinkSync(target, harness.home.at('work', name));
    link('.', 'circle');
    link('self', 'self');
    link('a.env', 'inside');
    link('../outside', 'folder');
    link('../outside/b.env', 'file');
    const ran = await harness.vastai(['scan', '--json'], at);
    expect(places(ran.json().findings)).toEqual(['a.env:1:14']);
    expect(ran.json().skipped).toEqual([
      { path: 'file', reason: 'link' },
      { path: 'folder', reason: 'link' },
    ]);
  });

  it.runIf(process.platform === 'linux')(
    'finds keys behind any name, and prints none of its characters that control a terminal',
    async ({ harness, expect }) => {
      const line = `VAST_API_KEY=${await harness.unknownKey()}\n`;
      const at = project(harness, { '\u001b[31mred\n::error::x': line, '--output=x': line });
      const folder = Buffer.concat([Buffer.from(`${at.cwd}/`), Buffer.from([0x64, 0xff])]);
      mkdirSync(folder);
      writeFileSync(Buffer.concat([folder, Buffer.from('/'), Buffer.from([0xfe])]), line);
      const ran = await harness.vastai(['scan'], at);
      expect(ran.status).toBe(10);
      expect(ran.stdout.split('\n')).toHaveLength(4);
      expect(ran.stdout).not.toMatch(/\u001b|^::/mu);
      expect((await harness.vastai(['scan', '--json'], at)).json().findings).toHaveLength(3);
    },
  );

  it.runIf(process.platform === 'linux')(
    'goes on after a folder and a file that may not be read',
    async ({ harness, expect }) => {
      const line = `VAST_API_KEY=${await harness.unknownKey()}\n`;
      const at = project(harness, { 'a/x.env': line, 'b.env': line, 'c.env': line });
      chmodSync(harness.home.at('work/a'), 0);
      chmodSync(harness.home.at('work/b.env'), 0);
      const ran = await harness.vastai(['scan', '--json'], { ...at, through: AS_ANYBODY });
      expect(ran.status).toBe(10);
      expect(places(ran.json().findings)).toEqual(['c.env:1:14']);
      expect(ran.json().skipped).toEqual([
        { path: 'b.env', reason: 'unreadable' },
        { path: 'a', reason: 'unreadable' },
      ]);
      const named = await harness.vastai(['scan', 'b.env'], { ...at, through: AS_ANYBODY });
      expect(named).toMatchObject({ status: 2, stdout: '' });
      chmodSync(harness.home.at('work/a'), 0o700);
    },
  );

  it.for([
    [['nowhere', '.'], 'nowhere: no such file'],
    [[''], 'The file name is empty.'],
    [['--staged', '.'], 'PATH and --staged cannot be used together.'],
    [['--staged', '--git', 'HEAD'], '--staged and --git cannot be used together.'],
    [['--json', '--format', 'sarif'], '--json and --format sarif cannot be used together.'],
    [['--baseline', 'missing.json'], 'missing.json: no such file'],
  ] as const)('refuses %j', async ([args, message], { harness, expect }) => {
    const at = project(harness, { 'a.env': `VAST_API_KEY=${await harness.unknownKey()}\n` });
    const ran = await harness.vastai(['scan', ...args], at);
    expect(ran.status).toBe(2);
    expect(ran.stdout + ran.stderr).toContain(message);
    expect(ran.stdout + ran.stderr).not.toContain('a.env');
  });

  it('reads standard input of any length and kind', async ({ harness, expect }) => {
    const key = await harness.unknownKey();
    const long = Buffer.alloc(21 * MIB, 'ab cd ');
    const ran = await harness.vastai(['scan', '-', '--json'], {
      input: Buffer.concat([long, Buffer.from(` VAST_API_KEY=${key} `), long]),
    });
    expect(ran.status).toBe(10);
    expect(ran.json().findings).toMatchObject([{ path: '<stdin>', line: 1, column: 21 * MIB + 15 }]);
    const none = await harness.vastai(['scan', '-'], { input: '' });
    expect(none).toMatchObject({ status: 0, stdout: '' });
  });

  it.for([
    ['split over a line break', (key: string) => `VAST_API_KEY=${key.slice(0, 40)}\\\n${key.slice(40)}\n`],
    ['in CRLF', (key: string) => `A=1\r\nVAST_API_KEY=${key}\r\n`],
    ['in UTF-16', (key: string) => Buffer.from(`\ufeffVAST_API_KEY=${key}\n`, 'utf16le')],
    ['in a minified bundle', (key: string) => `${'var a=1;'.repeat(50_000)}const vastApiKey="${key}";b()`],
  ] as const)('finds a key %s', async ([, text], { harness, expect }) => {
    const key = await harness.unknownKey();
    const at = project(harness, { 'x.txt': text(key) });
    const { findings } = (await harness.vastai(['scan', '--json'], at)).json();
    expect(findings).toMatchObject([{ path: 'x.txt', suffix: key.slice(-4) }]);
  });

  it('knows the saved keys of all profiles wherever they are', async ({ harness, expect }) => {
    const { vastai, addKey, sandbox } = harness;
    const other = await addKey({ name: 'work' });
    await vastai(['set', 'api-key', '-'], { input: sandbox.key });
    await vastai(['set', 'api-key', '-', '--profile', 'work'], { input: other.value });
    const stranger = await harness.unknownKey();
    const at = project(harness, { 'sums.sha256': `${stranger}  a\n${sandbox.key}  b\n${other.value}  c\n` });
    const requests = harness.asked().length;
    const ran = await vastai(['scan', '--json'], at);
    expect(ran.json().findings).toMatchObject([
      { line: 2, suffix: sandbox.key.slice(-4), reason: 'known' },
      { line: 3, suffix: other.value.slice(-4), reason: 'known' },
    ]);
    expect(harness.asked()).toHaveLength(requests);
  });

  it('warns if the settings cannot be read, and continues', async ({ harness, expect }) => {
    await harness.home.write(SETTINGS, '{');
    const at = project(harness, { 'a.env': `VAST_API_KEY=${await harness.unknownKey()}\n` });
    const ran = await harness.vastai(['scan'], at);
    expect(ran.status).toBe(10);
    expect(ran.stderr).toContain('Saved keys are not recognized.');
  });

  it('leaves out a line with vastai-scan:allow, and says so', async ({ harness, expect }) => {
    const at = project(harness, {
      'a.env': `VAST_API_KEY=${await harness.unknownKey()} # vastai-scan:allow used in the tutorial\n`,
    });
    expect(await harness.vastai(['scan'], at)).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'No Vast.ai key found in 1 file.\nLeft out 1 key that a comment allows.\n',
    });
  });
});
