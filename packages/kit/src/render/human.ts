import { withoutInvisible } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Ansis } from 'ansis';
import type { Column, Part, Span, Text } from '../result.js';
import { withTilde } from './home-path.js';
import { colourJson, toJson } from './json.js';
import { renderTable } from './table.js';
import type { Terminal } from './terminal.js';
import { widthOf } from './text-width.js';
import { wrap } from './wrap.js';

/** How much deeper an entry goes on than it began. */
const ENTRY_HANG = 2;

/** Where a text is going: to a stream that may be a terminal, in the styles that it shows. */
export interface Target {
  readonly stream: NodeJS.WriteStream;
  readonly style: Ansis;
}

/**
 * Renders a part of a result for standard output, its last line break included. What it says is cleaned of what could
 * steer a terminal or hide there, before styles are added.
 */
export function renderPart(part: Part, terminal: Terminal): string {
  const target = { stream: process.stdout, style: terminal.stdout };
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
 * Cleans a text and adds its styles. On a terminal that knows its width it is broken at spaces, with `~` for the home
 * folder; what goes elsewhere stays one line with whole paths for a script.
 *
 * @param before what stands in front of it on its line; the lines below begin beneath the text.
 * @param hang how many columns deeper each line goes on than it began.
 */
export function fitted(
  text: Text,
  { stream, style }: Target,
  { before = '', hang = 0 }: { before?: Text | undefined; hang?: number } = {},
): string {
  const start = styled(before, style);
  const fit = (stretch: Text) => {
    if (!stream.isTTY) return styled(stretch, style);
    const short = styled(stretch, style, withTilde);
    return stream.columns ? wrap(short, stream.columns, { begin: widthOf(start), hang }) : short;
  };
  // One style throughout comes last: what begins a line, its indentation or a command, is plain to see until then.
  return start + (isSpan(text) ? style[text.style](fit(text.text)) : fit(text));
}

/** Takes out of a text what could steer a terminal or hide there, but for its line breaks. */
export function steady(text: string): string {
  return text.split('\n').map(withoutInvisible).join('\n');
}

function styled(text: Text, style: Ansis, shorten = (plain: string) => plain): string {
  const show = (stretch: string | Span): string =>
    typeof stretch === 'string'
      ? shorten(steady(stretch))
      : style[stretch.style](shorten(steady(stretch.text)));
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
  const short = columns.map((column) => ({
    ...column,
    value: (row: Row) => (width === undefined ? column.value(row) : withTilde(column.value(row))),
  }));
  return renderTable(short, rows, stdout, width);
}
