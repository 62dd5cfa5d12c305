import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { installed } from '@vastai-cli/testing/programs';
import { describe, expect } from 'vitest';
import { it, type Run, startRun } from './support/run.js';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** Sends a request from a process of its own, and prints its status. */
const PROGRAM = `require('node:http').request(process.argv[1], {
  method: process.argv[2],
  headers: { Authorization: 'Bearer ' + process.env.TOKEN },
}, (response) => { response.resume(); console.log(response.statusCode); })
  .on('error', ({ code }) => console.log(code)).end();`;

/** Returns what a program gets that has the token. */
function askAs(prefix: readonly string[], method: string, { broker }: Run): Promise<string> {
  return runAs(prefix, [PROGRAM, `${broker.url}/api/v0/instances/42/`, method], broker.token);
}

function runAs(prefix: readonly string[], program: readonly string[], token: string): Promise<string> {
  const [file = '', ...args] = [...prefix, process.execPath, '-e', ...program];
  const env = { PATH: process.env.PATH, TOKEN: token };
  return new Promise((resolve) => execFile(file, args, { env }, (_, stdout) => resolve(stdout.trim())));
}

const CHANGE = `const { host, port } = new URL(process.argv[1]);
const socket = require('node:net').connect(port, '127.0.0.1', () => {
  const head = ['DELETE /api/v0/instances/42/ HTTP/1.1', 'Host: ' + host, 'Authorization: Bearer ' + process.env.TOKEN];
  socket.write(head.join('\\r\\n') + '\\r\\n\\r\\n', () => WAY);
});
socket.on('error', () => {});`;

/** Sends a change that nobody waits for. */
function sendAs(prefix: readonly string[], way: string, { broker }: Run): Promise<string> {
  return runAs(prefix, [CHANGE.replace('WAY', way), broker.url], broker.token);
}

describe.runIf(isRoot && installed('setpriv'))('another user of this machine', () => {
  it('gets nothing and changes nothing, even with the token', async () => {
    const run = await startRun();
    expect(await askAs([], 'GET', run)).toBe('200');
    expect(await askAs([], 'DELETE', run)).toBe('200');
    const before = run.reached().length;
    expect(await askAs(AS_NOBODY, 'GET', run)).toBe('ECONNRESET');
    expect(await askAs(AS_NOBODY, 'DELETE', run)).toBe('ECONNRESET');
    const since = run.reached().slice(before);
    expect(since.filter((line) => line.startsWith('DELETE'))).toEqual([]);
    const verdicts = run.calls.map(({ method, verdict, status }) => ({ method, verdict, status }));
    expect(verdicts.slice(2)).toEqual([
      { method: 'GET', verdict: 'deny', status: null },
      { method: 'DELETE', verdict: 'deny', status: null },
    ]);
    expect(run.refusals).toEqual([]);
  });

  it('changes nothing if it disconnects before anyone has looked who it is', async () => {
    const run = await startRun();
    const ways = ['socket.destroy()', 'socket.end()', 'socket.resetAndDestroy()'];
    for (const way of ways) for (let at = 0; at < 4; at += 1) await sendAs(AS_NOBODY, way, run);
    expect((await run.ask('GET', '/api/v0/instances/42/')).status).toBe(200);
    expect(run.reached()).toEqual(['GET /api/v0/instances/42/']);
    expect(run.calls.filter(({ verdict }) => verdict === 'allow')).toHaveLength(1);
  });
});

describe('a program of the same user', () => {
  it.runIf(existsSync('/proc/self/net/tcp6'))('may open an IPv6 socket to the IPv4 address', async () => {
    const run = await startRun();
    const { host, port } = new URL(run.broker.url);
    const socket = connect(Number(port), '::ffff:127.0.0.1');
    const auth = `Host: ${host}\r\nAuthorization: Bearer ${run.broker.token}\r\nConnection: close\r\n`;
    socket.write(`DELETE /api/v0/instances/42/ HTTP/1.1\r\n${auth}\r\n`);
    const parts: Buffer[] = [];
    for await (const part of socket) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString()).toMatch(/^HTTP\/1\.1 200 /u);
    expect(run.reached()).toEqual(['DELETE /api/v0/instances/42/']);
  });

  it('is known on every one of many connections at once, of which some are cut', async () => {
    const run = await startRun();
    const ask = async (at: number) => {
      if (at % 3 === 0) await run.raw(`DELETE /api/v0/instances/${at}/ HTTP/1.1\r\n`, null);
      return (await run.ask('DELETE', `/api/v0/instances/${at + 1}/`, { agent: false })).status;
    };
    const statuses = await Promise.all(Array.from({ length: 60 }, (_, at) => ask(at)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(run.reached()).toHaveLength(60);
  });
});
