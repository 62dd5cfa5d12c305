import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionsOfAuditLog, readAuditLog } from './audit-log.js';
import { suggest } from './suggest.js';

const actionsOf = (rows: unknown, key?: number) => {
  const log = readAuditLog(rows, key);
  return log === undefined ? undefined : actionsOfAuditLog(log);
};
const namesOf = (rows: unknown, key?: number) =>
  actionsOf(rows, key)?.actions.flatMap(({ operations }) => operations.map(({ operation }) => operation));

describe('readAuditLog', () => {
  const documentOf = (rows: unknown): unknown => suggest(actionsOf(rows)?.actions ?? []).document;

  it('reads a method and path, a path with a separate method, a URL, and an endpoint name', () => {
    const expected = {
      api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } },
    };
    expect(documentOf([{ api_route: 'DELETE /api/v0/instances/5/', args: '{}' }])).toEqual(expected);
    expect(documentOf([{ api_route: '/api/v0/instances/5/', method: 'DELETE' }])).toEqual(expected);
    expect(documentOf([{ api_route: 'DELETE https://console.vast.ai/api/v0/instances/5/' }])).toEqual(
      expected,
    );
    expect(documentOf([{ api_route: 'DELETE instances/5/' }])).toEqual(expected);
    expect(documentOf([{ api_route: 'api.instance.destroy', args: '{"id": 5}' }])).toEqual(expected);
    expect(documentOf({ audit_logs: [{ api_route: 'api.instance.destroy', args: { id: 5 } }] })).toEqual(
      expected,
    );
  });

  it('assumes the writes of a route if the method is missing, and says so once for routes that are alike', () => {
    const row = (id: number) => ({ api_route: `/api/v0/instances/${id}/`, args: '{}' });
    const { actions, notes } = actionsOf([row(5), row(6), row(7)]) ?? {};
    expect(actions?.[0]?.operations.map(({ method }) => method)).toEqual(['PUT', 'DELETE']);
    expect(notes).toEqual([
      expect.stringMatching(
        /^The log does not record the method for "\/api\/v0\/instances\/5\/" and 2 more like it; assumed .*instance\.destroy\.$/,
      ),
    ]);
    expect(actionsOf([{ api_route: '/api/v0/auth/apikeys/43/' }])).toMatchObject({
      actions: [{ operations: [{ operation: 'apikey.delete' }] }],
    });
    expect(documentOf([{ api_route: '/api/v0/audit_logs/' }])).toEqual({ api: { misc: {} } });
  });

  it.each([['x'], [null], [5], [{}], [{ a: [], b: [] }]])('is undefined for %j', (rows) => {
    expect(readAuditLog(rows)).toBeUndefined();
  });

  it('counts rows without a route as unreadable, and accepts any other row', () => {
    const odd = [null, 5, {}, [], { api_route: 7 }, { api_route: ' ' }];
    const rows = [
      ...odd,
      { api_route: 'x', args: '{' },
      { api_route: 'GET' },
      { api_route: '/\u202e\u0000' },
    ];
    const log = readAuditLog(rows);
    expect(log).toMatchObject({ unreadable: odd.length, ofOtherKeys: 0, keys: [] });
    expect(log?.calls.map(({ candidates }) => candidates.map(({ operations }) => operations))).toEqual([
      [[]],
      [[]],
      [[]],
    ]);
  });

  it('counts equal rows, and tells the keys apart', () => {
    const row = (key: unknown, id = 5) => ({ api_key_id: key, api_route: `DELETE /api/v0/instances/${id}/` });
    const rows = [row(42), row('42'), row(7), row(42, 6), row(undefined), row('x')];
    expect(readAuditLog(rows)).toMatchObject({
      calls: [{ route: '/api/v0/instances/5/', method: 'DELETE', count: 5 }, { count: 1 }],
      keys: [7, 42],
      unreadable: 0,
    });
    expect(readAuditLog(rows, 42)).toMatchObject({
      calls: [{ count: 2 }, { count: 1 }],
      keys: [42],
      ofOtherKeys: 1,
      unreadable: 2,
    });
    expect(namesOf(rows, 8)).toEqual([]);
  });

  it('leaves out the query and the origin, which can hold a key or a password', () => {
    const routes = [
      '/api/v0/instances/5/?api_key=secret',
      'GET HTTPS://me:secret@console.vast.ai/api/v0/x/#secret',
    ];
    const log = readAuditLog(routes.map((api_route) => ({ api_route })));
    expect(log?.calls.map(({ route }) => route)).toEqual(['/api/v0/instances/5/', '/api/v0/x/']);
    expect(JSON.stringify(log)).not.toContain('secret');
  });

  it('reads anything without failing, and counts every row once', () => {
    const row = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          api_key_id: fc.oneof(fc.jsonValue(), fc.constantFrom(42, '42', 7)),
          api_route: fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom('/api/v0/instances/5/', 'api.a.b'),
          ),
          method: fc.oneof(fc.jsonValue(), fc.constantFrom('get', 'DELETE')),
          args: fc.oneof(fc.jsonValue(), fc.json(), fc.string()),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(fc.array(row), fc.constantFrom(undefined, 42), (rows, key) => {
        const log = readAuditLog(rows, key);
        const counted = log?.calls.reduce((sum, { count }) => sum + count, 0) ?? 0;
        expect(counted + (log?.unreadable ?? 0) + (log?.ofOtherKeys ?? 0)).toBe(rows.length);
        if (log !== undefined) suggest(actionsOfAuditLog(log).actions);
      }),
      { numRuns: 500, seed: 14 },
    );
  });

  it('reads 130,000 different rows in seconds', () => {
    const started = performance.now();
    const rows = Array.from({ length: 130_000 }, (_, id) => ({
      api_key_id: id % 3,
      api_route: `/api/v0/instances/${id}/`,
      args: JSON.stringify({ id, at: id }),
    }));
    const { actions, notes } = actionsOf(rows) ?? { actions: [], notes: [] };
    expect(actions).toHaveLength(130_000);
    expect(notes).toHaveLength(1);
    expect(suggest(actions).document).toHaveProperty('api.instance_write');
    expect(performance.now() - started).toBeLessThan(20_000);
  }, 60_000);
});
