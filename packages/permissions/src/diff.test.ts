import { describe, expect, it } from 'vitest';
import { diffDocuments, isNotGranting, newAccess } from './diff.js';
import { diffText } from './diff-text.js';

const show = (leaf: unknown): unknown => ({ api: { instance_read: { 'api.instance.show': leaf } } });
const withId = (condition: unknown): unknown => show({ constraints: { id: condition } });
const changeOf = (before: unknown, after: unknown, name: string): unknown =>
  diffDocuments(before, after).changes.find((change) => change.name === name);

describe('diffDocuments', () => {
  it('does not see how a document is written', () => {
    const left = {
      api: { team_read: {}, instance_read: { 'api.instance.show': {}, 'api.instance.request_logs': {} } },
    };
    const right = {
      api: { instance_read: { 'api.instance.request_logs': {}, 'api.instance.show': {} }, team_read: {} },
    };
    expect(diffDocuments(left, right).changes).toEqual([]);
    expect(diffDocuments(withId({ eq: 5 }), withId({ eq: '5' })).changes).toEqual([]);
    expect(diffDocuments(withId({ eq: 5 }), withId({ gte: 5, lte: 5 })).changes).toEqual([]);
    expect(diffDocuments(show({}), show({ constraints: {} })).changes).toEqual([]);
  });

  it.each([
    [show({}), { api: {} }, 'removed', 'everything', 'nothing'],
    [{ api: {} }, withId({ eq: 5 }), 'granted', 'nothing', 'id is 5'],
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

  it('sees full access come and go', () => {
    expect(newAccess(diffDocuments({ api: { misc: {} } }, false)).map(({ name }) => name)).toContain('$');
    expect(newAccess(diffDocuments(null, { api: { misc: {} } }))).toEqual([]);
  });

  it('names an endpoint whose name is not published, instead of everything that it may stand for', () => {
    const before = { api: { instance_read: { 'api.instance.show': {} } } };
    const after = { api: { instance_read: { 'api.instance.show': {}, 'api.volume.list': {} } } };
    expect(diffDocuments(before, after).changes).toEqual([
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

  it('treats a change of a part whose effect is not documented as possibly more access', () => {
    const one = { api: { misc: {}, params: { a: 1 } } };
    const other = { api: { misc: {}, params: { a: 2 } } };
    expect(newAccess(diffDocuments(one, other))).toMatchObject([{ certain: false, name: '$.api.params' }]);
    expect(newAccess(diffDocuments({ api: { misc: {} } }, one))).toEqual([]);
  });

  it('sees categories that the catalogue does not know, as a stored document may have', () => {
    const changes = diffDocuments({ api: {} }, { api: { admin_write: {} } }).changes;
    expect(changes).toMatchObject([{ change: 'granted', category: 'admin_write', name: '*' }]);
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

  it('prints what gives access first, escaped, and a line where nothing changes', () => {
    const after = { api: { misc: {}, instance_read: { 'api.\u001b[31m': {} } } };
    const text = diffText(diffDocuments({ api: { team_read: {} } }, after));
    expect(text.indexOf('granted')).toBeLessThan(text.indexOf('removed'));
    expect(text).toContain(
      '  endpoint api.\\u{1b}[31m (instance_read): nothing → everything, as far as is known\n',
    );
    expect(text).not.toContain('\u001b');
    expect(diffText({ changes: [] })).toBe('Both allow the same.\n');
  });
});

describe('isNotGranting', () => {
  it('is sure only of what is denied', () => {
    expect(isNotGranting({ api: { instance_read: {} } }, 'instance.destroy')).toBe(true);
    expect(isNotGranting({ api: { instance_read: {} } }, 'api.instance.destroy')).toBe(true);
    expect(isNotGranting(withId({ eq: 5 }), 'instance.show')).toBe(false);
    expect(isNotGranting({ api: { instance_read: { 'api.x.y': {} } } }, 'instance.list')).toBe(false);
    expect(isNotGranting(false, 'instance.destroy')).toBe(false);
    expect(isNotGranting([], 'instance.destroy')).toBe(false);
    expect(isNotGranting({ api: {} }, 'no.such')).toBeUndefined();
  });
});
