import { mkdir, readdir, readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { isRunning, processIdIn, signalProcess } from '@vastai-cli/testing/processes';
import { describe, onTestFinished } from 'vitest';
import { fileIn } from './places.js';

const SHOW = '/api/v0/users/current/';
const INSTANCE = '/api/v0/instances/42/';

/** A program that leaves its id and the address of the broker, sends the requests in its arguments, and leaves what came. */
const ASK = `const { writeFileSync } = require('node:fs');
const results = [];
(async () => {
  writeFileSync('url', process.env.VAST_URL);
  writeFileSync('pid', process.pid + '\\n');
  for (const line of process.argv.slice(1)) {
    const [method, path] = line.split(' ');
    const headers = { Authorization: 'Bearer ' + process.env.VAST_API_KEY };
    const ask = async () => {
      const answer = await fetch(process.env.VAST_URL + path, { method, headers });
      const text = await answer.text();
      return [answer.status, /"error":"(\\w+)"/.exec(text)?.[1] ?? ''].join(' ').trim();
    };
    results.push(await ask().catch(({ cause }) => 'broken: ' + cause.code));
  }
  writeFileSync('results', results.join('\\n'));
})()`;

/** Starts a program behind a broker that records, with a folder for temporary files of its own. */
async function start({ start, home, saveKey }: Harness, requests: readonly string[], VAST_URL?: string) {
  await saveKey();
  await mkdir(home.at('temporary'));
  const args = ['exec', '--broker', '--record', 'calls', '--', process.execPath, '-e', ASK, ...requests];
  const env = { TMPDIR: home.at('temporary'), ...(VAST_URL === undefined ? {} : { VAST_URL }) };
  return start(args, { env });
}

/** Returns what the program got for each request. */
const results = async (harness: Harness) => (await fileIn(harness, 'results')).split('\n');

/** Returns the recorded operations with their statuses. Every line has to be whole. */
async function recorded({ home }: Harness): Promise<string[]> {
  const text = await readFile(home.at('calls'), 'utf8');
  if (text !== '' && !text.endsWith('\n')) throw new Error('The last line is not whole.');
  const calls = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return calls.map(({ operation, status }) => `${operation} ${status}`);
}

/** Returns what is left of a run: an open port, temporary files. */
async function left({ home }: Harness): Promise<string[]> {
  const { port } = new URL(await readFile(home.at('url'), 'utf8'));
  const isOpen = await new Promise<boolean>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
  return [...(isOpen ? ['the port'] : []), ...(await readdir(home.at('temporary')))];
}

/** Stands between a broker and a sandbox, until the network is cut in the middle of a response. */
async function relayTo(url: string) {
  const sockets: Socket[] = [];
  let connections = 0;
  const server = createServer((near) => {
    connections += 1;
    const far = connect(Number(new URL(url).port), '127.0.0.1');
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
    near.pipe(far);
    far.once('data', (bytes: Buffer) => {
      near.write(bytes.subarray(0, bytes.length - 20), () => {
        server.close();
        for (const socket of sockets) socket.destroy();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, connections: () => connections };
}

describe.runIf(process.platform !== 'win32').concurrent('a program behind a broker', () => {
  it.for([
    ['a gateway that is down', { kind: 'answer', status: 502, body: '<html>bad gateway</html>' }, '502'],
    [
      'an error of the API',
      { kind: 'answer', status: 500, body: { error: 'server_error' } },
      '500 server_error',
    ],
    ['a page of HTML', { kind: 'junk' }, '502 broker_upstream'],
    ['garbage', { kind: 'answer', status: 200, body: '\u0000\u0001{{{' }, '502 broker_upstream'],
    ['a response that breaks off', { kind: 'truncate' }, '502 broker_upstream'],
    ['a connection that breaks off', { kind: 'drop' }, '502 broker_upstream'],
    // Its beginning has been passed on by the time that it proves to be too long.
    ['a response without end', { kind: 'oversize' }, 'broken: UND_ERR_SOCKET', 'null'],
  ] as const)('gets an error for %s, once, and goes on', async (row, { harness, expect }) => {
    const [, fault, got, status = got.split(' ')[0]] = row;
    harness.sandbox.fault(`* ${INSTANCE}`, fault, 2);
    const requests = [`GET ${INSTANCE}`, `DELETE ${INSTANCE}`, `GET ${SHOW}`];
    const ran = await (await start(harness, requests)).ended;
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(await results(harness)).toEqual([got, got, '200']);
    expect(harness.asked()).toEqual(requests);
    expect(await recorded(harness)).toEqual([
      `instance.show ${status}`,
      `instance.destroy ${status}`,
      'user.show 200',
    ]);
    expect(await left(harness)).toEqual([]);
  });

  it('gets an error when the network is cut in a response, and after', async ({ harness, expect }) => {
    const relay = await relayTo(harness.sandbox.url);
    const running = await start(harness, [`DELETE ${INSTANCE}`, `GET ${SHOW}`], relay.url);
    expect(await running.ended).toMatchObject({ status: 0, stderr: '' });
    expect(await results(harness)).toEqual(['502 broker_upstream', '502 broker_upstream']);
    // What may have destroyed something is not sent again.
    expect(harness.asked()).toEqual([`DELETE ${INSTANCE}`]);
    expect(relay.connections()).toBe(1);
    expect(await recorded(harness)).toEqual(['instance.destroy 502', 'user.show 502']);
    expect(await left(harness)).toEqual([]);
  });

  it('leaves nothing when it is killed while it waits for a response', async ({ harness, expect }) => {
    harness.sandbox.fault(`GET ${INSTANCE}`, { kind: 'stall' });
    const running = await start(harness, [`GET ${SHOW}`, `GET ${INSTANCE}`]);
    while (harness.asked().length < 2) await sleep(10);
    signalProcess(await processIdIn(harness.home.at('pid')), 'SIGKILL');
    expect(await running.ended).toMatchObject({ status: 137, stderr: '' });
    expect(await recorded(harness)).toEqual(['user.show 200', 'instance.show null']);
    expect(await left(harness)).toEqual([]);
  });

  it('ends when the broker is killed meanwhile, and nothing is left', async ({ harness, expect }) => {
    harness.sandbox.fault(`GET ${INSTANCE}`, { kind: 'stall' });
    const running = await start(harness, [`GET ${SHOW}`, `GET ${INSTANCE}`, `DELETE ${INSTANCE}`]);
    while (harness.asked().length < 2) await sleep(10);
    signalProcess(running.pid, 'SIGKILL');
    expect((await running.ended).signal).toBe('SIGKILL');
    const pid = await processIdIn(harness.home.at('pid'));
    await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
    expect(harness.asked()).toEqual([`GET ${SHOW}`, `GET ${INSTANCE}`]);
    expect(await recorded(harness)).toEqual(['user.show 200']);
    expect(await left(harness)).toEqual([]);
  });
});
