import { randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';
import { it, send, startRun } from './support/run.js';

const SHOW = '/api/v0/users/current/';

describe('the token of a run', () => {
  it('looks like a key, and is another one each time', async () => {
    const runs = [await startRun(), await startRun()];
    for (const { broker } of runs) expect(broker.token).toMatch(/^[0-9a-f]{64}$/u);
    expect(runs[0]?.broker.token).not.toBe(runs[1]?.broker.token);
    const other = await runs[0]?.ask('GET', SHOW, { token: runs[1]?.broker.token ?? '' });
    expect(other?.status).toBe(401);
  });

  it('is the only one that is accepted, of 1,000', async () => {
    const run = await startRun();
    const { token } = run.broker;
    const near = [
      token.slice(1),
      `${token}0`,
      token.toUpperCase(),
      `${token.slice(0, -1)}g`,
      '',
      ' ',
      token.slice(0, 32),
    ];
    const random = Array.from({ length: 993 }, () => randomBytes(32).toString('hex'));
    const wrong = [...near, run.sandbox.key, ...random].filter((one) => one !== token);
    for (let from = 0; from < wrong.length; from += 50) {
      const some = wrong.slice(from, from + 50).map((token) => run.ask('GET', SHOW, { token }));
      for (const { status } of await Promise.all(some)) expect(status).toBe(401);
    }
    expect(run.reached()).toEqual([]);
    expect(run.calls).toEqual([]);
  });

  it('needs the Bearer scheme, and a login from ~/.netrc is explained', async () => {
    const run = await startRun();
    const basic = `Basic ${Buffer.from(`a:${run.broker.token}`).toString('base64')}`;
    const tried = [undefined, run.broker.token, `Token ${run.broker.token}`, basic];
    for (const authorization of tried) {
      const headers = authorization === undefined ? {} : { Authorization: authorization };
      const { status, text } = await run.ask('GET', SHOW, { token: null, headers });
      expect(status).toBe(401);
      expect(JSON.parse(text)).toMatchObject({ success: false, error: 'auth_error' });
      if (authorization === basic) expect(text).toContain('~/.netrc');
    }
    expect(run.reached()).toEqual([]);
  });

  it('can be in the query, which does not reach the API', async () => {
    const run = await startRun();
    const { token } = run.broker;
    expect((await run.ask('GET', `${SHOW}?api_key=${token}&a=1`, { token: null })).status).toBe(200);
    expect((await run.ask('GET', `${SHOW}?a=b%20c&api_key=${token}`)).status).toBe(200);
    expect((await run.ask('GET', `${SHOW}?api_key=${'0'.repeat(64)}`)).status).toBe(401);
    expect((await run.ask('GET', `${SHOW}?api_key=${token}&api_key=x`)).status).toBe(401);
    expect(run.reached()).toEqual([`GET ${SHOW}?a=1`, `GET ${SHOW}?a=b+c`]);
  });

  it('becomes the key in the body of the routes that want it there, and nowhere else', async () => {
    const run = await startRun();
    const body = { client_id: 'me', api_key: run.broker.token };
    await run.ask('GET', '/api/v0/endptjobs/', { body });
    await run.ask('GET', '/api/v0/autojobs/', { body });
    await run.ask('PUT', '/api/v0/asks/5/', { body });
    const bodies = run.sandbox.requests.map((request) => request.body);
    const withKey = { client_id: 'me', api_key: run.sandbox.key };
    expect(bodies).toEqual([withKey, withKey, { client_id: 'me' }]);
    for (const wrong of ['x', run.sandbox.key, 1, null, [run.broker.token]]) {
      const { status } = await run.ask('GET', '/api/v0/endptjobs/', { body: { api_key: wrong } });
      expect(status).toBe(400);
    }
    expect(run.reached()).toHaveLength(3);
  });
});

describe('the route that needs no key', () => {
  it('is asked once, without a key and without what else was sent', async () => {
    const run = await startRun();
    const names = { gpu_names: ['RTX 4090'] };
    run.sandbox.fault('GET /api/v0/gpu_names/unique/', { kind: 'answer', status: 200, body: names });
    const path = '/api/v0/gpu_names/unique/';
    const asked = await Promise.all(
      [null, null, run.broker.token].map((token) => run.ask('GET', `${path}?a=1`, { token, body: { a: 1 } })),
    );
    expect(asked.map(({ text }) => JSON.parse(text))).toEqual([names, names, names]);
    expect(
      run.sandbox.requests.map(({ authorization, query, body }) => ({ authorization, query, body })),
    ).toEqual([{ authorization: null, query: '', body: undefined }]);
    expect((await run.ask('GET', path, { token: 'wrong' })).status).toBe(401);
    expect((await run.ask('POST', path, { token: null })).status).toBe(401);
  });
});

describe('the serverless API', () => {
  it('gets the key in header and body, and nothing is sent where there is none', async () => {
    const other = await startRun();
    const run = await startRun({ serverless: new URL(other.sandbox.url) });
    const body = { id: 5, api_key: run.broker.token };
    await run.ask('POST', '/get_endpoint_logs/', { body });
    expect(other.sandbox.requests).toMatchObject([
      { path: '/get_endpoint_logs/', body: { id: 5, api_key: run.sandbox.key } },
    ]);
    expect(run.reached()).toEqual([]);
    const without = await other.ask('POST', '/get_endpoint_logs/', { body: { id: 5 } });
    expect(without.status).toBe(403);
  });
});

describe('what is sent to the API', () => {
  it('has our headers only, and the path that was judged', async () => {
    const run = await startRun({ policy: { allowSensitive: true } });
    const headers = {
      'User-Agent': 'python-requests/2',
      Cookie: 'a=b',
      'X-Forwarded-For': '1.2.3.4',
      'X-HTTP-Method-Override': 'DELETE',
      Accept: 'text/html',
      TE: 'trailers',
      Connection: 'x-secret',
      'X-Secret': '1',
      'Content-Type': 'text/plain',
    };
    const path = '/api/v0/team/roles/a%20b:c/?q=%7B%22x%22%3A1%7D&q=2';
    await run.ask('PUT', path, { headers, text: '{ "permissions" : {}, "name": "a", "name": "b" }' });
    const [request] = run.sandbox.requests;
    const host = new URL(run.sandbox.url).host;
    expect(request?.headers).toEqual({
      accept: 'application/json',
      'accept-encoding': 'gzip',
      authorization: expect.stringMatching(/^Bearer …/u),
      connection: expect.any(String),
      'content-length': '29',
      'content-type': 'application/json',
      host,
      'user-agent': 'python-requests/2',
    });
    expect(request).toMatchObject({
      path: '/api/v0/team/roles/a%20b%3Ac/',
      query: 'q=%7B%22x%22%3A1%7D&q=2',
      bodyText: '{"permissions":{},"name":"b"}',
      authorization: { keyId: 40 },
    });
  });

  it('is nothing of a request without the token', async () => {
    const run = await startRun();
    expect((await send(run.broker.url, 'GET', SHOW, { token: run.sandbox.key })).status).toBe(401);
    expect(run.reached()).toEqual([]);
  });
});
