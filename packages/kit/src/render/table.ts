import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Column } from '../result.js';
import type { Styles } from './styles.js';
import { widthOf } from './text-width.js';
import { wrap } from './wrap.js';

const GAP = '  ';
const BELOW = '    ';
/** The extra indent of wrapped text below a row, in columns. */
const HANG = 2;
const LEAST = 8;
/** The cells that need no line below a row. */
const NOTHING = ['', '-'];

/**
 * Returns a table as text, without a final line break. Removes control characters from cells.
 *
 * @param width the width of the terminal in columns; without one, only cells of more than 300 characters are cut
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  style: Styles,
  width?: number,
): string {
  const cellOf = (row: Row, column: Column<Row>) =>
    serverText(column.value(row), column.whole || column.wraps ? Number.POSITIVE_INFINITY : undefined);
  const all = columns.map((column) => {
    const widest = rows.reduce((most, row) => Math.max(most, widthOf(cellOf(row, column))), 0);
    return { column, width: Math.max(widest, column.title.length) };
  });
  const isWide = width !== undefined && totalOf(all) > width;
  const below = isWide ? columnsBelow(all, width) : [];
  const inLine = all.filter(({ column }) => !below.includes(column));
  if (isWide) shrink(inLine, width);
  const line = (show: (one: Sized<Row>) => string) => inLine.map(show).join(GAP).trimEnd();
  const title = style.bold(line(({ column, width }) => fit(column.title, width)));
  const lines = rows.flatMap((row) => [
    line(({ column, width }) => {
      const cell = fit(cellOf(row, column), width);
      const name = column.style?.(row);
      return name === undefined ? cell : style[name](cell);
    }),
    ...below
      .filter((column) => !NOTHING.includes(cellOf(row, column)))
      .map((column) => {
        const text = `${BELOW}${column.title.toLowerCase()} ${cellOf(row, column)}`;
        const name = column.style?.(row);
        const shown = column.wraps ? wrap(text, width ?? 0, { hang: HANG }) : text;
        return name === undefined ? shown : style[name](shown);
      }),
  ]);
  return [title, ...lines].join('\n');
}

interface Sized<Row> {
  readonly column: Column<Row>;
  width: number;
}

function totalOf(columns: readonly { readonly width: number }[]): number {
  return columns.reduce((sum, { width }) => sum + width, GAP.length * (columns.length - 1));
}

/**
 * Returns the columns of a table that is too wide which go below its rows: those that must not be cut, and as much text to
 * read, from the last column on, as the other columns need room.
 */
function columnsBelow<Row>(all: readonly Sized<Row>[], width: number): readonly Column<Row>[] {
  const texts = all.filter(({ column }) => column.wraps);
  const below = new Set(all.filter((one) => one.column.whole || one === texts.at(-1)));
  for (const next of texts.reverse()) {
    const rest = all.filter((one) => !below.has(one));
    if (totalOf(rest.map(narrowest)) <= width) break;
    below.add(next);
  }
  return all.filter((one) => below.has(one)).map(({ column }) => column);
}

function narrowest<Row>({ column, width }: Sized<Row>): { readonly width: number } {
  return { width: column.shrinks ? Math.min(width, LEAST) : width };
}

/** Narrows the shrinkable columns until the table fits, always the widest one first. */
function shrink<Row>(columns: readonly Sized<Row>[], width: number): void {
  for (let excess = totalOf(columns) - width; excess > 0; excess -= 1) {
    const shrinkable = columns.filter(({ column, width }) => column.shrinks && width > LEAST);
    if (shrinkable.length === 0) return;
    shrinkable.reduce((a, b) => (b.width > a.width ? b : a)).width -= 1;
  }
}

function fit(text: string, width: number): string {
  const missing = width - widthOf(text);
  if (missing >= 0) return text + ' '.repeat(missing);
  let kept = '';
  let taken = 0;
  for (const character of text) {
    const more = widthOf(character);
    if (taken + more > width - 1) break;
    kept += character;
    taken += more;
  }
  return `${kept}…${' '.repeat(width - 1 - taken)}`;
}
