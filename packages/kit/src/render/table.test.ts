import { describe, expect, it } from 'vitest';
import type { Column } from '../result.js';
import { STYLED, UNSTYLED } from './styles.js';
import { renderTable } from './table.js';

interface Row {
  readonly id: number;
  readonly name: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ID', value: ({ id }) => String(id) },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'END', value: () => 'x' },
];
const PLAIN = UNSTYLED;
const table = (names: readonly string[], width?: number) =>
  renderTable(
    COLUMNS,
    names.map((name, at) => ({ id: at + 1, name })),
    PLAIN,
    width,
  ).split('\n');

describe('renderTable', () => {
  it('aligns columns without trailing white space', () => {
    expect(table(['a', 'longer', ''])).toEqual([
      'ID  NAME    END',
      '1   a       x',
      '2   longer  x',
      '3           x',
    ]);
  });

  it('prints only the header if it has no rows', () => {
    expect(table([])).toEqual(['ID  NAME  END']);
  });

  it('measures terminal columns, not characters', () => {
    // Two wide characters, a letter with a combining accent, an emoji of several code points.
    expect(table(['日本', 'e\u0301', '👩‍🚀', 'abcd'])).toEqual([
      'ID  NAME  END',
      '1   日本  x',
      '2   e\u0301     x',
      expect.stringMatching(/^3 {3}👩‍🚀 +x$/u),
      '4   abcd  x',
    ]);
  });

  it('cuts shrinkable columns if the terminal is too narrow', () => {
    const lines = table(['a name that is much too long', 'short'], 24);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(24);
    expect(lines[1]).toBe('1   a name that is…  x');
    expect(lines[2]).toMatch(/^2 {3}short +x$/);
  });

  it('shrinks the widest column first, and only as much as needed', () => {
    const columns: Column<readonly [string, string]>[] = [
      { title: 'A', value: ([a]) => a, shrinks: true },
      { title: 'B', value: ([, b]) => b, shrinks: true },
    ];
    const at = (width: number) =>
      renderTable(columns, [['a'.repeat(20), 'b'.repeat(12)]], PLAIN, width).split('\n')[1];
    expect(at(34)).toBe(`${'a'.repeat(20)}  ${'b'.repeat(12)}`);
    expect(at(33)).toBe(`${'a'.repeat(18)}…  ${'b'.repeat(12)}`);
    expect(at(26)).toBe(`${'a'.repeat(11)}…  ${'b'.repeat(12)}`);
    expect(at(25)).toBe(`${'a'.repeat(10)}…  ${'b'.repeat(12)}`);
    expect(at(24)).toBe(`${'a'.repeat(10)}…  ${'b'.repeat(10)}…`);
    expect(at(18)).toBe(`${'a'.repeat(7)}…  ${'b'.repeat(7)}…`);
    expect(at(1)).toBe(`${'a'.repeat(7)}…  ${'b'.repeat(7)}…`);
  });

  it('never cuts a column that is not shrinkable', () => {
    const columns: Column<string>[] = [
      { title: 'A', value: (text) => text },
      { title: 'B', value: (text) => text, shrinks: true },
    ];
    const [, line] = renderTable(columns, ['x'.repeat(30)], PLAIN, 20).split('\n');
    expect(line).toBe(`${'x'.repeat(30)}  ${'x'.repeat(7)}…`);
  });

  it('does not cut a wide character in half', () => {
    const [, line] = table(['日本語日本語日本語'], 20);
    expect(line).toMatch(/^1 {3}日本語日本… {0,3}x$/u);
  });

  it('keeps every column readable on a very narrow terminal', () => {
    const [head, line] = table(['abcdefghijklmnop'], 1);
    expect(head).toMatch(/^ID +NAME +END$/);
    expect(line).toBe('1   abcdefg…  x');
  });

  it('cuts only very long cells if the width is unknown', () => {
    expect(table(['x'.repeat(300)])[1]).toBe(`1   ${'x'.repeat(300)}  x`);
    expect(table(['x'.repeat(100_000), 'y']).join('').length).toBeLessThan(1000);
  });

  it('removes control characters from cells', () => {
    const [, line] = table(['a\u001b[2Jb\nc\td\u202ee']);
    expect(line).toBe('1   ab c de  x');
  });

  it('prints its header in bold if colour is on', () => {
    const style = STYLED;
    const [head] = renderTable(COLUMNS, [], style).split('\n');
    expect(head).toBe(style.bold('ID  NAME  END'));
  });

  it('never cuts a whole column: it goes below its row', () => {
    const path = '/home/you/.config/vastai/vast_api_key';
    const columns: Column<string>[] = [
      { title: 'NAME', value: (name) => name, shrinks: true },
      { title: 'PLACE', value: (name) => ({ none: '', dash: '-' })[name] ?? path, whole: true },
    ];
    const at = (width: number) => renderTable(columns, ['file', 'none', 'dash'], PLAIN, width).split('\n');
    expect(at(43)).toEqual(['NAME  PLACE', `file  ${path}`, 'none', 'dash  -']);
    expect(at(42)).toEqual(['NAME', 'file', `    place ${path}`, 'none', 'dash']);
    const long: Column<string>[] = [{ title: 'PLACE', value: () => 'x'.repeat(500), whole: true }];
    expect(renderTable(long, [''], PLAIN)).toContain('x'.repeat(500));
  });

  it('colours a cell without changing its width', () => {
    const columns: Column<string>[] = [
      { title: 'STATE', value: (state) => state, style: () => 'red' },
      { title: 'END', value: () => 'x' },
    ];
    const [title, row] = renderTable(columns, ['bad'], STYLED).split('\n');
    expect(title).toBe('\u001b[1mSTATE  END\u001b[22m');
    expect(row).toBe('\u001b[31mbad  \u001b[39m  x');
  });

  it('wraps text to read below its row if the table is too wide', () => {
    const columns: Column<Row>[] = [
      { title: 'ID', value: ({ id }) => String(id) },
      { title: 'AT WORST', value: ({ name }) => name, wraps: true },
    ];
    const rows = [
      { id: 1, name: 'change who has access, read secrets, spend money' },
      { id: 2, name: '' },
    ];
    expect(renderTable(columns, rows, PLAIN, 30).split('\n')).toEqual([
      'ID',
      '1',
      '    at worst change who has',
      '      access, read secrets,',
      '      spend money',
      '2',
    ]);
    expect(renderTable(columns, rows, PLAIN, 80).split('\n')[1]).toBe(`1   ${rows[0]?.name}`);
  });

  it('moves text below its row from the last column on, as far as the others need it', () => {
    const columns: Column<Row>[] = [
      { title: 'NAME', value: ({ name }) => name, shrinks: true },
      { title: 'LAST USE', value: () => '368d ago', wraps: true },
      { title: 'FINDINGS', value: () => '1 security', wraps: true },
      { title: 'AT WORST', value: () => 'spend money', wraps: true, style: () => 'red' },
    ];
    const at = (width: number, style = PLAIN) =>
      renderTable(columns, [{ id: 1, name: 'a-longer-name' }], style, width).split('\n');
    const worst = '    at worst spend money';
    expect(at(40)).toEqual([
      'NAME           LAST USE  FINDINGS',
      'a-longer-name  368d ago  1 security',
      worst,
    ]);
    expect(at(30)).toEqual(['NAME      LAST USE  FINDINGS', 'a-longe…  368d ago  1 security', worst]);
    const findings = '    findings 1 security';
    expect(at(29)).toEqual(['NAME           LAST USE', 'a-longer-name  368d ago', findings, worst]);
    expect(at(17)).toEqual([
      'NAME',
      'a-longer-name',
      '    last use 368d',
      '      ago',
      '    findings 1',
      '      security',
      '    at worst',
      '      spend money',
    ]);
    expect(at(40, STYLED)[2]).toBe(`\u001b[31m${worst}\u001b[39m`);
  });
});
