import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from './categories.js';
import { categoriesLike, misspelledCategory } from './similar-category.js';

describe('categoriesLike', () => {
  it.each([
    ['agent_read', ['agents_read']],
    ['agents', ['agents_read', 'agents_write']],
    ['machines_write', ['machine_write']],
    ['machine', ['machine_read', 'machine_write']],
    ['billing', ['billing_read', 'billing_write']],
    ['Instance-Read', ['instance_read']],
    ['mics', ['misc']],
    ['template_read', []],
    ['x'.repeat(100), []],
  ])('returns the categories that %s resembles', (name, expected) => {
    expect(categoriesLike(name)).toEqual(expected);
  });
});

describe('misspelledCategory', () => {
  it('finds each category by one letter more or less, or two swapped, and never another one', () => {
    const category = fc.constantFrom(...CATEGORIES);
    const misspelled = category.chain((name) =>
      fc.record({
        name: fc.constant(name),
        at: fc.nat(name.length - 2),
        edit: fc.constantFrom('add', 'drop', 'swap'),
      }),
    );
    fc.assert(
      fc.property(misspelled, ({ name, at, edit }) => {
        const [a = '', b = ''] = name.slice(at, at + 2);
        const middle = { add: `${a}${a}${b}`, drop: b, swap: `${b}${a}` }[edit];
        expect([name, undefined]).toContain(
          misspelledCategory(name.slice(0, at) + middle + name.slice(at + 2)),
        );
      }),
      { numRuns: 500 },
    );
    expect(misspelledCategory('agnets_read')).toBe('agents_read');
    expect(misspelledCategory('machine_reads')).toBe('machine_read');
    expect(misspelledCategory('agents_read')).toBeUndefined();
  });
});
