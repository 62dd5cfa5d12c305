import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../catalogue/categories.js';
import { categoryProbes } from './probes.js';

describe('categoryProbes', () => {
  it('has one probe for each category, and an operation for each that is not only for writing', () => {
    const probes = categoryProbes();
    expect(probes.map(({ category }) => category)).toEqual([...CATEGORIES]);
    for (const { category, operation } of probes) {
      expect([category, operation === undefined]).toEqual([category, category.endsWith('_write')]);
    }
  });

  it('sends only GET requests without parameters, which read, and belong to their category', () => {
    for (const { category, operation } of categoryProbes()) {
      if (operation === undefined) continue;
      expect(operation).toMatchObject({ method: 'GET', parameters: [], category });
      expect(operation.risks.map(({ kind }) => kind)).toEqual(['read']);
    }
  });
});
