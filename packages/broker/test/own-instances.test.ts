import { OPERATIONS } from '@vastai-cli/permissions/catalogue/catalogue';
import { describe, expect } from 'vitest';
import { parseTarget } from '../src/door/target.js';
import { callOf } from '../src/policy/call.js';
import { createsOf } from '../src/policy/creates-of.js';
import { instancesOf } from '../src/policy/instances-of.js';
import { it, type Run, startRun } from './support/run.js';

/** Lets the API create the instances of these ids, in this order. */
function creates({ sandbox }: Run, ids: readonly number[]): void {
  for (const id of ids) {
    const body = { success: true, new_contract: id, instance_api_key: 'a'.repeat(64) };
    sandbox.fault('PUT /api/v0/asks/{id}/', { kind: 'answer', status: 200, body });
  }
}

const rent = (run: Run) => run.ask('PUT', '/api/v0/asks/5/', { body: { image: 'x' } });
const statusOf = async (run: Run, method: string, path: string, body?: object) =>
  (await run.ask(method, path, { body })).status;

describe('--own-instances', () => {
  it('reaches what this run created, and nothing else', async () => {
    const run = await startRun({ policy: { ownInstances: true } });
    creates(run, [42]);
    expect(await statusOf(run, 'DELETE', '/api/v0/instances/42/')).toBe(403);
    const rented = await rent(run);
    expect(JSON.parse(rented.text)).toEqual({ success: true, new_contract: 42, instance_api_key: '…' });
    expect(await statusOf(run, 'PUT', '/api/v0/instances/42/', { state: 'stopped' })).toBe(200);
    expect(await statusOf(run, 'DELETE', '/api/v0/instances/42/')).toBe(200);
    for (const id of ['43', '042', '42.0', '4%32a', '%2042', '0x2a', 'me'])
      expect(await statusOf(run, 'DELETE', `/api/v0/instances/${id}/`)).toBe(403);
    // The same id in another spelling is the same path.
    expect(await statusOf(run, 'DELETE', '/api/v0/instances/4%32/')).toBe(200);
    expect(run.reached().slice(1)).toEqual([
      'PUT /api/v0/instances/42/',
      'DELETE /api/v0/instances/42/',
      'DELETE /api/v0/instances/42/',
    ]);
    expect(run.refusals[0]).toMatchObject({
      rule: 'own_instances',
      operation: 'instance.destroy',
      ids: { id: '42' },
    });
  });

  it('looks into the body too, in which one request can name many', async () => {
    const run = await startRun({ policy: { ownInstances: true } });
    creates(run, [42, 43]);
    await rent(run);
    await rent(run);
    const bulk = '/api/v0/instances/';
    const cases: [status: number, method: string, path: string, body: object][] = [
      [200, 'DELETE', bulk, { instance_ids: [42, 43] }],
      [200, 'PUT', bulk, { ids: [42], state: 'stopped' }],
      [403, 'DELETE', bulk, { instance_ids: [42, 44] }],
      [403, 'DELETE', bulk, { instance_ids: [42], ids: [44] }],
      [403, 'DELETE', bulk, { instance_ids: [[42]] }],
      [403, 'DELETE', bulk, { instance_ids: [] }],
      [403, 'DELETE', bulk, {}],
      [403, 'DELETE', bulk, { instance_ids: [42], label: 'all of them' }],
      [403, 'DELETE', '/api/v0/instances/42/', { id: 44 }],
      [403, 'DELETE', '/api/v0/instances/42/?id=44', {}],
      [200, 'DELETE', '/api/v0/instances/42/?id=42', { id: 42 }],
      [403, 'DELETE', `${bulk}?instance_ids=44`, { instance_ids: [42] }],
      [200, 'PUT', '/api/v0/commands/rsync/', { src_id: 42, dst_id: 'C.43', src_path: '/a' }],
      [200, 'PUT', '/api/v0/commands/rsync/', { src_id: 'local', dst_id: 43 }],
      [403, 'PUT', '/api/v0/commands/rsync/', { src_id: 42, dst_id: 44 }],
      [403, 'PUT', '/api/v0/commands/rsync/', { src_id: 'V.42', dst_id: 43 }],
      [403, 'PUT', '/api/v0/commands/rsync/', { src_id: 'local', dst_id: null }],
      [403, 'DELETE', '/api/v0/endptjobs/5/', {}],
      [403, 'DELETE', '/api/v0/commands/schedule_job/5/', {}],
    ];
    for (const [status, method, path, body] of cases)
      expect({ path, body, status: await statusOf(run, method, path, body) }).toEqual({ path, body, status });
  });

  it('counts only what the API says was created', async () => {
    const run = await startRun({ policy: { ownInstances: true } });
    run.sandbox.fault('PUT /api/v0/asks/{id}/', {
      kind: 'answer',
      status: 200,
      body: { success: false, new_contract: 42 },
    });
    await rent(run);
    run.sandbox.fault('PUT /api/v0/asks/{id}/', { kind: 'answer', status: 400, body: { new_contract: 43 } });
    await rent(run);
    run.sandbox.fault('GET /api/v0/instances/{id}/', {
      kind: 'answer',
      status: 200,
      body: { new_contract: 44 },
    });
    for (const id of [42, 43, 44])
      expect(await statusOf(run, 'DELETE', `/api/v0/instances/${id}/`)).toBe(403);
  });

  it('holds for ten programs that create and destroy at once', async () => {
    const run = await startRun({ policy: { ownInstances: true } });
    creates(
      run,
      Array.from({ length: 50 }, (_, at) => 100 + at),
    );
    const work = async () => {
      for (let at = 0; at < 5; at += 1) {
        const { new_contract: id } = JSON.parse((await rent(run)).text) as { new_contract: number };
        expect(await statusOf(run, 'DELETE', `/api/v0/instances/${id}/`)).toBe(200);
        expect(await statusOf(run, 'DELETE', `/api/v0/instances/${id + 1000}/`)).toBe(403);
      }
    };
    await Promise.all(Array.from({ length: 10 }, work));
    expect(run.reached().filter((line) => line.startsWith('DELETE'))).toHaveLength(50);
  });

  it('says of every change to instances which ones it reaches', () => {
    const silent = OPERATIONS.filter(({ method, category, route }) => {
      return method !== 'GET' && (category === 'instance_write' || route.includes('instance'));
    }).filter(({ method, route }) => {
      const target = parseTarget(route.replace(/\{[^{}]+\}/gu, '42'));
      return target !== undefined && instancesOf(callOf(method, target, {})).length === 0;
    });
    // They create instances, or are about something else.
    expect(silent.map(({ operation }) => operation)).toEqual([
      'instance.create',
      'instance.create_bulk',
      'instance.launch',
      'instance.report_machine',
      'network_volume.list_offer',
      'network_volume.rent',
      'template.user_add',
      'template.user_create',
      'template.user_remove',
      'volume.clone',
      'volume.delete',
      'volume.list_offer',
      'volume.rent',
    ]);
  });
});

describe('--max-creates', () => {
  it('counts each instance that is asked for, and parallel requests together', async () => {
    const run = await startRun({ policy: { maxCreates: 3 } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => rent(run)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(run.reached()).toHaveLength(3);
    expect(run.refusals[0]).toMatchObject({ rule: 'max_creates' });
  });

  it('counts every one of a bulk request', async () => {
    const run = await startRun({ policy: { maxCreates: 3 } });
    const bulk = (body: object) => statusOf(run, 'POST', '/api/v0/asks/bulk/', body);
    expect([await bulk({ ids: [1, 2] }), await bulk({ ids: [3, 4] }), await bulk({ ids: [5] })]).toEqual([
      200, 403, 200,
    ]);
    expect([await bulk({ ids: [] }), await bulk({ ids: 4 }), await bulk({})]).toEqual([403, 403, 403]);
  });

  it('forgets what the API refused, and not what may have been done', async () => {
    const run = await startRun({ policy: { maxCreates: 2 } });
    const route = 'PUT /api/v0/asks/{id}/';
    run.sandbox.fault(route, { kind: 'answer', status: 400, body: { success: false, msg: 'gone' } });
    run.sandbox.fault(route, { kind: 'drop', acts: true });
    run.sandbox.fault(route, { kind: 'answer', status: 500 });
    const statuses = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await rent(run)).status);
    expect(statuses).toEqual([400, 502, 500, 403]);
  });

  it('refuses what rents by itself', async () => {
    const run = await startRun({ policy: { maxCreates: 5 } });
    const renting: [string, string][] = [
      ['POST', '/api/v0/endptjobs/'],
      ['POST', '/api/v0/autojobs/'],
      ['POST', '/api/v0/workergroups/'],
      ['PUT', '/api/v0/deployments/'],
    ];
    for (const [method, path] of renting) expect(await statusOf(run, method, path, {})).toBe(403);
    expect(run.reached()).toEqual([]);
  });

  it('knows every operation that spends money on instances', () => {
    const spending = OPERATIONS.filter(({ risks }) => risks.some(({ kind }) => kind === 'spends_money'));
    const uncounted = spending.filter(({ method, route }) => {
      const target = parseTarget(route.replace(/\{[^{}]+\}/gu, '42'));
      return target !== undefined && createsOf(callOf(method, target, { ids: [1] })) === 0;
    });
    // They pay for something that exists, for storage, or for credit.
    const others =
      /^(?:credit|payment|price_increase|volume|network_volume)\.|^instance\.(?:change_bid|manage|prepay|start_bulk)/u;
    expect(uncounted.map(({ operation }) => operation).filter((name) => !others.test(name))).toEqual([]);
  });
});

describe('a request that carries another one', () => {
  const schedule = (run: Run, body: object, method = 'POST', id = '') =>
    statusOf(run, method, `/api/v0/commands/schedule_job/${id}`, body);
  const carrying = (api_endpoint: unknown, request_method: unknown = 'PUT', request_body: unknown = {}) => ({
    api_endpoint,
    request_method,
    request_body,
    instance_id: 42,
    frequency: 'HOURLY',
  });

  it('is judged with it', async () => {
    const run = await startRun();
    expect(await schedule(run, carrying('/api/v0/instances/reboot/42/'))).toBe(200);
    const bad = [
      carrying('/api/v0/commands/reset_apikey/'),
      carrying('/api/v0/auth/apikeys/', 'POST', { name: 'x' }),
      carrying('/api/v0/instances/../commands/reset_apikey/'),
      carrying('/api/v0/instances/reboot/%34%32/'),
      carrying('https://evil.example/api/v0/instances/reboot/42/'),
      carrying('/api/v0/none/'),
      carrying('/api/v0/commands/schedule_job/', 'POST'),
      carrying('/api/v0/instances/reboot/42/', 'put'),
      carrying('/api/v0/instances/reboot/42/', undefined, 'text'),
      carrying(5),
      {},
    ];
    for (const body of bad)
      expect({ body, status: await schedule(run, body) }).toEqual({ body, status: 403 });
    expect(await schedule(run, { request_method: 'PUT' }, 'PUT', '5/')).toBe(403);
    expect(await schedule(run, { frequency: 'DAILY' }, 'PUT', '5/')).toBe(200);
    expect(run.reached()).toHaveLength(2);
  });

  it('keeps to every limit of the run', async () => {
    const own = await startRun({ policy: { ownInstances: true, maxCreates: 5 } });
    creates(own, [42]);
    await rent(own);
    expect(await schedule(own, carrying('/api/v0/instances/reboot/42/'))).toBe(200);
    expect(await schedule(own, carrying('/api/v0/instances/reboot/43/'))).toBe(403);
    expect(await schedule(own, carrying('/api/v0/asks/5/'))).toBe(403);
    expect(await schedule(own, { ...carrying('/api/v0/instances/reboot/42/'), instance_id: 43 })).toBe(403);
    const only = await startRun({ policy: { only: ['scheduled_job.create'] } });
    expect(await schedule(only, carrying('/api/v0/instances/reboot/42/'))).toBe(403);
    const document = { api: { instance_write: {} } };
    const limited = await startRun({ policy: { document } });
    expect(await schedule(limited, carrying('/api/v0/instances/reboot/42/'))).toBe(200);
    expect(await schedule(limited, carrying('/api/v0/launch_instance/'))).toBe(403);
  });
});
