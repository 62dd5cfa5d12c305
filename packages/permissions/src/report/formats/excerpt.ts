import { printable } from './printable.js';

/** Longer lines are cut to this width, however wide the terminal is. */
const WIDEST = 100;
const LEAST = 20;

/** Returns how many columns remain for a line of a file after its prefix. */
export function roomFor(before: string, columns: number | undefined): number {
  return Math.max(LEAST, Math.min(WIDEST, (columns ?? Number.POSITIVE_INFINITY) - before.length));
}

/** Returns the part of a line around a column, and the number of characters in it before the column. */
export function excerpt(source: string, column: number, widest: number): { shown: string; before: number } {
  const at = Math.min(column - 1, source.length);
  const half = Math.floor(widest / 2);
  const from = source.length <= widest ? 0 : Math.max(0, Math.min(at - half, source.length - widest));
  return { shown: printable(source.slice(from, from + widest)), before: at - from };
}
