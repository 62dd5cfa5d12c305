import type { ServerResponse } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { it, startRun } from './support/run.js';
import { startRawUpstream, startUpstream } from './support/upstream.js';

const LIST = '/api/v1/instances/';
const MIB = 1024 * 1024;

/** A list of instances of some size. Each one has a key, and a number that JavaScript does not have. */
function instances(bytes: number, key = ''): { plain: string; masked: string } {
  const one = (secret: string, mine: string) =>
    `{"id": 12345678901234567890,"label":"é🔑","api_key" : "${secret}","onstart":"echo ${mine}","price":1.10}`;
  const count = Math.ceil(bytes / one('b'.repeat(64), key).length);
  const list = (secret: string, mine: string) =>
    `{"instances":[${Array.from({ length: count }, () => one(secret, mine)).join(',\n')}]}`;
  return { plain: list('b'.repeat(64), key), masked: list('…', key && `…${key.slice(-4)}`) };
}

/** Starts a run whose API responds with some bytes, in pieces. */
async function runWith(respond: (response: ServerResponse) => void, packed = false) {
  const upstream = await startUpstream((_, response) => {
    response.writeHead(200, packed ? { 'Content-Encoding': 'gzip' } : {});
    respond(response);
  });
  return startRun({ upstream });
}

describe('a long response', () => {
  it('is passed on in pieces, with every key masked, and everything else as it was', async () => {
    let plain = Buffer.alloc(0);
    const size = 65_537;
    const upstream = await startUpstream(async (_, response) => {
      // The pieces end in the middle of keys and characters.
      for (let at = 0; at < plain.length; at += size)
        await new Promise((resolve) => response.write(plain.subarray(at, at + size), resolve));
      response.end();
    });
    const run = await startRun({ upstream });
    const list = instances(2 * MIB, run.sandbox.key);
    plain = Buffer.from(list.plain);
    const { status, text, headers } = await run.ask('GET', LIST);
    expect(status).toBe(200);
    expect(text === list.masked).toBe(true);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    expect(run.calls).toMatchObject([{ operation: 'instance.list', verdict: 'allow', status: 200 }]);
  });

  it('may be compressed', async () => {
    const { plain, masked } = instances(3 * MIB);
    const packed = gzipSync(plain);
    expect(gunzipSync(packed).length).toBeGreaterThan(3 * MIB);
    const run = await runWith((response) => response.end(packed), true);
    expect((await run.ask('GET', LIST)).text === masked).toBe(true);
    const small = await runWith((response) => response.end(gzipSync('{"a":1}')), true);
    expect((await small.ask('GET', LIST)).text).toBe('{"a":1}');
  });

  it('starts before it has ended', async () => {
    const { plain, masked } = instances(MIB);
    const bytes = Buffer.from(plain);
    const half = bytes.length / 2;
    let rest: () => void = () => {};
    const run = await runWith((response) => {
      response.write(bytes.subarray(0, half));
      rest = () => response.end(bytes.subarray(half));
    });
    const response = await fetch(`${run.broker.url}${LIST}`, {
      headers: { authorization: `Bearer ${run.broker.token}` },
    });
    const parts: Uint8Array[] = [];
    for await (const part of response.body as AsyncIterable<Uint8Array>) {
      if (parts.length === 0) rest();
      parts.push(part);
    }
    expect(Buffer.concat(parts).toString() === masked).toBe(true);
  });

  it('that does not arrive whole is cut, and never looks complete', async () => {
    const { plain } = instances(MIB);
    const packed = gzipSync(plain);
    const torn = Buffer.concat([packed.subarray(0, packed.length - 20), Buffer.alloc(20)]);
    // Random enough to be as long when it is packed.
    const random = Array.from({ length: 8000 }, (_, at) => Math.sin(at).toString(36)).join('');
    const long = gzipSync(`["${Array.from({ length: 120 }, () => random).join('","')}"]`);
    const endings: [name: string, respond: (response: ServerResponse) => void, isPacked?: boolean][] = [
      ['cut', (response) => response.write(plain.slice(0, -5), () => response.destroy())],
      ['no JSON behind 512 KiB', (response) => response.end(`${plain.slice(0, MIB / 2)}<html>`)],
      ['not complete', (response) => response.end(plain.slice(0, -1))],
      ['followed by more', (response) => response.end(`${plain}{}`)],
      [
        'not UTF-8',
        (response) =>
          response.end(
            Buffer.concat([Buffer.from(`${plain.slice(0, -2)},"a":"`), Buffer.from([0xff, 0x22, 0x7d])]),
          ),
      ],
      ['longer than 10 MiB', (response) => response.end(instances(11 * MIB).plain)],
      ['longer than 10 MiB once it is unpacked', (response) => response.end(long), true],
      ['damaged', (response) => response.end(torn), true],
      ['packed and cut', (response) => response.end(packed.subarray(0, -20)), true],
      ['with a string of 2 MiB', (response) => response.end(`["","${'x'.repeat(2 * MIB)}"]`)],
    ];
    for (const [name, respond, isPacked] of endings) {
      const run = await runWith(respond, isPacked);
      for (const method of ['GET', 'PUT']) {
        const path = method === 'GET' ? LIST : '/api/v0/instances/42/';
        const ended = await run.ask(method, path).then(
          ({ status }) => status,
          () => 'cut',
        );
        // Where it is known before anything was passed on, it is an error.
        expect({ name, ended }).toEqual({ name, ended: ended === 502 ? 502 : 'cut' });
      }
      expect(run.calls.map(({ verdict }) => verdict)).toEqual(['allow', 'allow']);
      for (const { status } of run.calls) expect([null, 502]).toContain(status);
    }
  });

  it('that is known to be bad from its beginning is an error', async () => {
    const page = `<!doctype html>${'<p>This is not the API.'.repeat(20_000)}`;
    const run = await runWith((response) => response.end(page));
    expect((await run.ask('GET', LIST)).status).toBe(502);
    const length = 11 * MIB;
    const long = await startRawUpstream((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n["a"`),
    );
    expect((await (await startRun({ upstream: long })).ask('GET', LIST)).status).toBe(502);
    const failing = await startUpstream((_, response) => {
      response.statusCode = 500;
      response.end(page);
    });
    const other = await startRun({ upstream: failing });
    expect((await other.ask('GET', LIST)).status).toBe(502);
    expect(other.calls).toMatchObject([{ verdict: 'allow', status: 502 }]);
  });

  it('is an error for HTTP/1.0 if it is cut, where a beginning looks complete', async () => {
    const { plain, masked } = instances(MIB);
    const run = await runWith((response) => response.write(plain.slice(0, -5), () => response.destroy()));
    const { host } = new URL(run.broker.url);
    const request = `GET ${LIST} HTTP/1.0\r\nHost: ${host}\r\nAuthorization: Bearer ${run.broker.token}\r\n\r\n`;
    expect(await run.raw(request)).toMatch(/^HTTP\/1\.1 502 /u);
    const whole = await runWith((response) => response.end(plain));
    const to = new URL(whole.broker.url).host;
    const answer = await whole.raw(request.replace(host, to).replace(run.broker.token, whole.broker.token));
    expect(Buffer.from(answer, 'latin1').toString().endsWith(masked)).toBe(true);
  });

  it('ends with its caller, and with the broker', async () => {
    let open = 0;
    const { plain } = instances(MIB);
    const run = await runWith((response) => {
      open += 1;
      response.once('close', () => {
        open -= 1;
      });
      response.write(plain.slice(0, -5));
    });
    const controller = new AbortController();
    const headers = { authorization: `Bearer ${run.broker.token}` };
    const response = await fetch(`${run.broker.url}${LIST}`, { headers, signal: controller.signal });
    expect([response.status, open]).toEqual([200, 1]);
    controller.abort();
    while (open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const other = await fetch(`${run.broker.url}${LIST}`, { headers });
    await run.broker.close();
    await expect(other.text()).rejects.toThrow();
    while (open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(run.calls.map(({ status }) => status)).toEqual([null, null]);
  });

  it('about new instances is read to its end, however long it is', async () => {
    const ids = Array.from({ length: 20_000 }, (_, at) => 1000 + at);
    const body = { success: true, note: 'x'.repeat(200_000), new_contracts: ids };
    const upstream = await startUpstream((request, response) =>
      response.end(JSON.stringify(request.url === '/api/v0/asks/bulk/' ? body : {})),
    );
    const run = await startRun({ upstream, policy: { ownInstances: true } });
    expect((await run.ask('POST', '/api/v0/asks/bulk/', { body: { ids: [1, 2] } })).status).toBe(200);
    expect((await run.ask('DELETE', '/api/v0/instances/20999/')).status).toBe(200);
    expect((await run.ask('DELETE', '/api/v0/instances/21000/')).status).toBe(403);
  });
});
