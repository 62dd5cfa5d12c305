import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/vastai-sandbox.js', import.meta.url));

type Child = ChildProcessByStdio<null, Readable, Readable>;

function run(...args: string[]): Child {
  return spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finished(child: Child) {
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, stdout, stderr };
}

describe('vastai-sandbox', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints its URL, responds, and exits with 0 on %s',
    async (signal) => {
      const child = run('--json', '--log', '--rate-limits');
      const end = finished(child);
      const [line] = await once(child.stdout, 'data');
      const { url, key, controlToken } = JSON.parse(String(line));
      expect(controlToken).toMatch(/^[0-9a-f]{32}$/u);
      const statuses = [];
      for (let n = 0; n < 2; n += 1) {
        const response = await fetch(`${url}/api/v0/auth/apikeys/`, {
          headers: { authorization: `Bearer ${key}` },
        });
        statuses.push(response.status);
      }
      child.kill(signal);
      const { status, stdout, stderr } = await end;
      expect([status, statuses]).toEqual([0, [200, 429]]);
      expect(stdout).toBe(String(line));
      expect(stderr).toBe(
        'GET /api/v0/auth/apikeys/ (key 40) -> 200\nGET /api/v0/auth/apikeys/ (key 40) -> 429\n',
      );
    },
  );

  it('prints text for people', async () => {
    const child = run('--port', '0', '--host', '::1');
    const end = finished(child);
    const [text] = await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(String(text)).toMatch(
      /^URL +http:\/\/\[::1\]:\d+\nAPI key +[0-9a-f]{64}\nControl token +[0-9a-f]{32}\n/u,
    );
    expect((await end).stderr).toBe('');
  });

  it('shows its help', async () => {
    const { status, stdout } = await finished(run('--help'));
    expect(status).toBe(0);
    expect(stdout).toContain('--rate-limits');
  });

  it.each([
    [['--host', '0.0.0.0'], 'loopback only'],
    [['--port', '70000'], 'from 0 to 65535'],
    [['--port', '1e3'], 'from 0 to 65535'],
    [['--nonsense'], '--nonsense'],
    [['extra'], 'extra'],
  ])('rejects %j with 2', async (args, message) => {
    const { status, stdout, stderr } = await finished(run(...args));
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it('says that its port is already in use', async () => {
    const child = run('--json');
    const end = finished(child);
    const [line] = await once(child.stdout, 'data');
    const { status, stderr } = await finished(run('--port', new URL(JSON.parse(String(line)).url).port));
    child.kill('SIGINT');
    await end;
    expect(status).toBe(1);
    expect(stderr).toContain('already in use');
  });
});
