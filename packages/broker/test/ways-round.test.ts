import { OPERATIONS } from '@vastai-cli/permissions/catalogue/catalogue';
import { isSensitive } from '@vastai-cli/permissions/catalogue/sensitive';
import { describe, expect } from 'vitest';
import { it, type Run, startRun } from './support/run.js';

const path = (route: string) => route.replaceAll(/\{[^{}]+\}/gu, '42');
const statusOf = async (run: Run, method: string, path: string, asking: object = {}) =>
  (await run.ask(method, path, asking)).status;

/** Ids that a server could read as 42, and others that are no ids. */
const ODD_IDS: readonly string[] = [
  '042',
  '0042',
  '42.0',
  '42.',
  '4_2',
  '4e1',
  '42e0',
  '+42',
  '-42',
  '0x2a',
  '0b101010',
  '0o52',
  '42L',
  '42n',
  '%2042',
  '42%20',
  '42%09',
  '42%0a',
  '42%00',
  '%D9%A4%D9%A2',
  '%EF%BC%94%EF%BC%92',
  '42,43',
  '42%2C43',
  '42&id=43',
  '42;43',
  '42%3B43',
  '[42]',
  '%5B42%5D',
  '%2242%22',
  "'42'",
  '42*',
  '*',
  '%2a',
  '(42)',
  'C.42',
  '42:43',
  '42@43',
  '42=43',
  'true',
  'null',
  'undefined',
  'NaN',
  'me',
  'all',
  '__proto__',
  'constructor',
  '42%252F43',
  '42%c2%a0',
  '42%e2%80%8b',
  '42%ef%bb%bf',
];

describe('an id in another spelling', () => {
  it('is not the one that a document allows', async () => {
    const constraints = { constraints: { id: { eq: 42 } } };
    const document = {
      api: { instance_write: { 'api.instance.destroy': constraints, 'api.instance.reboot': constraints } },
    };
    const run = await startRun({ policy: { document } });
    for (const id of ODD_IDS) {
      const statuses = [
        await statusOf(run, 'DELETE', `/api/v0/instances/${id}/`),
        await statusOf(run, 'PUT', `/api/v0/instances/reboot/${id}/`),
      ];
      expect({ id, refused: statuses.every((status) => status === 403 || status === 400) }).toEqual({
        id,
        refused: true,
      });
    }
    const bulk = [{ ids: [42] }, { id: 42, ids: [43] }, { instance_ids: [43] }, {}];
    for (const body of bulk) expect(await statusOf(run, 'DELETE', '/api/v0/instances/', { body })).toBe(403);
    expect(run.reached()).toEqual([]);
    expect(await statusOf(run, 'DELETE', '/api/v0/instances/42')).toBe(200);
    expect(await statusOf(run, 'DELETE', '/api/v0/instances/42/')).toBe(200);
  });

  it('is not one of the own instances, in a path or in a body', async () => {
    const run = await startRun({ policy: { ownInstances: true } });
    run.sandbox.fault('PUT /api/v0/asks/{id}/', {
      kind: 'answer',
      status: 200,
      body: { success: true, new_contract: 42 },
    });
    await run.ask('PUT', '/api/v0/asks/5/', { body: {} });
    const decoded = (id: string) => decodeURIComponent(id);
    for (const id of ODD_IDS) {
      expect({ id, status: await statusOf(run, 'DELETE', `/api/v0/instances/${id}/`) }).not.toEqual({
        id,
        status: 200,
      });
      // This one is how instances are written in other places.
      if (id === 'C.42') continue;
      const bodies = [{ ids: [decoded(id)] }, { instance_ids: [42, decoded(id)] }];
      for (const body of bodies)
        expect({ body, status: await statusOf(run, 'DELETE', '/api/v0/instances/', { body }) }).toEqual({
          body,
          status: 403,
        });
    }
    const texts = [
      '{"ids":[42.5]}',
      '{"ids":[-42]}',
      '{"ids":[4.3e1]}',
      '{"ids":[true]}',
      '{"ids":{"0":43}}',
      '{"ids":[{"id":43}]}',
      '{"ids":"42,43"}',
      '{"ids":[42],"Ids":[43]}',
      '{"ids":[42],"ids ":[43]}',
      '{"ids":[42],"ids":[43]}',
      '{"ids":[42],"__proto__":{"ids":[43]}}',
      '{"ids":[42],"filter":{}}',
    ];
    for (const text of texts)
      expect({ text, status: await statusOf(run, 'DELETE', '/api/v0/instances/', { text }) }).toEqual({
        text,
        status: 403,
      });
    expect(run.reached()).toHaveLength(1);
    // What is sent is the number that was judged, not how it was written.
    for (const text of [
      '{"ids":[42.0]}',
      '{"ids":[4.2e1]}',
      '{"ids":[43],"ids":[42]}',
      '{"ids":["42"]}',
      '{"i\\u0064s":[42]}',
    ])
      expect(await statusOf(run, 'DELETE', '/api/v0/instances/', { text })).toBe(200);
    expect(new Set(run.sandbox.requests.slice(1).map(({ bodyText }) => bodyText))).toEqual(
      new Set(['{"ids":[42]}', '{"ids":["42"]}']),
    );
  });
});

describe('a request that names another method', () => {
  it('is refused in its query and body, and loses it in its headers', async () => {
    const run = await startRun();
    const show = '/api/v0/instances/42/';
    for (const name of ['_method', '_METHOD', 'X-HTTP-Method-Override', 'x_http_method']) {
      expect(await statusOf(run, 'GET', `${show}?${name}=DELETE`)).toBe(400);
      expect(await statusOf(run, 'PUT', show, { body: { [name]: 'DELETE' } })).toBe(400);
    }
    expect(run.reached()).toEqual([]);
    const headers = {
      'X-HTTP-Method-Override': 'DELETE',
      'X-HTTP-Method': 'DELETE',
      'X-Method-Override': 'DELETE',
      'X-Original-URL': '/api/v0/commands/reset_apikey/',
      'X-Rewrite-URL': '/x',
      'X-Forwarded-Host': 'evil.example',
      Forwarded: 'host=evil.example',
    };
    expect(await statusOf(run, 'GET', show, { headers })).toBe(200);
    expect(Object.keys(run.sandbox.requests[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'authorization',
      'connection',
      'host',
      'user-agent',
    ]);
  });
});

describe('a sensitive operation', () => {
  it('has no other route that leads to it', async () => {
    const run = await startRun();
    const sensitive = OPERATIONS.filter(isSensitive);
    expect(sensitive.length).toBeGreaterThan(60);
    for (const { method, route } of sensitive) {
      const plain = path(route);
      const spelled = [
        plain,
        plain.replace(/\/$/u, ''),
        `${plain.replace(/\/$/u, '')}/`,
        plain.replace('/v0/', '/v1/'),
        plain.replace('/v1/', '/v0/'),
        plain.replace('/api/', '/%61pi/'),
        plain.replace('/api/', '/API/'),
        plain.replace('/api/v0/', '/api/v00/'),
        plain.replace('/api/v0/', '/api/v2/'),
        plain.replace('/api/v0/', '/'),
        `${plain}?a=1`,
        `/api/v0/users/current/..${plain}`,
        `/api/v0${plain}`,
        plain.toUpperCase(),
        `${plain}index/`,
        plain.replace(/.$/u, '.json'),
      ];
      for (const path of spelled) {
        const status = await statusOf(run, method, path, method === 'GET' ? {} : { text: '{}' });
        expect({ method, path, refused: status === 403 || status === 400 }).toEqual({
          method,
          path,
          refused: true,
        });
      }
    }
    expect(run.reached()).toEqual([]);
  });

  it('does not hide in a scheduled job, however that is written', async () => {
    const run = await startRun();
    const carried = {
      api_endpoint: '/api/v0/auth/apikeys/',
      request_method: 'POST',
      request_body: { name: 'x' },
    };
    const fine = { api_endpoint: '/api/v0/instances/reboot/42/', request_method: 'PUT', request_body: {} };
    const route = '/api/v0/commands/schedule_job/';
    const routes = [
      route,
      route.slice(0, -1),
      route.replace('_', '%5f'),
      route.replace('s', '%73'),
      `${route}?a=1`,
    ];
    const texts = [
      JSON.stringify(carried),
      JSON.stringify({ ...fine, ...carried }),
      `{"api_endpoint":"/api/v0/instances/reboot/42/","request_method":"PUT","request_body":{},${JSON.stringify(carried).slice(1)}`,
      JSON.stringify(carried).replace('api_endpoint', 'api\\u005fendpoint'),
      JSON.stringify({ ...carried, api_endpoint: '/api/v0/auth/apikeys' }),
      JSON.stringify({ ...carried, api_endpoint: 'api/v0/auth/apikeys/' }),
      JSON.stringify({ ...carried, api_endpoint: '/auth/apikeys/' }),
      JSON.stringify({ ...carried, api_endpoint: '/api/v0/auth/apikeys/?x=1' }),
      JSON.stringify({ ...carried, api_endpoint: '/api/v0/auth/apikeys/#' }),
      JSON.stringify({ ...carried, api_endpoint: ' /api/v0/auth/apikeys/' }),
      JSON.stringify({ ...carried, api_endpoint: ['/api/v0/auth/apikeys/'] }),
      JSON.stringify({ ...fine, request_method: 'POST,PUT' }),
      JSON.stringify({ ...fine, request_body: { _method: 'DELETE' } }),
      JSON.stringify({ ...fine, api_endpoint: `${fine.api_endpoint}?_method=DELETE` }),
      JSON.stringify({ ...fine, request_method: ['PUT'] }),
      JSON.stringify({ ...fine, request_method: 'Put' }),
      JSON.stringify({ ...fine, request_body: '{}' }),
      JSON.stringify({ ...fine, request_body: [] }),
      JSON.stringify({ ...fine, api_endpoint: route, request_method: 'POST', request_body: carried }),
    ];
    for (const at of routes)
      for (const text of texts)
        expect({ at, text, status: await statusOf(run, 'POST', at, { text }) }).toEqual({
          at,
          text,
          status: 403,
        });
    for (const text of texts)
      expect([400, 403]).toContain(await statusOf(run, 'PUT', `${route}5/`, { text }));
    for (const at of [
      '/api/v1/commands/schedule_job/',
      '/api/v0/commands/Schedule_Job/',
      '/api/v0/commands/schedule-job/',
      '/api/v0/commands//schedule_job/',
    ])
      expect([400, 403]).toContain(await statusOf(run, 'POST', at, { body: fine }));
    expect(run.reached()).toEqual([]);
    expect(await statusOf(run, 'POST', route, { body: fine })).toBe(200);
  });
});
