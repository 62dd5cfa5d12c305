import { describe, expect, it } from 'vitest';
import { OPERATIONS, operationNamed } from '../catalogue/catalogue.js';
import { mayBeRecorded } from '../decision/observable.js';
import { type AuditLog, readAuditLog } from './audit-log.js';
import { tighten } from './tighten.js';

const logOf = (...routes: string[]) => readAuditLog(routes.map((api_route) => ({ api_route }))) as AuditLog;
const DESTROY = 'DELETE /api/v0/instances/42/';

describe('tighten', () => {
  it('says of each permission if the log shows a use, or can show one', () => {
    const document = {
      api: { misc: {}, instance_read: {}, instance_write: {}, team_write: {}, 'other.*': {} },
    };
    const { grants, outside } = tighten(document, logOf(DESTROY, DESTROY, 'PUT /api/v0/users/'));
    const brief = grants.map(({ grant, state, calls, used }) => [grant, state, calls, used]);
    expect(brief).toEqual([
      ['misc', 'never_seen', 0, []],
      ['instance_read', 'not_observable', 0, []],
      ['instance_write', 'used', 2, ['instance.destroy']],
      ['team_write', 'never_seen', 0, []],
      ['other.*', 'not_observable', 0, []],
    ]);
    expect(outside).toMatchObject([{ path: '/api/v0/users/', verdict: 'deny' }]);
    expect(grants[0]?.notObservable).toEqual(expect.arrayContaining(['offer.search', 'endpoint.list']));
    expect(grants[2]?.notObservable).toEqual(['copy.size']);
    expect(grants[2]?.narrower).toEqual({ 'api.instance.destroy': { constraints: { id: { eq: 42 } } } });
  });

  it('narrows an endpoint to the ids of its calls, and never widens one', () => {
    const narrowerThan = (leaf: object, ...routes: string[]) =>
      tighten({ api: { instance_write: { 'api.instance.destroy': leaf } } }, logOf(...routes)).grants[0]
        ?.narrower;
    const limited = (id: object) => ({ constraints: { id } });
    expect(narrowerThan({}, DESTROY)).toEqual(limited({ eq: 42 }));
    expect(narrowerThan(limited({ gte: 40, lte: 50 }), DESTROY)).toEqual(limited({ eq: 42 }));
    expect(narrowerThan(limited({ gte: 40 }), DESTROY, 'DELETE /api/v0/instances/41/')).toEqual(
      limited({ gte: 41, lte: 42 }),
    );
    expect(narrowerThan(limited({ eq: 42 }), DESTROY)).toBeNull();
    expect(narrowerThan({}, 'DELETE /api/v0/instances/05/')).toBeNull();
    expect(narrowerThan({})).toBeNull();
  });

  it('does not call a permission unseen that a call without a method may have used', () => {
    const document = { api: { instance_write: { 'api.instance.destroy': {}, 'api.instance.reboot': {} } } };
    const { grants } = tighten(document, logOf('/api/v0/instances/42/'));
    expect(grants.map(({ state }) => state)).toEqual(['used', 'never_seen']);
  });

  it('takes full access for every category', () => {
    const { grants } = tighten(null, logOf(DESTROY, 'POST /api/v0/ssh/'));
    const used = grants.filter(({ state }) => state === 'used');
    expect(used.map(({ grant, narrower }) => [grant, narrower !== null])).toEqual([
      ['user_write', false],
      ['instance_write', true],
    ]);
    expect(
      grants.filter(({ grant }) => grant.endsWith('_read')).every(({ state }) => state === 'not_observable'),
    ).toBe(true);
  });

  it('never says of an operation that only reads that it was not seen', () => {
    for (const { category, operation, risks } of OPERATIONS) {
      if (category === 'unknown' || risks.some(({ kind }) => kind !== 'read')) continue;
      const [grant] = tighten({ api: { [category]: {} } }, logOf()).grants;
      expect(grant?.notObservable).toContain(operation);
    }
    expect(mayBeRecorded(operationNamed('offer.search') as never)).toBe(false);
  });

  it('has nothing to say of a document that grants nothing', () => {
    for (const document of [{}, { api: {} }, { api: [] }, 'x', 5])
      expect(tighten(document, logOf()).grants).toEqual([]);
  });
});
