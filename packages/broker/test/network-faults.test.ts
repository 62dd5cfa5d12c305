import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { it, startRun } from './support/run.js';
import { startRawUpstream } from './support/upstream.js';

const PATHS = {
  GET: '/api/v0/users/current/',
  PUT: '/api/v0/instances/42/',
  DELETE: '/api/v0/instances/42/',
};
const head = (...lines: string[]) => [...lines, '', ''].join('\r\n');
const ok = 'HTTP/1.1 200 OK';

/** What an API may do on a connection, instead of answering. */
const FAULTS: Readonly<Record<string, (socket: Socket) => void>> = {
  'closes at once': (socket) => socket.end(),
  resets: (socket) => socket.resetAndDestroy(),
  'closes in the status line': (socket) => socket.end('HTTP/1.1 20'),
  'closes in the head': (socket) => socket.end(`${ok}\r\nContent-Le`),
  'closes behind the head': (socket) => socket.end(head(ok, 'Content-Length: 9')),
  'closes in the body': (socket) => socket.end(`${head(ok, 'Content-Length: 9')}{"a":`),
  'resets in the body': (socket) =>
    socket.write(`${head(ok, 'Content-Length: 9')}{"a":`, () => socket.resetAndDestroy()),
  'closes in a chunk': (socket) => socket.end(`${head(ok, 'Transfer-Encoding: chunked')}9\r\n{"a":`),
  'closes between chunks': (socket) => socket.end(`${head(ok, 'Transfer-Encoding: chunked')}2\r\n{}\r\n`),
  'never answers': () => {},
  'never ends its head': (socket) => socket.write(`${ok}\r\nX: `),
  'never ends its body': (socket) => socket.write(`${head(ok, 'Content-Length: 9')}{"a":`),
  'sends its head forever': (socket) => {
    socket.write(`${ok}\r\n`);
    const timer = setInterval(() => socket.write('X: y\r\n'), 20);
    socket.once('close', () => clearInterval(timer));
  },
  'speaks another protocol': (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  'has two lengths': (socket) => socket.end(`${head(ok, 'Content-Length: 2', 'Content-Length: 3')}{}`),
  'has a length and chunks': (socket) =>
    socket.end(`${head(ok, 'Content-Length: 2', 'Transfer-Encoding: chunked')}2\r\n{}\r\n0\r\n\r\n`),
  'has 64 KiB of headers': (socket) =>
    socket.end(`${head(ok, `X: ${'a'.repeat(65_536)}`, 'Content-Length: 2')}{}`),
  'switches the protocol': (socket) =>
    socket.end(head('HTTP/1.1 101 Switching Protocols', 'Upgrade: x', 'Connection: upgrade')),
  'says only 100': (socket) => socket.write(head('HTTP/1.1 100 Continue')),
  'responds with 204': (socket) => socket.end(head('HTTP/1.1 204 No Content', 'Content-Length: 0')),
  'responds with status 999': (socket) => socket.end(`${head('HTTP/1.1 999 X', 'Content-Length: 2')}{}`),
  'has an unknown encoding': (socket) =>
    socket.end(`${head(ok, 'Content-Encoding: br', 'Content-Length: 2')}{}`),
  'is not gzip': (socket) => socket.end(`${head(ok, 'Content-Encoding: gzip', 'Content-Length: 2')}{}`),
  'is a web page': (socket) => socket.end(`${head('HTTP/1.1 502 Bad Gateway', 'Content-Length: 6')}<html>`),
  'is empty': (socket) => socket.end(head(ok, 'Content-Length: 0')),
};

describe('an API', () => {
  for (const [name, fault] of Object.entries(FAULTS)) {
    it(`that ${name} makes a response or an error, and a record`, async () => {
      const requests: string[] = [];
      const upstream = await startRawUpstream((socket, request) => {
        requests.push(request);
        fault(socket);
      });
      const run = await startRun({ upstream, timeoutMs: 700 });
      for (const [method, path] of Object.entries(PATHS)) {
        const { status, text } = await run.ask(method, path);
        const passes = {
          'responds with 204': 204,
          'is a web page': 502,
          'is empty': 200,
          'responds with status 999': 999,
        }[name];
        expect({ method, status, text }).toMatchObject({ method, status: passes ?? 502 });
        if (passes === undefined)
          expect(JSON.parse(text)).toMatchObject({
            success: false,
            error: 'broker_upstream',
            msg: expect.stringMatching(/^vastai: /u),
          });
        expect(run.calls.at(-1)).toMatchObject({ method, verdict: 'allow', status });
      }
      // Nothing is sent twice.
      expect(requests.length).toBe(3);
    });
  }

  it('that closes a kept connection is asked again to read, and never to change anything', async () => {
    let connections = 0;
    const methods: string[] = [];
    const upstream = await startRawUpstream((socket, request) => {
      methods.push(request.slice(0, 3));
      const [, ...more] = request.split('\r\n\r\n').filter((text) => text !== '');
      // The second request of a connection finds it closed.
      if (more.length > 0) return socket.destroy();
      connections += 1;
      return socket.write(`${head(ok, 'Content-Length: 2')}{}`);
    });
    const run = await startRun({ upstream });
    for (let at = 0; at < 3; at += 1) expect((await run.ask('GET', PATHS.GET)).status).toBe(200);
    expect(connections).toBe(3);
    expect((await run.ask('PUT', PATHS.PUT)).status).toBe(200);
    expect(methods.filter((method) => method === 'PUT')).toHaveLength(1);
  });

  it('that is slow is waited for', async () => {
    const upstream = await startRawUpstream(async (socket) => {
      // One after the other: timers that are due at once can run in another order than they were set.
      for (const byte of `${head(ok, 'Content-Length: 8')}{"a": 1}`) {
        socket.write(byte);
        await sleep(5);
      }
    });
    const run = await startRun({ upstream });
    expect(await run.ask('GET', PATHS.GET)).toMatchObject({ status: 200, text: '{"a": 1}' });
  });

  it('that sends an unrequested second response does not answer another call with it', async () => {
    const upstream = await startRawUpstream((socket, request) => {
      const answer = (text: string) => `${head(ok, `Content-Length: ${text.length}`)}${text}`;
      if (request.split('\r\n\r\n').length === 2) socket.write(answer('{"a":1}') + answer('{"stolen":1}'));
      else socket.end(answer('{"a":2}'));
    });
    const run = await startRun({ upstream });
    const texts = [];
    for (let at = 0; at < 4; at += 1) texts.push((await run.ask('GET', PATHS.GET)).text);
    expect(texts.join()).not.toContain('stolen');
  });
});

describe.runIf(process.platform === 'linux')('16 programs at once', () => {
  it('leave no descriptors behind, whatever becomes of their calls', async () => {
    const run = await startRun({ timeoutMs: 2000 });
    const count = () => readdirSync('/proc/self/fd').length;
    const show = '/api/v0/instances/42/';
    const work = async (calls: number, program: number) => {
      for (let at = 0; at < calls; at += 1) {
        const kind = (at + program) % 5;
        if (kind === 0) await run.ask('DELETE', show, { agent: false });
        else if (kind === 1) await run.ask('GET', show, { agent: false, token: 'x' });
        else if (kind === 2) await run.raw('GET / HTTP/1.1\r\n', null);
        else if (kind === 3) run.sandbox.fault(`GET ${show}`, { kind: at % 2 === 0 ? 'drop' : 'truncate' });
        else await run.ask('GET', show, at % 2 === 0 ? { agent: false } : {});
      }
    };
    const all = (calls: number) =>
      Promise.all(Array.from({ length: 16 }, (_, program) => work(calls, program)));
    const settled = async () => {
      run.sandbox.clearFaults();
      let before = -1;
      for (let now = count(); now !== before; now = count()) {
        before = now;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      return before;
    };
    await all(10);
    const first = await settled();
    await all(60);
    expect(await settled()).toBeLessThanOrEqual(first + 16);
    expect((await run.ask('GET', show)).status).toBe(200);
  });
});
