import { describe, expect } from 'vitest';
import { it, startRun } from './support/run.js';

const SHOW = '/api/v0/users/current/';

interface Attack {
  readonly name: string;
  /** `HOST`, `PORT` and `TOKEN` are replaced. */
  readonly text: string;
}

const head = (name: string, ...lines: string[]): Attack => ({
  name,
  text: [...lines, 'Connection: close', '', ''].join('\r\n'),
});
const good = ['Host: HOST', 'Authorization: Bearer TOKEN'];
const withHeader = (...lines: string[]) => head(lines.join(', '), `GET ${SHOW} HTTP/1.1`, ...good, ...lines);
const withPath = (path: string) => head(`the path ${path}`, `GET ${path} HTTP/1.1`, ...good);
const withHost = (...lines: string[]) =>
  head(lines.join(', ') || 'no Host', `GET ${SHOW} HTTP/1.1`, 'Authorization: Bearer TOKEN', ...lines);
const withBody = (name: string, body: string, ...lines: string[]): Attack => ({
  name,
  text: [`PUT /api/v0/asks/5/ HTTP/1.1`, ...good, 'Connection: close', ...lines, '', body].join('\r\n'),
});

const ATTACKS: readonly Attack[] = [
  // Another name for this address, as in DNS rebinding
  withHost(),
  withHost('Host: localhost:PORT'),
  withHost('Host: 127.0.0.1'),
  withHost('Host: 127.0.0.1.evil.example:PORT'),
  withHost('Host: 127.0.0.1:PORT.evil.example'),
  withHost('Host: evil.example'),
  withHost('Host: [::1]:PORT'),
  withHost('Host: 127.1:PORT'),
  withHost('Host: 127.0.0.1:0PORT'),
  withHost('Host: HOST', 'Host: HOST'),
  withHost('Host: HOST', 'host: evil.example'),
  head('HTTP/1.0 without Host', `GET ${SHOW} HTTP/1.0`, 'Authorization: Bearer TOKEN'),
  head('HTTP/0.9', `GET ${SHOW}`),
  // A page in a browser
  withHeader('Origin: null'),
  withHeader('Origin: http://HOST'),
  withHeader('Sec-Fetch-Site: same-origin'),
  withHeader('Sec-Fetch-Dest: empty'),
  withHeader('Sec-Fetch-User: ?1'),
  withHeader(...Array.from({ length: 2500 }, (_, at) => `a${at}:`), 'Origin: null'),
  // Another way than a plain request
  head('CONNECT', 'CONNECT console.vast.ai:443 HTTP/1.1', 'Host: console.vast.ai:443'),
  head('an absolute URL', `GET https://console.vast.ai${SHOW} HTTP/1.1`, ...good),
  head('an absolute URL of the broker', `GET http://HOST${SHOW} HTTP/1.1`, ...good),
  head('a URL without a scheme', `GET //console.vast.ai${SHOW} HTTP/1.1`, ...good),
  head('an asterisk', 'OPTIONS * HTTP/1.1', ...good),
  withHeader('Upgrade: websocket', 'Sec-WebSocket-Version: 13'),
  withHeader('Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'),
  head('HTTP/2 with prior knowledge', 'PRI * HTTP/2.0', '', 'SM', ''),
  head('TRACE', `TRACE ${SHOW} HTTP/1.1`, ...good),
  head('HEAD', `HEAD ${SHOW} HTTP/1.1`, ...good),
  head('PATCH', `PATCH ${SHOW} HTTP/1.1`, ...good),
  head('an unknown method', `STEAL ${SHOW} HTTP/1.1`, ...good),
  // A path that is read in two ways
  ...[
    '/api/v0/instances/../users/current/',
    '/api/v0/instances/%2e%2e/users/current/',
    '/api/v0/instances/.%2E/users/current/',
    '/api/v0/instances/%252e%252e/users/current/',
    '/api/v0/./users/current/',
    '/api//v0/users/current/',
    '//api/v0/users/current/',
    '/api/v0/users%2Fcurrent/',
    '/api/v0/users%5Ccurrent/',
    '/api/v0/users\\current/',
    '/api/v0/users/current%00/',
    '/api/v0/users/current/%0d%0aHost:x/',
    '/api/v0/users/current;x=1/',
    '/api/v0/users/current/#x',
    '/api/v0/users/current%3Fx/',
    '/api/v0/users/%63%75rrent%/',
    '/api/v0/users/%C0%AE%C0%AE/',
    '/api/v0/instances/%7Bid%7D/',
    '/api/v0/users/current/?a=%00',
    '/API/v0/users/current/',
    '/api/v0/users/current//',
    '/sandbox/requests',
    '/',
    '*',
    'api/v0/users/current/',
    `/api/v0/users/current/?${'a'.repeat(70_000)}`,
  ].map(withPath),
  // A body that is read in two ways
  withBody('two lengths', '{}', 'Content-Length: 2', 'Content-Length: 2'),
  withBody('two different lengths', '{}', 'Content-Length: 2', 'Content-Length: 40'),
  withBody('a length and chunks', '0\r\n\r\n', 'Content-Length: 5', 'Transfer-Encoding: chunked'),
  withBody('chunks and a length', '0\r\n\r\n', 'Transfer-Encoding: chunked', 'Content-Length: 5'),
  withBody('chunks twice', '0\r\n\r\n', 'Transfer-Encoding: chunked, chunked'),
  withBody('chunks in disguise', '0\r\n\r\n', 'Transfer-Encoding: xchunked'),
  withBody('chunks after a tab', '0\r\n\r\n', 'Transfer-Encoding:\tchunked, identity'),
  withBody('a negative length', '{}', 'Content-Length: -2'),
  withBody('a length in hexadecimal', '{}', 'Content-Length: 0x2'),
  withBody('a chunk of a wrong size', 'zz\r\n{}\r\n0\r\n\r\n', 'Transfer-Encoding: chunked'),
  withBody('a compressed body', '{}', 'Content-Length: 2', 'Content-Encoding: gzip'),
  withBody('a form', 'a=1', 'Content-Length: 3'),
  withBody('a list', '[1]', 'Content-Length: 3'),
  withBody('bytes that are not UTF-8', '{"a":"\xff"}', 'Content-Length: 9'),
  withBody('a number beyond 64 bits', '{"a":12345678901234567890}', 'Content-Length: 26'),
  withBody('an infinite number', '{"a":1e999}', 'Content-Length: 11'),
  withBody('deep nesting', `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`, 'Content-Length: 1801'),
  withBody('11 MiB', '', 'Content-Length: 11534336'),
  // Headers that are no headers
  withHeader('X: a\r\nOrigin : null'),
  withHeader(' Host: folded'),
  withHeader('X\0Y: 1'),
  withHeader('X: a\0b'),
  withHeader('Authorization: Bearer TOKEN'),
  withHeader(`X: ${'a'.repeat(64 * 1024)}`),
  head('a bare line feed', `GET ${SHOW} HTTP/1.1\nHost: HOST\nAuthorization: Bearer TOKEN\nX: 1`),
  head('TLS', '\x16\x03\x01\x02\x00\x01\x00\x01'),
];

describe('a hostile request', () => {
  it('is refused before the API hears of it', async () => {
    const run = await startRun();
    const { host, port } = new URL(run.broker.url);
    expect(ATTACKS.length).toBeGreaterThan(70);
    const answerTo = ({ text }: Attack) => {
      const bytes = text
        .replaceAll('HOST', host)
        .replaceAll('PORT', port)
        .replaceAll('TOKEN', run.broker.token);
      return run.raw(Buffer.from(bytes, 'latin1'));
    };
    const accepted: string[] = [];
    for (const attack of ATTACKS) {
      const { name } = attack;
      const answer = await answerTo(attack);
      // A connection may also close without a response.
      if (!/^(?:HTTP\/1\.1 4\d\d |$)/u.test(answer)) accepted.push(`${name}: ${answer}`);
      expect(answer).not.toContain(run.sandbox.key);
    }
    expect(accepted).toEqual([]);
    expect(run.reached()).toEqual([]);
    // Without the attack, the same requests are good ones.
    for (const fine of [withHeader('X: a'), withPath(SHOW), withBody('', '{}', 'Content-Length: 2')])
      expect(await answerTo(fine)).toMatch(/^HTTP\/1\.1 200 /u);
  });

  it('hides behind no other request on its connection', async () => {
    const run = await startRun();
    const { host } = new URL(run.broker.url);
    const auth = `Host: ${host}\r\nAuthorization: Bearer ${run.broker.token}\r\n`;
    const show = `GET ${SHOW} HTTP/1.1\r\n${auth}\r\n`;
    const answer = await run.raw(
      show,
      `POST /api/v0/auth/apikeys/ HTTP/1.1\r\n${auth}Content-Length: ${show.length}\r\n\r\n`,
      show,
      `GET ${SHOW} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer.match(/HTTP\/1\.1 \d+/gu)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
    expect(run.reached()).toEqual([`GET ${SHOW}`]);
  });

  it('ends when it is slow, in its head or its body', async () => {
    const run = await startRun({ limits: { headMs: 200, requestMs: 400 } });
    const { host } = new URL(run.broker.url);
    const start = `PUT /api/v0/asks/5/ HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${run.broker.token}\r\n`;
    const slow = ['', start, `${start}Content-Length: 10\r\n\r\n{`];
    const answers = await Promise.all(slow.map((text) => run.raw(text)));
    for (const answer of answers) expect(answer).toMatch(/^(?:HTTP\/1\.1 408 [\s\S]*)?$/u);
    expect(run.reached()).toEqual([]);
  });

  it('takes up no more connections than there may be', async () => {
    const run = await startRun({ limits: { connections: 4, headMs: 500 } });
    const waiting = Array.from({ length: 12 }, () => run.raw('GET / HTTP/1.1\r\n'));
    await Promise.all(waiting);
    expect((await run.ask('GET', SHOW)).status).toBe(200);
  });
});

describe('the address of a broker', () => {
  it('is on loopback, and closes with it', async () => {
    const run = await startRun();
    expect(run.broker.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
    await run.broker.close();
    await run.broker.close();
    await expect(run.ask('GET', SHOW)).rejects.toThrow('ECONNREFUSED');
  });
});
