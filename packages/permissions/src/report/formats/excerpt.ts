import { printable } from './printable.js';

/** Of a longer line only so much is shown, however wide the terminal. */
const WIDEST = 100;
const LEAST = 20;

/** Returns how much of a line of a file is shown behind what stands before it. */
export function roomFor(before: string, columns: number | undefined): number {
  return Math.max(LEAST, Math.min(WIDEST, (columns ?? Number.POSITIVE_INFINITY) - before.length));
}

/** Returns a part of a line that holds the column, and how much of it stands before the column. */
export function excerpt(source: string, column: number, widest: number): { shown: string; before: number } {
  const at = Math.min(column - 1, source.length);
  const half = Math.floor(widest / 2);
  const from = source.length <= widest ? 0 : Math.max(0, Math.min(at - half, source.length - widest));
  return { shown: printable(source.slice(from, from + widest)), before: at - from };
}
