import { Agent } from 'node:http';
import { documentOfPreset, PRESETS } from '@vastai-cli/permissions/authoring/presets';
import { OPERATIONS } from '@vastai-cli/permissions/catalogue/catalogue';
import { isSensitive } from '@vastai-cli/permissions/catalogue/sensitive';
import { decide } from '@vastai-cli/permissions/decision/decide';
import { describe, expect, onTestFinished } from 'vitest';
import { it, send, startRun } from './support/run.js';

/** Fills in a route, with the sandbox's own user. */
const path = (route: string) => route.replace('{user_id}', '123456').replace(/\{[^{}]+\}/gu, '42');
const errorOf = (text: string): unknown => (JSON.parse(text) as { error?: unknown }).error;

/** Documents of every kind: whole categories, endpoints, conditions, and what is not documented. */
const DOCUMENTS: readonly object[] = [
  { api: {} },
  ...PRESETS.flatMap((preset) => documentOfPreset(preset, 42) ?? []),
  ...['misc', 'user_read', 'user_write', 'instance_read', 'instance_write', 'billing_read', 'team_read'].map(
    (category) => ({ api: { [category]: {} } }),
  ),
  { api: { instance_read: {}, instance_write: { 'api.instance.destroy': {} } } },
  { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 42 } } } } } },
  { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 43 } } } } } },
  { api: { instance_write: { 'api.instance.reboot': { constraints: { id: { gte: 40, lte: 41 } } } } } },
  { api: { instance_write: { 'api.instance.reboot': { constraints: { note: { eq: 'x' } } } } } },
  { api: { instance_read: { '*': {} } } },
  { api: { user_read: {} }, params: { id: 42 } },
  { api: { machine_read: {}, machine_write: {}, billing_write: {}, team_write: {} } },
];

describe('a permission document', () => {
  it('is tried in enough kinds', () => expect(DOCUMENTS.length).toBeGreaterThanOrEqual(20));

  it.each(DOCUMENTS.map((document) => [JSON.stringify(document).slice(0, 80), document] as const))(
    'allows in a broker what permissions check and the API allow, for every operation: %s',
    async (_, document) => {
      const agent = new Agent({ keepAlive: true });
      onTestFinished(() => agent.destroy());
      const run = await startRun({ policy: { document } });
      // The first one gets the id 42, and is deleted on the way.
      run.sandbox.addKey({ name: 'other' });
      const { value } = run.sandbox.addKey({ name: 'scoped', permissions: document });
      for (const { method, route, operation } of OPERATIONS) {
        // It carries a request, which has to be judged too.
        if (operation.startsWith('scheduled_job.') && method !== 'GET') continue;
        const target = path(route);
        const { verdict } = decide(document, { method, path: target, parameters: {} });
        const body = method === 'GET' ? {} : { text: '{}' };
        const before = run.sandbox.requests.length;
        const { status, text } = await run.ask(method, target, body);
        const denied = status === 403 && errorOf(text) === 'broker_denied';
        const sent = run.sandbox.requests.length > before;
        const direct = await send(run.sandbox.url, method, target, { token: value, agent, ...body });
        const byApi = /not authorized|privilege|permission/iu.test(direct.text) && direct.status !== 200;
        expect({ operation, denied, sent, byApi }).toEqual({
          operation,
          denied: verdict !== 'allow',
          sent: verdict === 'allow',
          byApi: verdict !== 'allow',
        });
      }
    },
  );

  it('decides about parameters of the query and the body, and refuses what is ambiguous', async () => {
    const document = {
      api: { instance_write: { 'api.instance.reboot': { constraints: { note: { eq: 'x' } } } } },
    };
    const run = await startRun({ policy: { document } });
    const route = '/api/v0/instances/reboot/42/';
    const tried = [
      { path: route, body: { note: 'x' } },
      { path: `${route}?note=x`, body: {} },
      { path: route, body: { note: 'y' } },
      { path: route, body: { note: ['x'] } },
      { path: `${route}?note=y`, body: { note: 'x' } },
      { path: `${route}?note=x&note=y`, body: {} },
      { path: route, body: {} },
    ];
    const statuses = [];
    for (const one of tried) statuses.push((await run.ask('PUT', one.path, { body: one.body })).status);
    expect(statuses).toEqual([200, 200, 403, 403, 403, 403, 403]);
  });

  it('refuses a request that repeats an id of its path with another value', async () => {
    const document = {
      api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 42 } } } } },
    };
    const run = await startRun({ policy: { document } });
    const route = '/api/v0/instances/42/';
    const tried: [path: string, body: object][] = [
      [route, {}],
      [route, { id: 42 }],
      [`${route}?id=42`, { other: 1 }],
      [route, { id: 43 }],
      [route, { id: [42] }],
      [route, { id: { eq: 42 } }],
      [`${route}?id=43`, {}],
      [`${route}?id=42&id=43`, {}],
    ];
    const statuses = [];
    for (const [target, body] of tried) statuses.push((await run.ask('DELETE', target, { body })).status);
    expect(statuses).toEqual([200, 200, 200, 403, 200, 403, 403, 403]);
  });

  it('names the lines that would allow a refused call', async () => {
    const run = await startRun({ policy: { document: { api: { misc: {} } } } });
    await run.ask('DELETE', '/api/v0/instances/43/');
    await run.ask('PUT', '/api/v0/asks/5/');
    await run.ask('GET', '/api/v0/none/');
    expect(run.refusals.map(({ rule, operation, ids, lines }) => ({ rule, operation, ids, lines }))).toEqual([
      {
        rule: 'document',
        operation: 'instance.destroy',
        ids: { id: '43' },
        lines: ['"instance_write": {', '  "api.instance.destroy": {}', '}'],
      },
      { rule: 'document', operation: 'instance.create', ids: { id: '5' }, lines: ['"instance_write": {}'] },
      { rule: 'unknown_route', operation: null, ids: {}, lines: [] },
    ]);
  });
});

describe('a run without a document', () => {
  it('refuses the sensitive operations, and only those', async () => {
    const run = await startRun();
    for (const { method, route, operation } of OPERATIONS) {
      if (operation.startsWith('scheduled_job.') && method !== 'GET') continue;
      const { status, text } = await run.ask(method, path(route), method === 'GET' ? {} : { text: '{}' });
      const denied = status === 403 && errorOf(text) === 'broker_denied';
      expect({ operation, denied }).toEqual({ operation, denied: isSensitive({ operation }) });
    }
    expect(new Set(run.refusals.map(({ rule }) => rule))).toEqual(new Set(['sensitive']));
  });

  it('allows them if they are named, by a document, by --only or all together', async () => {
    const policies = [
      { allowSensitive: true },
      { only: ['apikey.list', 'apikey.delete'] },
      { document: { api: { user_write: {} } } },
    ];
    for (const policy of policies) {
      const run = await startRun({ policy });
      expect((await run.ask('DELETE', '/api/v0/auth/apikeys/42/')).status).toBe(404);
      expect(run.reached()).toHaveLength(1);
    }
  });
});

describe('--only', () => {
  it('narrows a document, and never widens it', async () => {
    const document = { api: { instance_read: {}, instance_write: { 'api.instance.destroy': {} } } };
    const run = await startRun({ policy: { document, only: ['instance.show', 'user.show'] } });
    expect((await run.ask('GET', '/api/v0/instances/5/')).status).toBe(200);
    expect((await run.ask('DELETE', '/api/v0/instances/5/')).status).toBe(403);
    expect((await run.ask('GET', '/api/v0/users/current/')).status).toBe(403);
    expect(run.refusals.map(({ rule }) => rule)).toEqual(['only', 'document']);
  });
});

describe('the route that needs no key', () => {
  it.for([
    { document: { api: {} } },
    { document: { api: { misc: {} } } },
    { only: ['instance.show'] },
    { document: { api: {} }, only: [], ownInstances: true, maxCreates: 0 },
  ])('is asked without one, whatever a policy allows: %j', async (policy) => {
    const run = await startRun({ policy });
    const names = '/api/v0/gpu_names/unique/';
    run.sandbox.fault(`GET ${names}`, { kind: 'answer', status: 200, body: {} });
    expect((await run.ask('GET', names, { token: null })).status).toBe(200);
    expect(run.sandbox.requests.map(({ path, authorization }) => ({ path, authorization }))).toEqual([
      { path: names, authorization: null },
    ]);
    expect(run.refusals).toEqual([]);
    expect((await run.ask('GET', '/api/v0/users/current/')).status).toBe(403);
  });
});

describe('a request that carries another one', () => {
  const job = (more: object) => ({
    body: { instance_id: 42, api_endpoint: '/api/v0/instances/42/', request_method: 'DELETE', ...more },
  });

  it('needs a document and operations that allow both', async () => {
    const run = await startRun({ policy: { document: { api: { misc: {} } }, only: ['user.show'] } });
    await run.ask('POST', '/api/v0/commands/schedule_job/', job({}));
    expect(run.refusals).toMatchObject([
      {
        rule: 'document',
        grants: expect.arrayContaining(['instance_write:api.instance.destroy']),
        only: ['scheduled_job.create', 'instance.destroy'],
      },
    ]);
  });

  it('is refused without a way to allow it if that one cannot be identified', async () => {
    for (const policy of [{}, { allowSensitive: true }, { only: ['scheduled_job.create'] }]) {
      const run = await startRun({ policy });
      await run.ask('POST', '/api/v0/commands/schedule_job/', job({ request_method: 'PATCH' }));
      expect(run.refusals).toMatchObject([{ rule: 'carried', lines: [] }]);
      expect(run.reached()).toEqual([]);
    }
  });
});
