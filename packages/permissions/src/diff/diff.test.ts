import { describe, expect, it } from 'vitest';
import { operationsOfCategory } from '../catalogue/catalogue.js';
import type { AccessChange } from './access-change.js';
import { diffDocuments, isNotGranting, newAccess } from './diff.js';

const show = (leaf: unknown): unknown => ({ api: { instance_read: { 'api.instance.show': leaf } } });
const withId = (condition: unknown): unknown => show({ constraints: { id: condition } });
/** Grants nothing of what the other documents are about. */
const OTHER = { api: { billing_write: {} } };
/** A change without what shows it. */
const bare = ({ request: _, path: __, line: ___, ...change }: AccessChange) => change;
const bareDiff = (before: unknown, after: unknown) => diffDocuments(before, after).changes.map(bare);
const changeOf = (before: unknown, after: unknown, name: string): unknown =>
  bareDiff(before, after).find((change) => change.name === name);

describe('diffDocuments', () => {
  it('ignores how a document is written', () => {
    const left = {
      api: { team_read: {}, instance_read: { 'api.instance.show': {}, 'api.instance.request_logs': {} } },
    };
    const right = {
      api: { instance_read: { 'api.instance.request_logs': {}, 'api.instance.show': {} }, team_read: {} },
    };
    expect(diffDocuments(left, right).changes).toEqual([]);
    expect(diffDocuments(withId({ eq: 5 }), withId({ gte: 5, lte: 5 })).changes).toEqual([]);
    expect(diffDocuments(show({}), show({ constraints: {} })).changes).toEqual([]);
  });

  it.each([
    [show({}), OTHER, 'removed', 'everything', 'nothing'],
    [OTHER, withId({ eq: 5 }), 'granted', 'nothing', 'id is 5'],
    [show({}), withId({ eq: 5 }), 'narrowed', 'everything', 'id is 5'],
    [withId({ eq: 5 }), show({}), 'widened', 'id is 5', 'everything'],
    [
      withId({ gte: 1, lte: 9 }),
      withId({ gte: 2, lte: 8 }),
      'narrowed',
      'id is from 1 to 9',
      'id is from 2 to 8',
    ],
    [withId({ gte: 1 }), withId({ gte: 0 }), 'widened', 'id is at least 1', 'id is at least 0'],
    [withId({ lte: 9 }), withId({ eq: 9 }), 'narrowed', 'id is at most 9', 'id is 9'],
    [withId({ eq: 5 }), withId({ eq: 6 }), 'widened', 'id is 5', 'id is 6'],
    [withId({ gte: 1 }), withId({ eq: 'abc' }), 'widened', 'id is at least 1', 'id is "abc"'],
  ])('from %j to %j is %s', (before, after, change, from, to) => {
    expect(changeOf(before, after, 'instance.show')).toEqual({
      change,
      certain: true,
      subject: 'operation',
      name: 'instance.show',
      category: 'instance_read',
      before: from,
      after: to,
    });
  });

  it.each([
    [{ api: { misc: {} } }, false, 'granted', 'a permission document', 'full access'],
    [null, { api: { misc: {} } }, 'removed', 'full access', 'a permission document'],
  ])('from %j to %j full access is %s', (before, after, change, from, to) => {
    const diff = diffDocuments(before, after);
    expect(diff.changes.filter(({ subject }) => subject === 'other')).toEqual([
      { change, certain: true, subject: 'other', name: '$', before: from, after: to },
    ]);
    expect(newAccess(diff)).toEqual(change === 'granted' ? diff.changes : []);
  });

  it('reports an unpublished endpoint by its name, not by the operations it may stand for', () => {
    const before = { api: { instance_read: { 'api.instance.show': {} } } };
    const after = { api: { instance_read: { 'api.instance.show': {}, 'api.volume.list': {} } } };
    expect(bareDiff(before, after)).toEqual([
      {
        change: 'granted',
        certain: false,
        subject: 'endpoint',
        name: 'api.volume.list',
        category: 'instance_read',
        before: 'nothing',
        after: 'everything',
      },
    ]);
  });

  it('reports an unpublished endpoint by name if the key gets full access', () => {
    const named = { api: { misc: { 'api.foo.bar': { constraints: { id: { eq: 1 } } } } } };
    const endpoint = { subject: 'endpoint', name: 'api.foo.bar', before: 'id is 1', after: 'everything' };
    expect(diffDocuments(named, null).changes).toContainEqual(expect.objectContaining(endpoint));
  });

  // A whole category replaces endpoints whose names are not published, or the other way round.
  it.each([
    [{ 'api.foo.bar': {} }, {}, 'widened', 'unknown', 'everything'],
    [{ 'api.foo.bar': { constraints: { id: { eq: 1 } } } }, {}, 'widened', 'unknown', 'everything'],
    [{ 'api.foo.bar': {}, 'api.foo.baz': {} }, {}, 'widened', 'unknown', 'everything'],
    [{ params: {} }, {}, 'widened', 'unknown', 'everything'],
    [{ constraints: {} }, {}, 'widened', 'unknown', 'everything'],
    [5, {}, 'widened', 'unknown', 'everything'],
    [{}, { 'api.foo.bar': {} }, 'narrowed', 'everything', 'unknown'],
    [{}, { params: {} }, 'narrowed', 'everything', 'unknown'],
    [{}, 5, 'narrowed', 'everything', 'unknown'],
    [undefined, 5, 'granted', 'nothing', 'unknown'],
    [5, undefined, 'removed', 'unknown', 'nothing'],
  ])('in a category, from %j to %j is %s (uncertain)', (before, after, change, from, to) => {
    const inMisc = (node: unknown): unknown => ({
      api: { ...OTHER.api, ...(node === undefined ? {} : { misc: node }) },
    });
    const { changes } = diffDocuments(inMisc(before), inMisc(after));
    const operations = changes.filter(({ subject }) => subject === 'operation');
    expect(operations.map(({ name }) => name)).toEqual(
      operationsOfCategory('misc').map(({ operation }) => operation),
    );
    for (const one of operations) {
      expect(one).toMatchObject({ change, certain: false, category: 'misc', before: from, after: to });
    }
    const isNew = change === 'widened' || change === 'granted';
    expect(newAccess({ changes: operations })).toEqual(isNew ? operations : []);
  });

  it('is uncertain about an endpoint with an undocumented key', () => {
    const odd = { constraints: { id: { eq: 5 } }, other: 1 };
    expect(changeOf(show(odd), show({}), 'instance.show')).toMatchObject({
      change: 'widened',
      certain: false,
      before: 'id is 5',
      after: 'everything',
    });
    expect(changeOf(show({}), show(odd), 'instance.show')).toMatchObject({
      change: 'narrowed',
      certain: false,
    });
    expect(changeOf(show(odd), show({ constraints: odd.constraints }), 'instance.show')).toMatchObject({
      change: 'widened',
      certain: false,
    });
    expect(changeOf(show({ constraints: odd.constraints }), show(odd), 'instance.show')).toMatchObject({
      change: 'narrowed',
      certain: false,
    });
  });

  it('reports a narrower range next to an undocumented key', () => {
    const within = (gte: number) => show({ constraints: { id: { gte } }, other: 1 });
    expect(diffDocuments(within(1), within(2)).changes).toMatchObject([
      { change: 'narrowed', certain: false },
    ]);
  });

  it('names a published endpoint once, as its operation', () => {
    expect(diffDocuments(show({}), withId({ eq: 5 })).changes.map(({ name }) => name)).toEqual([
      'instance.show',
    ]);
  });

  it('names every constraint of an operation', () => {
    const both = show({ constraints: { id: { eq: 5 }, label: { eq: 'a' } } });
    expect(changeOf(show({}), both, 'instance.show')).toMatchObject({ after: 'id is 5 and label is "a"' });
  });

  it('compares unknown categories, which a stored document may have', () => {
    const change = (before: object, after: object) =>
      bareDiff({ api: { ...OTHER.api, ...before } }, { api: { ...OTHER.api, ...after } }).map(
        ({ certain: _, ...one }) => one,
      );
    const all = { subject: 'endpoint', category: 'admin_write', name: '*' };
    const show = { ...all, name: 'api.instance.show' };
    const granted = { change: 'granted', before: 'nothing', after: 'everything' };
    const removed = { change: 'removed', before: 'everything', after: 'nothing' };
    const admin = (node: unknown) => ({ admin_write: node });
    expect(change({}, admin({}))).toEqual([{ ...all, ...granted }]);
    expect(change({}, admin({ 'api.instance.show': {} }))).toEqual([{ ...show, ...granted }]);
    expect(change(admin({ 'api.instance.show': {} }), admin({}))).toEqual([{ ...all, ...granted }]);
    expect(change(admin({}), admin({ 'api.instance.show': {} }))).toEqual([{ ...all, ...removed }]);
    expect(change(admin({ 'api.instance.show': {}, b: {} }), admin({ b: {} }))).toEqual([
      { ...show, ...removed },
    ]);
  });

  it('finds no difference between a malformed document and itself', () => {
    for (const document of [
      withId({ in: [1] }),
      withId(5),
      show(true),
      { api: [] },
      [],
      'x',
      { api: { x: { y: {} } } },
    ]) {
      expect(diffDocuments(document, structuredClone(document)).changes).toEqual([]);
    }
  });
});

describe('newAccess', () => {
  const write = (node: unknown, more: object = {}): unknown => ({ api: { user_write: node, ...more } });
  const named = { 'api.sshkeys.create': {} };

  it.each([
    [
      'a category that grew beside an unknown part',
      write(named, { constraints: {} }),
      write({}, { constraints: {} }),
    ],
    ['a part that was added to a category that grew', write(named), write({ params: 1 })],
    ['two parts that are unknown for different reasons', write(named), write(5)],
    ['no category at all', write({}), { api: {} }],
    ['keys of a document without "api"', { id: { eq: 5 } }, { id: { eq: 6 } }],
    ['a key beside "api"', write({}), { ...(write({}) as object), read: true }],
    ['a key in a limited endpoint', withId({ eq: 5 }), show({ constraints: { id: { eq: 5 } }, all: true })],
    ['a pattern that may have limited the rest', show({}), { api: { instance_read: {} } }],
    ['another type of value', withId({ eq: 5 }), withId({ eq: '5' })],
  ])('has %s', (_, before, after) => {
    expect(newAccess(diffDocuments(before, after))).not.toEqual([]);
  });

  const parts = { constraints: { id: { eq: 1 } }, 'api.odd*': { params: 1 } };
  const unknown = (node: object, more: object = {}): unknown => ({
    params: 1,
    api: { instance_read: { ...node, ...parts }, ...more },
  });
  const limited = {
    'api.instance.show': { constraints: { id: { gte: 1, lte: 9 } } },
    'api.instance.request_logs': {},
  };
  it.each([
    ['the same document', unknown(limited), structuredClone(unknown(limited))],
    [
      'an endpoint that was removed',
      unknown(limited),
      unknown({ 'api.instance.show': limited['api.instance.show'] }),
    ],
    [
      'a narrower condition',
      unknown(limited),
      unknown({ ...limited, 'api.instance.show': { constraints: { id: { gte: 2, lte: 9 } } } }),
    ],
    [
      'a category that was removed',
      unknown(limited, { misc: { params: 2 }, user_read: {} }),
      unknown(limited),
    ],
  ])('is empty for %s beside unknown parts', (_, before, after) => {
    expect(newAccess(diffDocuments(before, after))).toEqual([]);
  });

  it('shows a request, and what decides', () => {
    const within = (condition: object) => ({
      api: { instance_write: { 'api.instance.destroy': { constraints: { id: condition } } } },
    });
    const after = within({ gte: 5 });
    expect(diffDocuments(within({ eq: 5 }), after, () => 5).changes).toMatchObject([
      {
        request: { method: 'DELETE', path: '/api/v0/instances/6/' },
        path: "$.api.instance_write['api.instance.destroy'].constraints",
        line: 5,
      },
    ]);
  });

  it('names the parameters of the body', () => {
    const label = show({ constraints: { id: { eq: 7 }, label: { eq: 'a b' } } });
    const change = diffDocuments(OTHER, label).changes.find(({ name }) => name === 'instance.show');
    expect(change?.request).toEqual({
      method: 'GET',
      path: '/api/v0/instances/7/',
      parameters: { label: 'a b' },
    });
  });
});

describe('isNotGranting', () => {
  it('is true only for operations that are denied', () => {
    expect(isNotGranting({ api: { instance_read: {} } }, 'instance.destroy')).toBe(true);
    expect(isNotGranting({ api: { instance_read: {} } }, 'api.instance.destroy')).toBe(true);
    expect(isNotGranting(withId({ eq: 5 }), 'instance.show')).toBe(false);
    expect(isNotGranting({ api: { instance_read: { 'api.x.y': {} } } }, 'instance.list')).toBe(false);
    expect(isNotGranting(false, 'instance.destroy')).toBe(false);
    expect(isNotGranting([], 'instance.destroy')).toBe(false);
    expect(isNotGranting({ api: {} }, 'no.such')).toBeUndefined();
  });
});
