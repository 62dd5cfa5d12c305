import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { type Action, readAction } from './action.js';
import { combineDecisions, decide, decideAction, decideOperation } from './decide.js';

const show = { method: 'GET', path: '/api/v0/instances/5/' };
const destroy = { method: 'DELETE', path: '/api/v0/instances/5/' };
const list = { method: 'GET', path: '/api/v1/instances/' };
const verdict = (document: unknown, request: Parameters<typeof decide>[1]): string =>
  decide(document, request).verdict;
const leaf = (node: unknown): unknown => ({ api: { instance_read: { 'api.instance.show': node } } });
const constrained = (condition: unknown): unknown => leaf({ constraints: { id: condition } });

describe('decide', () => {
  it.each([undefined, null, false])('allows everything to a key whose permissions are %s', (document) => {
    expect(decide(document, destroy)).toMatchObject({ verdict: 'allow', operation: 'instance.destroy' });
    expect(verdict(document, { method: 'GET', path: '/api/v0/nothing/' })).toBe('allow');
  });

  it('denies where the category is absent, and shows "api"', () => {
    expect(decide({ api: { instance_read: {} } }, destroy)).toEqual({
      verdict: 'deny',
      reason: 'The document does not have the category instance_write.',
      operation: 'instance.destroy',
      category: 'instance_write',
      endpoint: 'api.instance.destroy',
      path: '$.api',
    });
  });

  it('allows everything in a category that is empty, and shows it', () => {
    expect(decide({ api: { instance_read: {} } }, list)).toMatchObject({
      verdict: 'allow',
      path: '$.api.instance_read',
    });
  });

  it('allows only the endpoints that are listed', () => {
    const document = leaf({});
    expect(decide(document, show)).toMatchObject({
      verdict: 'allow',
      path: "$.api.instance_read['api.instance.show']",
    });
    expect(verdict(document, { method: 'PUT', path: '/api/v0/instances/request_logs/5/' })).toBe('deny');
  });

  it('denies an operation without a published name when every listed name is that of another', () => {
    expect(verdict(leaf({}), list)).toBe('deny');
    expect(verdict({ api: { instance_read: { 'api.instance.destroy': {} } } }, list)).toBe('deny');
  });

  it('does not know of it when a listed name could be its own', () => {
    const document = { api: { instance_read: { 'api.instance.show': {}, 'api.instance.list': {} } } };
    expect(decide(document, list)).toMatchObject({
      verdict: 'unknown',
      path: "$.api.instance_read['api.instance.list']",
    });
    expect(verdict(document, { method: 'PUT', path: '/api/v0/instances/request_logs/5/' })).toBe('deny');
  });

  it('does not know a route that is not in the catalogue, or whose category no source gives', () => {
    expect(verdict({ api: {} }, { method: 'GET', path: '/api/v0/nothing/' })).toBe('unknown');
    expect(verdict({ api: { misc: {} } }, { method: 'GET', path: '/api/v0/notification-types/' })).toBe(
      'unknown',
    );
  });

  it.each([
    [{ eq: 5 }, 'allow'],
    [{ eq: '5' }, 'allow'],
    [{ eq: 6 }, 'deny'],
    [{ eq: '05' }, 'deny'],
    [{ gte: 5, lte: 5 }, 'allow'],
    [{ gte: 6 }, 'deny'],
    [{ lte: 4 }, 'deny'],
    [{ gte: 1, eq: 5, lte: 4 }, 'deny'],
    [{ in: [5] }, 'unknown'],
    [{ gte: '5' }, 'unknown'],
    [5, 'unknown'],
  ])('decides about instance 5 with the constraint %j: %s', (condition, expected) => {
    expect(verdict(constrained(condition), show)).toBe(expected);
  });

  it('takes an id for one value however it is written, but not two spellings for one id', () => {
    expect(verdict(constrained({ eq: 5 }), { ...show, path: '/api/v0/instances/05/' })).toBe('deny');
    expect(verdict(constrained({ gte: 1 }), { ...show, path: '/api/v0/instances/0x9/' })).toBe('deny');
    expect(verdict(constrained({ gte: 1 }), { ...show, path: '/api/v0/instances/abc/' })).toBe('deny');
  });

  it('needs every constraint to hold; a failing one decides even where another is not known', () => {
    const both = leaf({ constraints: { id: { eq: 5 }, label: { eq: 'a' } } });
    expect(verdict(both, show)).toBe('unknown');
    expect(verdict(both, { ...show, parameters: { label: 'a' } })).toBe('allow');
    expect(verdict(both, { ...show, parameters: { label: 'b' } })).toBe('deny');
    expect(verdict(both, { ...show, path: '/api/v0/instances/6/' })).toBe('deny');
  });

  it('lets the value in the path go before one that is given', () => {
    expect(
      verdict(constrained({ eq: 5 }), { method: 'GET', path: '/api/v0/instances/6/', parameters: { id: 5 } }),
    ).toBe('deny');
  });

  it('does not read parameters from a prototype', () => {
    const document = leaf({ constraints: { toString: { eq: 'x' } } });
    expect(decide(document, show)).toMatchObject({
      verdict: 'unknown',
      reason: 'The constraint on "toString" needs its value.',
    });
  });

  it('does not know what constraints above an endpoint, or params, do', () => {
    for (const document of [
      { constraints: {}, api: { instance_read: {} } },
      { api: { params: {}, instance_read: {} } },
      { api: { instance_read: { constraints: { id: { eq: 5 } } } } },
      leaf({ params: {} }),
    ]) {
      expect(verdict(document, show)).toBe('unknown');
      expect(verdict(document, destroy)).toBe('deny');
    }
    expect(verdict(leaf({ params: {}, constraints: { id: { eq: 6 } } }), show)).toBe('deny');
  });

  it.each([
    [[]],
    ['x'],
    [5],
    [true],
    [{}],
    [{ api: [] }],
    [{ read: true }],
    [{ api: { instance_read: true } }],
    [leaf(true)],
    [leaf({ constraints: 1 })],
  ])('does not know what the malformed document %j grants', (document) => {
    expect(verdict(document, show)).toBe('unknown');
  });

  it('does not find categories on a prototype', () => {
    const inherited = Object.create({ instance_read: {} }) as object;
    expect(verdict({ api: inherited }, show)).toBe('deny');
    expect(verdict(Object.create({ api: { instance_read: {} } }), show)).toBe('unknown');
  });
});

describe('decideOperation and decideAction', () => {
  it('decide by name, with the parameters that are given', () => {
    const document = {
      api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } },
    };
    expect(decideOperation(document, 'instance.destroy', { id: 5 }).verdict).toBe('allow');
    expect(decideOperation(document, 'instance.destroy').verdict).toBe('unknown');
    expect(decideOperation(document, 'instance.nothing').verdict).toBe('unknown');
  });

  it('cover all the requests of a command', () => {
    const decisions = decideAction(
      { api: { instance_write: {} } },
      readAction('command', 'cloud copy') as Action,
    );
    expect(decisions.map(({ operation, verdict: is }) => [operation, is])).toEqual([
      ['copy.cloud', 'allow'],
      ['instance.show', 'deny'],
      ['scheduled_job.create', 'allow'],
      ['scheduled_job.update', 'allow'],
    ]);
    expect(combineDecisions(decisions)).toMatchObject({ verdict: 'deny', operation: 'instance.show' });
  });

  it('answer for every operation of the catalogue by its category alone', () => {
    for (const { operation, category } of OPERATIONS) {
      const expected = category === 'unknown' ? 'unknown' : 'allow';
      expect(decideOperation({ api: { [category]: {} } }, operation).verdict, operation).toBe(expected);
    }
  });
});
