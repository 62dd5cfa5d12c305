import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { DIAGNOSTIC_RULES } from '../validation/diagnostics.js';
import { cataloguePage } from './catalogue-page.js';
import { diagnosticsPage } from './diagnostics-page.js';

describe('the generated pages', () => {
  it('have a section for every code', () => {
    const headings = diagnosticsPage()
      .match(/^### VP\d{3}(?=: )/gmu)
      ?.map((heading) => heading.slice(4));
    expect(headings?.sort()).toEqual(Object.keys(DIAGNOSTIC_RULES).sort());
  });

  it('have a row for every operation, with as many cells as the header', () => {
    const rows = cataloguePage()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows).toHaveLength(OPERATIONS.length);
    expect(rows.filter((row) => row.split(' | ').length !== 6)).toEqual([]);
  });
});
