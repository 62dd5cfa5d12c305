import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { decide } from '../decision/decide.js';
import { type AuditLog, readAuditLog } from './audit-log.js';
import { replay, worstVerdict } from './replay.js';

const DOCUMENT = {
  api: {
    instance_read: {},
    instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } },
  },
};
const logOf = (...routes: string[]) => readAuditLog(routes.map((api_route) => ({ api_route }))) as AuditLog;

describe('replay', () => {
  it('says for each distinct call what the document would have decided, the refused ones first', () => {
    const log = logOf(
      'DELETE /api/v0/instances/5/',
      'DELETE /api/v0/instances/6/?a=1',
      'DELETE /api/v0/instances/6/?a=2',
      'GET /api/v0/nowhere/',
      'PUT /api/v0/users/',
    );
    const calls = replay(DOCUMENT, log);
    expect(calls.map(({ verdict, path, operations, count }) => [verdict, path, operations, count])).toEqual([
      ['deny', '/api/v0/instances/6/', ['instance.destroy'], 2],
      ['deny', '/api/v0/users/', ['user.set'], 1],
      ['unknown', '/api/v0/nowhere/', [], 1],
      ['allow', '/api/v0/instances/5/', ['instance.destroy'], 1],
    ]);
    expect(calls[0]).toMatchObject({
      method: 'DELETE',
      reason: 'The constraint on "id" does not allow "6".',
      at: expect.stringContaining('api.instance.destroy'),
    });
    expect(worstVerdict(calls, 0)).toBe('deny');
  });

  it('is sure without a method only if every method has the same outcome', () => {
    const [either] = replay(DOCUMENT, logOf('/api/v0/instances/5/'));
    expect(either).toMatchObject({
      method: null,
      verdict: 'unknown',
      reason: expect.stringMatching(
        /^The log does not record the method, so this was .*"instance\.destroy" \(allow\)/,
      ),
    });
    expect(replay({ api: {} as object, x: 1 }, logOf('/api/v0/instances/5/'))).toHaveLength(1);
    const all = { api: { instance_write: {} } };
    expect(replay(all, logOf('/api/v0/instances/5/'))).toMatchObject([{ verdict: 'allow' }]);
    const none = { api: { misc: {} } };
    expect(replay(none, logOf('/api/v0/instances/5/'))).toMatchObject([{ verdict: 'deny' }]);
    expect(replay(null, logOf('/api/v0/instances/5/', '/nowhere'))).toMatchObject([
      { verdict: 'allow' },
      { verdict: 'allow' },
    ]);
  });

  it('takes the verdict of the worst call, and a row that cannot be read for unknown', () => {
    const calls = replay(DOCUMENT, logOf('DELETE /api/v0/instances/5/'));
    expect([
      worstVerdict(calls, 0),
      worstVerdict(calls, 1),
      worstVerdict([], 0),
      worstVerdict([], 1),
    ]).toEqual(['allow', 'unknown', 'allow', 'unknown']);
  });

  it('decides as "decide" does, whenever the log says the method', () => {
    const call = fc
      .tuple(fc.constantFrom(...OPERATIONS), fc.integer({ min: 1, max: 9 }))
      .map(([{ method, route }, id]) => ({ method, path: route.replace(/\{[^{}]+\}/gu, String(id)) }));
    const node = fc.constantFrom({}, DOCUMENT.api.instance_write, { 'api.x.y': {} }, 5);
    const document = fc.record({
      api: fc.record(
        { instance_read: node, instance_write: node, misc: node, user_write: node },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(document, fc.array(call, { minLength: 1 }), (made, calls) => {
        const replayed = replay(made, logOf(...calls.map(({ method, path }) => `${method} ${path}`)));
        for (const { method, path } of calls) {
          const { verdict, reason } = decide(made, { method, path });
          expect(replayed).toContainEqual(expect.objectContaining({ method, path, verdict, reason }));
        }
        expect(replayed.reduce((sum, { count }) => sum + count, 0)).toBe(calls.length);
      }),
      { numRuns: 300, seed: 14 },
    );
  });
});
