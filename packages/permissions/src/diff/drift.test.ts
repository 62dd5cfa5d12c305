import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { CATEGORIES } from '../catalogue/categories.js';
import { accessReader } from '../decision/access.js';
import { driftBetween } from './drift.js';

const leaf = fc.oneof(
  fc.constant({}),
  fc.record({ constraints: fc.record({ id: fc.record({ eq: fc.integer({ min: 1, max: 3 }) }) }) }),
);
const endpoints = fc.constantFrom(
  'api.instance.destroy',
  'api.instance.reboot',
  'api.team.members',
  'api.x.y',
);
const document = fc.record({
  api: fc.dictionary(
    fc.constantFrom(...CATEGORIES),
    fc.oneof(fc.constant({}), fc.dictionary(endpoints, leaf, { minKeys: 1, maxKeys: 2 })),
    { minKeys: 1, maxKeys: 4 },
  ),
});
const directionOf = (expected: unknown, actual: unknown) => driftBetween(expected, actual)?.direction;
const check = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>) =>
  fc.assert(property, { numRuns: 300 });

describe('driftBetween', () => {
  it.each([
    [{ api: { misc: {} } }, { api: { misc: {}, user_read: {} } }, 'more'],
    [{ api: { misc: {}, user_read: {} } }, { api: { misc: {} } }, 'less'],
    [{ api: { misc: {} } }, { api: { user_read: {} } }, 'both'],
    [{ api: { misc: {} } }, null, 'more'],
    [null, { api: { misc: {} } }, 'less'],
    [{ api: { misc: {}, user_read: {} } }, { api: { user_read: {}, misc: {} } }, undefined],
    [null, null, undefined],
    // Endpoints in another category than theirs grant nothing.
    [
      { api: { misc: { 'api.instance.destroy': {} } } },
      { api: { misc: { 'api.team.members': {} } } },
      undefined,
    ],
  ])('between %j and %j is %s', (expected, actual, direction) => {
    expect(directionOf(expected, actual)).toBe(direction);
  });

  it('finds none between a document and itself', () => {
    check(
      fc.property(document, (one) => {
        expect(directionOf(one, structuredClone(one))).toBeUndefined();
      }),
    );
  });

  it('is reversed in the other direction', () => {
    const REVERSED = { more: 'less', less: 'more', both: 'both' } as const;
    check(
      fc.property(document, document, (one, other) => {
        const direction = directionOf(one, other);
        expect(directionOf(other, one)).toBe(direction && REVERSED[direction]);
      }),
    );
  });

  it('is more if an operation is allowed that was denied, and less the other way round', () => {
    check(
      fc.property(document, document, (expected, actual) => {
        const before = accessReader(expected);
        const after = accessReader(actual);
        const gained = OPERATIONS.some((one) => before(one).grant === 'deny' && after(one).grant === 'allow');
        const lost = OPERATIONS.some((one) => before(one).grant === 'allow' && after(one).grant === 'deny');
        const direction = directionOf(expected, actual);
        if (gained) expect(['more', 'both']).toContain(direction);
        if (lost) expect(['less', 'both']).toContain(direction);
      }),
    );
  });
});
