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

  it('denies if the category is missing, and points to "api"', () => {
    expect(decide({ api: { instance_read: {} } }, destroy)).toEqual({
      verdict: 'deny',
      reason: 'The document does not grant instance_write.',
      operation: 'instance.destroy',
      category: 'instance_write',
      endpoint: 'api.instance.destroy',
      path: '$.api',
    });
  });

  it('allows everything in an empty category, and points to it', () => {
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

  it('denies an operation without a published name if all listed names belong to others', () => {
    expect(verdict(leaf({}), list)).toBe('deny');
    expect(verdict({ api: { instance_read: { 'api.instance.destroy': {} } } }, list)).toBe('deny');
  });

  it('is unknown if a listed name could be that of the operation', () => {
    const document = { api: { instance_read: { 'api.instance.show': {}, 'api.instance.list': {} } } };
    expect(decide(document, list)).toMatchObject({
      verdict: 'unknown',
      path: "$.api.instance_read['api.instance.list']",
    });
    expect(verdict(document, { method: 'PUT', path: '/api/v0/instances/request_logs/5/' })).toBe('deny');
  });

  it('is unknown for a route that is not in the catalogue or whose category is unknown', () => {
    expect(verdict({ api: {} }, { method: 'GET', path: '/api/v0/nothing/' })).toBe('unknown');
    expect(verdict({ api: { misc: {} } }, { method: 'GET', path: '/api/v0/notification-types/' })).toBe(
      'unknown',
    );
  });

  it.each([
    [{ eq: 5 }, 'allow'],
    [{ eq: '5' }, 'unknown'],
    [{ eq: 6 }, 'deny'],
    [{ eq: '05' }, 'unknown'],
    [{ eq: '6' }, 'deny'],
    [{ eq: '5*' }, 'unknown'],
    [{ eq: '1-9' }, 'unknown'],
    [{ eq: true }, 'unknown'],
    [{ eq: null }, 'unknown'],
    [{ eq: [5] }, 'unknown'],
    [{ gte: 5, lte: 5 }, 'allow'],
    [{ gte: 6 }, 'deny'],
    [{ lte: 4 }, 'deny'],
    [{ gte: 1, eq: 5, lte: 4 }, 'deny'],
    [{ in: [5] }, 'unknown'],
    [{ gte: '5' }, 'unknown'],
    [5, 'unknown'],
  ])('decides on instance 5 with the constraint %j: %s', (condition, expected) => {
    expect(verdict(constrained(condition), show)).toBe(expected);
  });

  it.each<[condition: unknown, id: string, expected: string]>([
    [{ eq: 5 }, '05', 'unknown'],
    [{ eq: 5 }, '%2B5', 'unknown'],
    [{ eq: 5 }, '5.0', 'unknown'],
    [{ eq: 5 }, '%205', 'unknown'],
    [{ eq: 5 }, '0x5', 'unknown'],
    [{ eq: 5 }, '5e0', 'unknown'],
    [{ eq: 5 }, '%EF%BC%95', 'unknown'],
    [{ eq: 5 }, '%35', 'allow'],
    [{ eq: 5 }, '06', 'deny'],
    [{ eq: 5 }, 'abc', 'deny'],
    [{ gte: 1 }, '0x9', 'unknown'],
    [{ gte: 10 }, '0x9', 'deny'],
    [{ gte: 1 }, 'abc', 'deny'],
    [{ gte: 1 }, '9007199254740993', 'unknown'],
    [{ lte: 9 }, '9007199254740993', 'deny'],
    [{ eq: 9007199254740992 }, '9007199254740993', 'unknown'],
    [{ eq: 'abc' }, 'abc', 'allow'],
    [{ eq: 'abc' }, 'ABC', 'unknown'],
    [{ eq: 'abc' }, 'abd', 'deny'],
  ])('is sure only of the plain spelling: %j on %s is %s', (condition, id, expected) => {
    expect(verdict(constrained(condition), { ...show, path: `/api/v0/instances/${id}/` })).toBe(expected);
  });

  it.each([
    ['a category', { api: { '*': {} } }],
    ['a category', { api: { 'instance_*': {}, misc: {} } }],
    ['a category', { api: { '[a-z]+_read': {}, misc: {} } }],
    ['a category in another spelling', { api: { 'Instance-Read': {}, misc: {} } }],
    ['a prefix of a category', { api: { instance: {}, misc: {} } }],
    ['an endpoint', { api: { instance_read: { '*': {} } } }],
    ['an endpoint', { api: { instance_read: { 'api.instance.*': {}, 'api.instance.request_logs': {} } } }],
    ['an endpoint beside the name itself', { api: { instance_read: { '*': {}, 'api.instance.show': {} } } }],
    ['an endpoint', { api: { instance_read: { 'api.instance.(show|destroy)': {} } } }],
    ['an endpoint', { api: { instance_read: { 'api.instance.': {} } } }],
    ['a prefix of an endpoint', { api: { instance_read: { 'api.instance': {} } } }],
    ['an endpoint in another spelling', { api: { instance_read: { 'api.Instance.show': {} } } }],
    ['a short endpoint name', { api: { instance_read: { show: {} } } }],
    ['a parameter', leaf({ constraints: { '*': { eq: 6 } } })],
    ['a parameter', leaf({ constraints: { 'i*': { eq: 5 } } })],
  ])('is unknown where a pattern may mean %s: %j', (_, document) => {
    expect(verdict(document, show)).toBe('unknown');
    expect(verdict(document, { ...show, parameters: { '*': 5, 'i*': 5 } })).toBe('unknown');
  });

  it.each([
    { api: { '*_write': {}, misc: {} } },
    { api: { 'team_*': {}, misc: {} } },
    { api: { instance_read: { 'api.volume.*': {}, 'api.instance.request_logs': {} } } },
    { api: { instance_write: { '*': {} } } },
    { api: { template_read: {} } },
  ])('still denies what a pattern cannot cover: %j', (document) => {
    expect(verdict(document, show)).toBe('deny');
  });

  it.each([{ api: {} }, { api: { constraints: {} } }, { api: { params: {} }, params: {} }])(
    'is unknown for every operation if "api" names no category: %j',
    (document) => {
      for (const { operation } of OPERATIONS) {
        expect([operation, decideOperation(document, operation).verdict]).toEqual([operation, 'unknown']);
      }
    },
  );

  it('requires every constraint to hold, and denies if one fails even if another is unknown', () => {
    const both = leaf({ constraints: { id: { eq: 5 }, label: { eq: 'a' } } });
    expect(verdict(both, show)).toBe('unknown');
    expect(verdict(both, { ...show, parameters: { label: 'a' } })).toBe('allow');
    expect(verdict(both, { ...show, parameters: { label: 'b' } })).toBe('deny');
    expect(verdict(both, { ...show, path: '/api/v0/instances/6/' })).toBe('deny');
  });

  it('prefers the value in the path over a given one', () => {
    expect(
      verdict(constrained({ eq: 5 }), { method: 'GET', path: '/api/v0/instances/6/', parameters: { id: 5 } }),
    ).toBe('deny');
  });

  it('does not read parameters from a prototype', () => {
    const document = leaf({ constraints: { toString: { eq: 'x' } } });
    expect(decide(document, show)).toMatchObject({
      verdict: 'unknown',
      reason: 'It depends on "toString", which was not given.',
    });
  });

  it('is unknown with constraints above an endpoint, or with params', () => {
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
  ])('is unknown for the malformed document %j', (document) => {
    expect(verdict(document, show)).toBe('unknown');
  });

  it('does not find categories on a prototype', () => {
    const inherited = Object.create({ instance_read: {} }) as object;
    expect(verdict({ api: Object.assign(inherited, { misc: {} }) }, show)).toBe('deny');
    expect(verdict(Object.create({ api: { instance_read: {} } }), show)).toBe('unknown');
  });
});

describe('decideOperation and decideAction', () => {
  it('decide by name, with the given parameters', () => {
    const document = {
      api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } },
    };
    expect(decideOperation(document, 'instance.destroy', { id: 5 }).verdict).toBe('allow');
    expect(decideOperation(document, 'instance.destroy').verdict).toBe('unknown');
    expect(decideOperation(document, 'instance.nothing').verdict).toBe('unknown');
  });

  it('cover all the requests of the form of a command that was typed', () => {
    const decisionsOf = (command: string) =>
      decideAction({ api: { instance_write: {} } }, readAction('command', command) as Action);
    expect(decisionsOf('cloud copy').map(({ operation, verdict: is }) => [operation, is])).toEqual([
      ['copy.cloud', 'allow'],
    ]);
    const scheduled = decisionsOf('cloud copy --instance 5 --schedule DAILY');
    expect(scheduled.map(({ operation, verdict: is }) => [operation, is])).toEqual([
      ['copy.cloud', 'allow'],
      ['instance.show', 'deny'],
      ['scheduled_job.create', 'allow'],
    ]);
    expect(combineDecisions(scheduled)).toMatchObject({ verdict: 'deny', operation: 'instance.show' });
  });

  it('decide on every operation in the catalogue by its category', () => {
    for (const { operation, category } of OPERATIONS) {
      const expected = category === 'unknown' ? 'unknown' : 'allow';
      expect(decideOperation({ api: { [category]: {} } }, operation).verdict, operation).toBe(expected);
    }
  });
});
