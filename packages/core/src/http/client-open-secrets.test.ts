import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, KEY, KEY_TEXT, serve } from './test-support/loopback-server.js';
import { GET, opened } from './test-support/open.js';

const OTHER = 'c'.repeat(64);

describe('what is sent', () => {
  it('is the body as it is', async () => {
    const body = '{ "id": 12345678901234567890,"x": 1.0 }';
    for (const sent of [body, Buffer.from(body)]) {
      const { seen } = await opened((response) => response.end('{}'), { ...GET, method: 'PUT', body: sent });
      expect(seen[0]).toMatchObject({ method: 'PUT', body });
      expect(seen[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'content-length': String(body.length),
        authorization: `Bearer ${KEY_TEXT}`,
      });
    }
  });

  it.each([
    ['GET', ''],
    ['POST', '{}'],
    ['PUT', '{}'],
    ['PATCH', '{}'],
    ['DELETE', '{}'],
  ])('has the default body with %s', async (method, body) => {
    const { seen } = await opened((response) => response.end('{}'), { ...GET, method });
    expect(seen[0]).toMatchObject({ method, body });
  });

  it('has the headers that were asked for, once', async () => {
    const headers = { accept: 'text/plain', 'CONTENT-TYPE': 'text/csv', 'X-Y': 'z' };
    const { seen } = await opened((response) => response.end('{}'), { ...GET, method: 'POST', headers });
    expect(seen[0]?.headers).toMatchObject({ accept: 'text/plain', 'content-type': 'text/csv', 'x-y': 'z' });
  });

  it('never has another key, a header in two lines, or an invalid method', async () => {
    const { url, seen } = await serve((response) => response.end('{}'));
    for (const wrong of [
      { headers: { authorization: 'Bearer x' } },
      { headers: { Host: 'evil.example' } },
      { headers: { 'X-Y': 'a\r\nAuthorization: b' } },
      { method: 'CONNECT' },
      { method: 'GET / HTTP/1.1\r\nX: ' },
    ])
      expect(await errorOf(clientFor(url).open({ ...GET, ...wrong }))).toMatchObject({ code: 'usage' });
    expect(seen).toEqual([]);
  });

  it('has no key in its path', async () => {
    const { url, seen } = await serve((response) => response.end('{}'));
    for (const path of [`/api/v0/x/?api_key=${KEY_TEXT}`, '//evil.example/', '/api/../x'])
      expect(await errorOf(clientFor(url).open({ ...GET, path }))).toMatchObject({ code: 'usage' });
    expect(seen).toEqual([]);
  });

  it('can be shown before it is sent', async () => {
    const { url, seen } = await serve((response) => response.end('{}'));
    const request = {
      method: 'POST',
      path: '/api/v0/x/?a=1',
      body: `{"key":"${KEY_TEXT}","n":1.0}`,
      headers: { [KEY_TEXT]: KEY_TEXT },
    };
    const shown = await clientFor(url).preview(request);
    expect(shown).toMatchObject({
      method: 'POST',
      url: `${url.origin}/api/v0/x/?a=1`,
      body: `{"key":"${KEY}","n":1.0}`,
    });
    expect(shown.headers.Authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.stringify(shown)).not.toContain(KEY_TEXT);
    expect(seen).toEqual([]);
  });
});

describe('the secrets of a response', () => {
  const BODY = { api_key: OTHER, key: OTHER, echo: `Bearer ${KEY_TEXT}`, id: 1 };

  it('are masked in its body, whatever its status', async () => {
    for (const status of [200, 400, 500]) {
      const { text } = await opened((response) => json(response, { msg: 'x', ...BODY }, status));
      expect(JSON.parse(text)).toEqual({ msg: 'x', api_key: '…', key: '…', echo: `Bearer ${KEY}`, id: 1 });
    }
  });

  it('are shown if that was asked for, apart from the key of this run', async () => {
    const { text } = await opened((response) => json(response, BODY), { ...GET, showSecrets: true });
    expect(JSON.parse(text)).toEqual({ ...BODY, echo: `Bearer ${KEY}` });
  });

  it('are shown if the request makes them', async () => {
    const { text } = await opened((response) => json(response, { key: OTHER, api_key: OTHER }), {
      method: 'POST',
      path: '/api/v0/auth/apikeys/',
    });
    expect(JSON.parse(text)).toEqual({ key: OTHER, api_key: '…' });
  });

  it('are masked in JSON inside other text', async () => {
    const BEFORE = ['1\n', ' '.repeat(100), ")]}',\n", '<script>x = ', `sent ${KEY_TEXT}\n`, '\u0000\u001b'];
    for (const before of BEFORE)
      for (const type of ['text/html', 'application/x-ndjson', 'application/octet-stream'])
        for (const status of [200, 502]) {
          const { text } = await opened(
            (response) =>
              response.writeHead(status, { 'content-type': type }).end(`${before}{"api_key":"x","id":"y"}`),
            GET,
            { retries: 0 },
          );
          expect(text).toBe(`${before.replace(KEY_TEXT, String(KEY))}{"api_key":"…","id":"y"}`);
        }
  });

  it('are masked in an error however they are written', async () => {
    const WRITTEN = [
      [`{'api_key': 'x1', "a": 1}`, `{'api_key': '…', "a": 1}`],
      ['GET /é?api_key=x1&limit=5 failed', 'GET /é?api_key=…&limit=5 failed'],
      ['{"success":false,"msg":"/x?session_key=x1"}', '{"success":false,"msg":"/x?session_key=…"}'],
      ['VAST_API_KEY = x1, api_key: null, api_key_id=5', 'VAST_API_KEY = …, api_key: null, api_key_id=5'],
    ] as const;
    for (const [sent, shown] of WRITTEN) {
      const { text, error } = await opened((response) => response.writeHead(400).end(sent));
      expect(text).toBe(shown);
      expect(error?.message).not.toContain('x1');
      const { text: all } = await opened((response) => response.writeHead(400).end(sent), {
        ...GET,
        showSecrets: true,
      });
      expect(all).toBe(sent);
    }
  });

  it('are masked in its headers, and cookies left out', async () => {
    const { headers } = await opened((response) =>
      response
        .writeHead(200, {
          'Set-Cookie': [`session=${OTHER}`, 'b=c'],
          'X-Api-Key': 'abc',
          'X-Echo': `Bearer ${KEY_TEXT}`,
          'X-Auth-Token': 'abc',
          'X-Trace': OTHER,
          Link: '</x?api_key=abc&after_token=t1>; rel="next"',
          'X-Plain': 'plain',
          [`X-${KEY_TEXT}`]: 'a name can be an echo too',
        })
        .end('{}'),
    );
    expect(headers).toMatchObject({
      'x-api-key': '…',
      'x-echo': `Bearer ${KEY}`,
      'x-auth-token': '…',
      'x-trace': '…',
      link: '</x?api_key=…&after_token=t1>; rel="next"',
      'x-plain': 'plain',
    });
    expect(headers['set-cookie']).toBeUndefined();
    expect(Object.keys(headers)).toContain(`x-${KEY}`);
  });
});
