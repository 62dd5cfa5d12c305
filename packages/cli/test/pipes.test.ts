import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

const onPosix = process.platform !== 'win32';
const VALIDATE = ['permissions', 'validate'];

function makePipe({ home }: Harness): string {
  execFileSync('mkfifo', [home.at('pipe')]);
  return home.at('pipe');
}

/** Waits until somebody has opened the pipe to read: until then it cannot be opened to write without waiting. */
async function hasReader(path: string): Promise<void> {
  for (;;) {
    const file = await open(path, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => undefined);
    if (file !== undefined) return file.close();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Runs a line of Bash in which `vastai` is the CLI. */
async function inBash({ home, sandbox }: Harness, line: string) {
  const script = `vastai() { ${JSON.stringify(process.execPath)} ${JSON.stringify(BIN)} "$@"; }\n${line}`;
  const env = { ...home.env, VAST_URL: sandbox.url, THE_KEY: sandbox.key };
  const child = spawn('bash', ['-c', script], { env, cwd: home.path, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  const [status] = await once(child, 'close');
  return { status, text };
}

describe.runIf(onPosix).concurrent('a pipe without a writer', () => {
  it('times out with 9 as VAST_API_KEY_FILE', async ({ harness }) => {
    const path = makePipe(harness);
    const ran = await harness.vastai(['show', 'user'], { env: { VAST_API_KEY_FILE: path } });
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain(`Cannot read ${path}: nothing was written to it for 5 seconds.`);
    expect(harness.asked()).toEqual([]);
  });

  it('times out with 2 as another file', async ({ harness }) => {
    const path = makePipe(harness);
    const ran = await harness.vastai([...VALIDATE, path]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain(`Cannot read ${path}: nothing was written to it for 5 seconds.`);
  });

  it('times out if its writer stays silent', async ({ harness }) => {
    const path = makePipe(harness);
    const writer = spawn('sh', ['-c', `exec 3<>"${path}"; exec sleep 60`], { stdio: 'ignore' });
    const ran = await harness.vastai(['show', 'user'], { env: { VAST_API_KEY_FILE: path } });
    writer.kill();
    expect(ran.status).toBe(9);
  });

  it.for(['SIGINT', 'SIGTERM'] as const)('is abandoned at once on %s', async (signal, { harness }) => {
    const path = makePipe(harness);
    const cases = [
      { args: ['show', 'user'], env: { VAST_API_KEY_FILE: path } },
      { args: [...VALIDATE, path], env: {} },
    ];
    for (const { args, env } of cases) {
      const running = harness.start(args, { env });
      await hasReader(path);
      running.kill(signal);
      const ran = await running.ended;
      expect(ran.status ?? 128 + (signal === 'SIGINT' ? 2 : 15)).toBe(128 + (signal === 'SIGINT' ? 2 : 15));
      expect(ran.stderr).not.toContain('5 seconds');
    }
  });
});

describe.runIf(onPosix).concurrent('a key or a document may come', () => {
  it.for([
    ['of a process', 'VAST_API_KEY_FILE=<(echo "$THE_KEY") vastai auth status --offline'],
    ['of a slow process', 'VAST_API_KEY_FILE=<(sleep 1; echo "$THE_KEY") vastai auth status --offline'],
    ['of standard input', 'echo "$THE_KEY" | VAST_API_KEY_FILE=/dev/stdin vastai auth status --offline'],
    ['of a numbered file', 'VAST_API_KEY_FILE=/dev/fd/7 vastai auth status --offline 7< <(echo "$THE_KEY")'],
    [
      'of a document in pieces',
      `vastai permissions validate <(printf '{"api":'; sleep 1; printf '{"user_read":{}}}')`,
    ],
    [
      'of a document on standard input',
      `echo '{"api":{"user_read":{}}}' | vastai permissions validate /dev/stdin`,
    ],
    [
      'of a named pipe with a late writer',
      `mkfifo p; (sleep 1; echo "$THE_KEY" > p) & VAST_API_KEY_FILE=p vastai auth status --offline`,
    ],
  ] as const)('out %s', async ([, line], { harness }) => {
    const { status, text } = await inBash(harness, line);
    expect([status, text]).toEqual([0, expect.any(String)]);
    expect(text).not.toContain(harness.sandbox.key);
  });

  it('not out of a process that says nothing, and that is not waited for', async ({ harness }) => {
    const { status, text } = await inBash(harness, 'VAST_API_KEY_FILE=<(true) vastai auth token');
    expect([status, text]).toEqual([9, expect.stringContaining('is empty')]);
  });

  it('not out of a socket or a device without end', async ({ harness }) => {
    const { vastai, home } = harness;
    const server = createServer().listen(home.at('socket'));
    await once(server, 'listening');
    const cases = [
      [home.at('socket'), 'it is a socket'],
      ['/dev/zero', 'too large'],
      ['/dev/null', 'is empty'],
      [home.path, 'it is a folder'],
    ];
    for (const [path = '', why] of cases) {
      const ran = await vastai(['show', 'user'], { env: { VAST_API_KEY_FILE: path } });
      expect([path, ran.status]).toEqual([path, 9]);
      expect(ran.stderr).toContain(why);
    }
    server.close();
  });
});
