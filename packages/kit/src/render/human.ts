import { withoutInvisible } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Column, Part, Span, Text } from '../result.js';
import { homeFolder, withTilde } from './home-path.js';
import { colourJson, toJson } from './json.js';
import type { Styles } from './styles.js';
import { renderTable } from './table.js';
import { STDOUT, type Terminal } from './terminal.js';
import { widthOf } from './text-width.js';
import { wrap } from './wrap.js';

/** The extra indent of the wrapped lines of an entry, in columns. */
const ENTRY_HANG = 2;

/** A stream that may be a terminal, and the styles that it supports. */
export interface Target {
  readonly stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>;
  readonly style: Styles;
}

/**
 * Returns a part of a result as text for standard output, including its final line break. Removes control and invisible
 * characters before it adds styles.
 */
export function renderPart(part: Part, terminal: Terminal): string {
  const target = { stream: STDOUT, style: terminal.stdout };
  switch (part.kind) {
    case 'line':
      return `${styled(part.text, target.style)}\n`;
    case 'sentence':
      return `${fitted(part.text, target, { before: part.before })}\n`;
    case 'entries':
      return `${fitted(withoutFinalBreak(part.text), target, { hang: ENTRY_HANG })}\n`;
    case 'sized':
      return `${styled(part.textFor(terminal.columns), target.style)}\n`;
    case 'table':
      return `${part.render((columns, rows) => tableOf(columns, rows, terminal))}\n`;
    case 'json':
      return `${colourJson(toJson(part.document), target.style)}\n`;
    case 'verbatim':
      return part.text;
  }
}

/**
 * Removes control and invisible characters from text and adds its styles. For a terminal it shortens the home folder to
 * `~` and wraps at spaces; other streams get unwrapped text with full paths, for scripts.
 *
 * @param before text before it on the same line; wrapped lines align with the text
 * @param hang extra indent of wrapped lines, in columns
 */
export function fitted(
  text: Text,
  { stream, style }: Target,
  { before = '', hang = 0 }: { before?: Text | undefined; hang?: number } = {},
): string {
  const start = styled(before, style);
  const fit = (piece: Text) => {
    if (!stream.isTTY) return styled(piece, style);
    const home = homeFolder();
    const short = styled(piece, style, (plain) => withTilde(plain, home));
    return stream.columns ? wrap(short, stream.columns, { begin: widthOf(start), hang }) : short;
  };
  // A style for the whole text comes last, because wrapping looks for indents and commands at the start of lines.
  return start + (isSpan(text) ? style[text.style](fit(text.text)) : fit(text));
}

/** Removes control and invisible characters from a string, except for line breaks. */
export function sanitize(text: string): string {
  return text.split('\n').map(withoutInvisible).join('\n');
}

function styled(text: Text, style: Styles, shorten = (plain: string) => plain): string {
  const show = (piece: string | Span): string =>
    typeof piece === 'string' ? shorten(sanitize(piece)) : style[piece.style](shorten(sanitize(piece.text)));
  return typeof text === 'string' || isSpan(text) ? show(text) : text.map(show).join('');
}

function isSpan(text: Text): text is Span {
  return typeof text !== 'string' && 'text' in text;
}

function withoutFinalBreak(text: Text): Text {
  return typeof text === 'string' ? text.replace(/\n$/u, '') : text;
}

function tableOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { stdout, columns: width }: Terminal,
): string {
  const home = homeFolder();
  const short = columns.map((column) => ({
    ...column,
    value: (row: Row) => (width === undefined ? column.value(row) : withTilde(column.value(row), home)),
  }));
  return renderTable(short, rows, stdout, width);
}
