import { describe, expect, it } from 'vitest';
import { type AuditLog, readAuditLog } from './audit-log.js';
import { replay } from './replay.js';
import { usesOf } from './used-grants.js';

/** Returns the number of uses of each grant. */
function usedBy(document: unknown, ...routes: string[]) {
  const log = readAuditLog(routes.map((api_route) => ({ api_route }))) as AuditLog;
  const uses = usesOf(document, replay(document, log));
  return Object.fromEntries(uses.map(({ grant, calls }) => [grant.name, calls.length]));
}
const LIST = 'GET /api/v1/instances/';
const DESTROY = 'DELETE /api/v0/instances/5/';

describe('usesOf', () => {
  it('counts the calls that a category or an endpoint allowed', () => {
    const document = {
      api: {
        misc: {},
        instance_read: {},
        instance_write: { 'api.instance.destroy': {}, 'api.instance.reboot': {} },
      },
    };
    expect(usedBy(document, LIST, DESTROY, 'DELETE /api/v0/instances/6/')).toEqual({
      misc: 0,
      instance_read: 1,
      'instance_write:api.instance.destroy': 2,
      'instance_write:api.instance.reboot': 0,
    });
  });

  it('does not count what a constraint refused', () => {
    const only = { constraints: { id: { eq: 6 } } };
    const document = { api: { instance_write: { 'api.instance.destroy': only } } };
    expect(usedBy(document, DESTROY)).toEqual({ 'instance_write:api.instance.destroy': 0 });
  });

  it('counts what may have been used, where that is not known', () => {
    expect(usedBy({ api: { 'instance_*': {}, 'user_*': {} } }, LIST)).toEqual({
      'instance_*': 1,
      'user_*': 0,
    });
    const unpublished = { api: { instance_read: { 'api.instance.list': {}, 'api.instance.lists': {} } } };
    expect(usedBy(unpublished, LIST)).toMatchObject({ 'instance_read:api.instance.list': 1 });
    const limited = { api: { constraints: {}, instance_read: { constraints: {}, 'api.instance.show': {} } } };
    expect(usedBy(limited, 'GET /api/v0/instances/5/')).toEqual({ 'instance_read:api.instance.show': 1 });
  });

  it('takes full access for every category', () => {
    expect(usedBy(null, LIST)).toMatchObject({ instance_read: 1, misc: 0, user_write: 0 });
  });

  it('finds no grant where there is none', () => {
    for (const document of [{}, { api: {} }, { api: [] }, [], 'x', 5])
      expect(usedBy(document, LIST)).toEqual({});
  });

  it('takes as long for many grants and calls as they are', () => {
    const names = Array.from({ length: 50_000 }, (_, index) => [`api.odd${index}`, {}] as const);
    const calls = Array.from({ length: 20_000 }, (_, index) => `DELETE /api/v0/instances/${index}/`);
    const document = { api: { instance_read: Object.fromEntries(names), instance_write: {} } };
    const uses = usedBy(document, ...calls, LIST);
    expect(uses.instance_write).toBe(20_000);
    expect(Object.keys(uses)).toHaveLength(50_001);
  }, 60_000);
});
