import { serverText } from '@vastai-cli/core/api/server-text';
import type { Ansis } from 'ansis';
import { widthOf } from './text-width.js';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Cut first when the terminal is too narrow. */
  readonly shrinks?: boolean;
}

const GAP = '  ';
const LEAST = 8;

/**
 * A table as text, without a final line break. Cells are cleaned of control characters.
 *
 * @param width the columns of the terminal; without one (a pipe) only cells beyond 300 characters are cut.
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  style: Ansis,
  width?: number,
): string {
  const cells = rows.map((row) => columns.map((column) => serverText(column.value(row))));
  const widths = columns.map((column, at) =>
    cells.reduce((most, line) => Math.max(most, widthOf(line[at] ?? '')), column.title.length),
  );
  if (width !== undefined) shrink(columns, widths, width);
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) => fit(text, widths[at] ?? 0))
      .join(GAP)
      .trimEnd();
  return [style.bold(line(columns.map((column) => column.title))), ...cells.map(line)].join('\n');
}

/** Takes what is too wide from the columns that may shrink, always from the widest of them. */
function shrink<Row>(columns: readonly Column<Row>[], widths: number[], width: number): void {
  let excess = widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1)) - width;
  while (excess > 0) {
    const shrinkable = columns.flatMap((column, at) =>
      column.shrinks && (widths[at] ?? 0) > LEAST ? [at] : [],
    );
    if (shrinkable.length === 0) return;
    const widest = shrinkable.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a));
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
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
