import { describe, expect, it } from 'vitest';
import type { AccessChange } from './access-change.js';
import { diffDocuments, newAccess } from './diff.js';

const show = (leaf: unknown): unknown => ({ api: { instance_read: { 'api.instance.show': leaf } } });
/** A change without what shows it. */
const bare = ({ request: _, path: __, line: ___, ...change }: AccessChange) => change;
const changeOf = (before: unknown, after: unknown, name: string): unknown =>
  diffDocuments(before, after)
    .changes.map(bare)
    .find((change) => change.name === name);

describe('a part whose effect is unknown', () => {
  const withPart = (part: unknown): readonly (readonly [name: string, document: unknown])[] => [
    ['$.constraints', { constraints: part, api: { misc: {} } }],
    ['$.params', { api: { misc: {} }, params: part }],
    ['$.api.constraints', { api: { constraints: part, misc: {} } }],
    ['$.api.params', { api: { misc: {}, params: part } }],
    ['$.api.misc.constraints', { api: { misc: { constraints: part } } }],
    ['$.api.misc.params', { api: { misc: { params: part, 'api.x.y': {} } } }],
    ["$.api.misc['api.x.y'].params", { api: { misc: { 'api.x.y': { params: part } } } }],
  ];
  const parts = withPart({ a: {} });

  it.each(parts)('reports a changed %s as possibly more access', (name, before) => {
    const after = withPart({ b: {} }).find(([one]) => one === name)?.[1];
    const change = { change: 'widened', certain: false, before: 'present', after: 'different' };
    expect(diffDocuments(before, after).changes.map(bare)).toEqual([{ ...change, subject: 'other', name }]);
  });

  it.each(parts)(
    'reports an added %s as narrower access, and a removed one as possibly wider',
    (name, document) => {
      const without = JSON.parse(
        JSON.stringify(document, (_, value) => (value?.a === undefined ? value : undefined)),
      );
      const part = { certain: false, subject: 'other', name };
      expect(changeOf(without, document, name)).toEqual({
        ...part,
        change: 'narrowed',
        before: 'absent',
        after: 'present',
      });
      expect(changeOf(document, without, name)).toEqual({
        ...part,
        change: 'widened',
        before: 'present',
        after: 'absent',
      });
      // It is no endpoint, and no category with endpoints of its own.
      const names = diffDocuments(without, document).changes.map((change) => change.name);
      expect(names).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(?:params|constraints|a|\*)$/)]),
      );
    },
  );

  // Nothing is known of what is allowed, before and after: only the part itself tells that it changed.
  it.each([
    ['$', { read: true }, { read: true, write: true }],
    ['$', { api: [] }, { read: true }],
    ['$', 'x', ['x']],
    ['$', { api: 1 }, { api: 2 }],
    ['$.api.misc', { api: { misc: 5 } }, { api: { misc: [] } }],
    ["$.api.misc['api.x.y']", { api: { misc: { 'api.x.y': 1 } } }, { api: { misc: { 'api.x.y': true } } }],
    ["$.api.instance_read['api.instance.show'].other", show({ other: 1 }), show({ other: 2 })],
    ["$.api.instance_read['api.instance.show'].other", show({ other: {} }), show({ other: { a: 1 } })],
    [
      "$.api.instance_read['api.instance.show'].constraints",
      show({ constraints: 1 }),
      show({ constraints: [1] }),
    ],
  ])('reports a changed %s as possibly more access if neither is documented', (name, before, after) => {
    const change = { change: 'widened', certain: false, before: 'present', after: 'different' };
    for (const changes of [
      newAccess(diffDocuments(before, after)),
      newAccess(diffDocuments(after, before)),
    ]) {
      expect(changes.map(bare)).toEqual([{ ...change, subject: 'other', name }]);
    }
  });

  it('finds a change below a key that is too long to print', () => {
    const named = (part: unknown): unknown => ({
      api: { misc: { [`${'a'.repeat(2000)}1`]: { params: part }, [`${'a'.repeat(2000)}2`]: { params: 1 } } },
    });
    expect(newAccess(diffDocuments(named(1), named(2)))).toMatchObject([
      { subject: 'other', after: 'different' },
    ]);
  });

  it('does not report a part that is malformed in only one document, since operations show it', () => {
    const valid = { api: { instance_read: { 'api.instance.show': {} } } };
    for (const malformed of [{ read: true }, show({ other: 1 }), show(5), { api: { instance_read: 5 } }]) {
      const both = [...diffDocuments(valid, malformed).changes, ...diffDocuments(malformed, valid).changes];
      expect(both.filter(({ subject }) => subject !== 'operation')).toEqual([]);
    }
  });

  it('ignores parts in an unknown category', () => {
    const admin = (node: unknown) => ({ api: { admin_write: node } });
    const { changes } = diffDocuments(admin({ params: 1 }), admin({}));
    expect(changes.map(({ name }) => name)).toEqual(['$.api.admin_write.params']);
  });

  it('does not find more access if an undocumented part is removed', () => {
    // An endpoint of another category certainly grants nothing, while nobody knows what an empty "api" grants.
    const nothing = { api: { misc: { 'api.instance.show': {} } } };
    for (const before of [{ read: true }, { api: { misc: 5 } }, 'x']) {
      expect(newAccess(diffDocuments(before, nothing))).toEqual([]);
    }
  });

  it('does not mistake anything deeper, or outside "api", for such a part', () => {
    const constrained = (condition: unknown): unknown => ({
      api: { misc: { 'api.x.y': { constraints: { params: condition, constraints: { eq: 1 } } } } },
    });
    expect(diffDocuments(constrained({ eq: 1 }), constrained({ eq: 2 })).changes).toMatchObject([
      { subject: 'endpoint', name: 'api.x.y', before: 'params is 1 and constraints is 1' },
    ]);
    const beside = (part: unknown): unknown => ({
      $schema: { params: part, b: { params: part } },
      api: { misc: {} },
    });
    expect(diffDocuments(beside(1), beside(2)).changes).toEqual([]);
  });
});
