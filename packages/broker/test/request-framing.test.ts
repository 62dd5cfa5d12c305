import { describe, expect } from 'vitest';
import { it, type Run, startRun } from './support/run.js';

const SHOW = '/api/v0/users/current/';
const RENT = 'PUT /api/v0/asks/5/ HTTP/1.1';
const CHUNKED = 'Transfer-Encoding: chunked';

/** Writes the lines of a request, and its body. `HOST`, `PORT` and `TOKEN` are replaced. */
function send(run: Run, lines: readonly string[], body = '', lineEnd = '\r\n'): Promise<string> {
  return run.raw(Buffer.from(filled(run, [...lines, '', body].join(lineEnd)), 'latin1'));
}

function filled(run: Run, text: string): string {
  const { host, port } = new URL(run.broker.url);
  return text.replaceAll('HOST', host).replaceAll('PORT', port).replaceAll('TOKEN', run.broker.token);
}

const close = 'Connection: close';
const good = ['Host: HOST', 'Authorization: Bearer TOKEN', close];
const show = (...headers: string[]) => [`GET ${SHOW} HTTP/1.1`, ...headers];
const rent = (...headers: string[]) => [RENT, ...good, ...headers];

/** Each has a name, its lines, and maybe a body. */
type Request = readonly [name: string, lines: readonly string[], body?: string];

const LINES: readonly Request[] = [
  ['a folded Authorization', show('Host: HOST', 'Authorization: Bearer', ' TOKEN', close)],
  ['a folded Host', show('Host:', ' HOST', 'Authorization: Bearer TOKEN', close)],
  ['a header folded with a tab', show(...good, 'X: a', '\tOrigin: null')],
  ['a carriage return in a header', show(...good, 'X: a\rOrigin: null')],
  ['a line feed in a header', show(...good, 'X: a\nOrigin: null')],
  ['a carriage return behind the version', [`GET ${SHOW} HTTP/1.1\rX: a`, ...good]],
  ['a space before the colon', show('Host: HOST', 'Authorization : Bearer TOKEN', close)],
  ['a header without a colon', show(...good, 'Origin')],
  ['a header without a name', show(...good, ': x')],
  ['a header in brackets', show(...good, '(X): a')],
  ['a header with a byte beyond ASCII in its name', show(...good, 'X\xe9: a')],
  ['a tab in the request line', [`GET\t${SHOW}\tHTTP/1.1`, ...good]],
  ['a space in the path', [`GET ${SHOW} x HTTP/1.1`, ...good]],
  ['version 1.2', [`GET ${SHOW} HTTP/1.2`, ...good]],
  ['version 2.0', [`GET ${SHOW} HTTP/2.0`, ...good]],
  ['version 01.1', [`GET ${SHOW} HTTP/01.1`, ...good]],
  ['another protocol', [`GET ${SHOW} ICE/1.1`, ...good]],
  ['lower case letters in the method', [`get ${SHOW} HTTP/1.1`, ...good]],
  ['UTF-8 in the path', ['GET /api/v0/instances/\xd9\xa4\xd9\xa2/ HTTP/1.1', ...good]],
  ['a user in the path', ['GET @127.0.0.1/api/v0/users/current/ HTTP/1.1', ...good]],
  ['an expectation that is not known', show(...good, 'Expect: 200-ok')],
];

const HOSTS: readonly string[] = [
  '127.0.0.1:0',
  '127.0.0.1.:PORT',
  '127.0.0.01:PORT',
  '2130706433:PORT',
  '0x7f.1:PORT',
  '0:PORT',
  '0.0.0.0:PORT',
  '[::ffff:127.0.0.1]:PORT',
  'LOCALHOST:PORT',
  'a@HOST',
  'HOST@evil.example',
  'HOST, HOST',
  'HOST evil.example',
  'HOST/',
  'HOST#',
  'HOST\\evil.example',
  'http://HOST',
];

const TOKENS: readonly (readonly string[])[] = [
  ['Authorization: Bearer TOKEN, Bearer TOKEN'],
  ['Authorization: Bearer TOKEN', 'AUTHORIZATION: Bearer x'],
  ['Authorization: Bearer x', 'authorization: Bearer TOKEN'],
  ['Authorization: Bearer TOKEN x'],
  ['Authorization: Bearer "TOKEN"'],
  ['Authorization: BearerTOKEN'],
  ['Authorization: Bearer\tTOKEN'],
  ['Authorization: TOKEN'],
  ['Authorization: Bearer'],
  ['Authorization: Bearer TOKEN\xa0'],
  ['Authorization: Digest username="TOKEN"'],
  ['Proxy-Authorization: Bearer TOKEN'],
  ['X-Authorization: Bearer TOKEN'],
  ['X-API-Key: TOKEN'],
  ['Cookie: api_key=TOKEN'],
  ['Authorization_: Bearer TOKEN'],
];

const BODIES: readonly Request[] = [
  ...['+2', '2, 2', '2,2', '2 2', '2.0', '2e0', '', '0x2', '2;', '\xb2', '99999999999999999999'].map(
    (length): Request => [`the length "${length}"`, rent(`Content-Length: ${length}`), '{}'],
  ),
  [
    'a length and another one with an underscore in front',
    rent('Content-Length : 2', 'Content_Length: 40'),
    '{}',
  ],
  ...[
    'chunked, chunked',
    'chunked, identity',
    'identity, chunked',
    'gzip, chunked',
    '"chunked"',
    'chunked;q=1',
    '\x0bchunked',
    'chunked\x0b',
    'chunke',
    'Chunked, gzip',
    'identity',
    '',
  ].map(
    (encoding): Request => [
      `the transfer encoding "${encoding}"`,
      rent(`Transfer-Encoding: ${encoding}`),
      '2\r\n{}\r\n0\r\n\r\n',
    ],
  ),
  ['two transfer encodings', rent(CHUNKED, CHUNKED), '2\r\n{}\r\n0\r\n\r\n'],
  [
    'two transfer encodings, one of them identity',
    rent('Transfer-Encoding: identity', CHUNKED),
    '2\r\n{}\r\n0\r\n\r\n',
  ],
  [
    'a space in front of the colon of a transfer encoding',
    rent('Transfer-Encoding : chunked', 'Content-Length: 2'),
    '{}',
  ],
  ...['-2', '+2', '0x2', ' 2', '2 ', '2_', '', 'fffffffffffffffff', '10000000000000002', '\xb2'].map(
    (size): Request => [`a chunk of the size "${size}"`, rent(CHUNKED), `${size}\r\n{}\r\n0\r\n\r\n`],
  ),
  ['a chunk that is longer than it says', rent(CHUNKED), '2\r\n{}x\r\n0\r\n\r\n'],
  ['a chunk that ends with a line feed', rent(CHUNKED), '2\n{}\n0\n\n'],
  ['a chunk that ends with a carriage return', rent(CHUNKED), '2\r{}\r0\r\r'],
  ['a chunk extension of 64 KiB', rent(CHUNKED), `2;a=${'a'.repeat(65_536)}\r\n{}\r\n0\r\n\r\n`],
  ['trailers of 64 KiB', rent(CHUNKED), `2\r\n{}\r\n0\r\nX: ${'a'.repeat(65_536)}\r\n\r\n`],
];

describe('a request that could be read in two ways', () => {
  const requests: readonly Request[] = [
    ...LINES,
    ...HOSTS.map(
      (host): Request => [`the Host ${host}`, show(`Host: ${host}`, 'Authorization: Bearer TOKEN', close)],
    ),
    ...TOKENS.map((headers): Request => [headers.join(', '), show('Host: HOST', ...headers, close)]),
    ...BODIES,
  ];

  it('does not reach the API', async () => {
    const run = await startRun({ limits: { headMs: 500, requestMs: 1000 } });
    const odd: string[] = [];
    await Promise.all(
      requests.map(async ([name, lines, body]) => {
        const answer = await send(run, lines, body);
        // A connection may also close without a response.
        if (!/^(?:HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?4\d\d [^\0]*)?$/u.test(answer))
          odd.push(`${name}: ${answer}`);
      }),
    );
    expect(odd).toEqual([]);
    expect(run.reached()).toEqual([]);
    for (const [lines, body] of [
      [show(...good)],
      [rent('Content-Length: 2'), '{}'],
      [rent(CHUNKED), '2\r\n{}\r\n0\r\n\r\n'],
    ] as const)
      expect(await send(run, lines, body)).toMatch(/^HTTP\/1\.1 200 /u);
  });

  it('with line feeds alone is read as Node reads it, or not at all', async () => {
    const run = await startRun();
    await send(run, show(...good), '', '\n');
    await send(run, rent('Content-Length: 40'), '{}', '\n');
    expect(run.reached().filter((line) => line !== `GET ${SHOW}`)).toEqual([]);
  });

  it('is not made of one that was refused and what follows it', async () => {
    const run = await startRun();
    const first = [
      ['POST /api/v0/users/current/ HTTP/1.1', 'Host: HOST', 'Authorization: Bearer x'],
      [RENT, 'Host: HOST', 'Authorization: Bearer TOKEN', 'Content-Length: 3', 'Origin: null'],
      [RENT, 'Host: HOST', 'Authorization: Bearer TOKEN', 'Content-Length: 99999999'],
      [RENT, 'Host: HOST', 'Authorization: Bearer TOKEN', 'Content-Length: x'],
      [RENT, 'Host: HOST', 'Authorization: Bearer TOKEN', CHUNKED, 'Content-Length: 0'],
      ['CONNECT evil.example:443 HTTP/1.1', 'Host: evil.example:443'],
      [RENT, 'Host: HOST', 'Authorization: Bearer TOKEN', 'Upgrade: h2c', 'Connection: Upgrade'],
    ];
    const second = filled(run, [...show(...good), '', ''].join('\r\n'));
    for (const lines of first) {
      const answer = await run.raw(Buffer.from(filled(run, [...lines, '', ''].join('\r\n'))), second);
      expect({
        lines,
        statuses: answer.match(/HTTP\/1\.1 \d/gu)?.filter((line) => !line.endsWith('4')),
      }).toEqual({ lines, statuses: [] });
    }
    expect(run.reached()).toEqual([]);
  });
});

describe('an unusual request', () => {
  it('is rebuilt: nothing of its framing reaches the API', async () => {
    const run = await startRun();
    const chunks = '1;a="\r"\r\n{\r\n1;b\r\n}\r\n0\r\nOrigin: null\r\nAuthorization: Bearer x\r\n\r\n';
    const requests: Request[] = [
      ['chunk extensions and trailers', rent(CHUNKED, 'Trailer: Origin'), chunks.replace('a="\r"', 'a="b"')],
      [
        'headers with underscores',
        rent(
          'Content-Length: 2',
          'Content_Length: 9',
          'Transfer_Encoding: chunked',
          'X_HTTP_Method_Override: DELETE',
        ),
        '{}',
      ],
      ['100-continue', rent('Content-Length: 2', 'Expect: 100-continue'), '{}'],
      ['two spaces in the request line', [`GET  ${SHOW}  HTTP/1.1`, ...good, 'Content-Length: 2'], '{}'],
      ['RTSP', [`GET ${SHOW} RTSP/1.0`, ...good, 'Content-Length: 2'], '{}'],
      ['leading zeros', rent('Content-Length: 0002'), '{}'],
      ['a body with GET', [`GET ${SHOW} HTTP/1.1`, ...good, 'Content-Length: 2'], '{}'],
    ];
    for (const [name, lines, body] of requests)
      expect({ name, answer: await send(run, lines, body) }).toEqual({
        name,
        answer: expect.stringMatching(/HTTP\/1\.1 200 /u),
      });
    const names = new Set(run.sandbox.requests.flatMap(({ headers }) => Object.keys(headers)));
    expect([...names].sort()).toEqual([
      'accept',
      'accept-encoding',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
    ]);
    for (const { bodyText, headers } of run.sandbox.requests)
      expect([bodyText, headers['content-length']]).toEqual(['{}', '2']);
  });

  it('may be one of many on its connection', async () => {
    const run = await startRun();
    const one = filled(run, [...show('Host: HOST', 'Authorization: Bearer TOKEN'), '', ''].join('\r\n'));
    const last = filled(run, [...show(...good), '', ''].join('\r\n'));
    const answer = await run.raw(one.repeat(9), last);
    expect(answer.match(/HTTP\/1\.1 200/gu)).toHaveLength(10);
  });

  it('whose sender has stopped sending gets a response or none, and leaves nothing behind', async () => {
    const run = await startRun();
    await run.raw(Buffer.from(filled(run, [...show(...good), '', ''].join('\r\n'))), null);
    await run.raw(Buffer.from(filled(run, [...rent('Content-Length: 9'), '', '{'].join('\r\n'))), null);
    expect(run.reached().filter((line) => line !== `GET ${SHOW}`)).toEqual([]);
    expect((await run.ask('GET', SHOW)).status).toBe(200);
  });
});
