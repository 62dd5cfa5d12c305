import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { withoutInvisible } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Failure } from './failure.js';
import { withTilde } from './home-path.js';
import { colourJson, toJson } from './json.js';
import { takeLostOutput } from './lost-output.js';
import { ProgressLine } from './progress.js';
import { type Column, renderTable } from './table.js';
import type { Terminal } from './terminal.js';
import { widthOf } from './text-width.js';
import { wrap } from './wrap.js';

/** How a result is printed: for people, as this project's JSON, or as the API's own. */
export type Format = 'human' | 'json' | 'raw';

/** How much deeper an entry goes on than it began. */
const ENTRY_HANG = 2;

/** Writes results to standard output, and everything else to standard error. */
export class Output {
  readonly #terminal: Terminal;
  readonly #progress = new ProgressLine();
  readonly format: Format;
  #hasLostStdout = false;

  constructor(terminal: Terminal, format: Format) {
    this.#terminal = terminal;
    this.format = format;
  }

  /** One line, alone: a new key, a version, a path. */
  line(text: string): void {
    this.#progress.clear();
    process.stdout.write(`${text}\n`);
  }

  /**
   * A sentence of a result; on a terminal it is broken at spaces.
   *
   * @param before what stands before it on its line, and is not part of it; it may be coloured.
   * @param paint colours the sentence
   */
  sentence(text: string, before = '', paint = (plain: string) => plain): void {
    this.line(before + paint(fitted(steady(text), process.stdout, before)));
  }

  /** The entries of a list, a line for each and their last line break; on a terminal what goes on is indented. */
  entries(text: string): void {
    const lines = steady(text.replace(/\n$/u, ''));
    this.line(fitted(lines, process.stdout, '', ENTRY_HANG));
  }

  /** A JSON document; coloured on a terminal. */
  json(document: unknown): void {
    this.line(colourJson(toJson(document), this.#terminal.stdout));
  }

  /** An answer of the API as its format has it: `raw` for `--raw`, else this project's shape. */
  response(response: { readonly value: unknown; readonly raw: unknown }): void {
    this.json(this.format === 'raw' ? response.raw : response.value);
  }

  /**
   * Prints a key that exists nowhere else: alone for a person, in an answer for a script.
   *
   * @throws VastaiError `internal` when it could not be written.
   */
  async newKey(key: string, response: { readonly value: unknown; readonly raw: unknown }): Promise<void> {
    const text =
      this.format === 'human' ? key : toJson(this.format === 'raw' ? response.raw : response.value);
    const failed = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
      process.stdout.write(`${text}\n`, resolve);
    });
    const lost = takeLostOutput() ?? failed;
    if (!lost) return;
    this.#hasLostStdout = true;
    throw new VastaiError('internal', `The new key could not be written to standard output (${lost.code}).`);
  }

  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
    const { stdout, columns: width } = this.#terminal;
    const short = columns.map((column) => ({
      ...column,
      value: (row: Row) => (width === undefined ? column.value(row) : withTilde(column.value(row))),
    }));
    this.line(renderTable(short, rows, stdout, width));
  }

  note(text: string): void {
    this.#tell(`${this.#terminal.stderr.dim(fitted(steady(text), process.stderr))}\n`);
  }

  warn(text: string): void {
    this.#complain(this.#terminal.stderr.yellow('Warning:'), 'Warning: ', text);
  }

  /**
   * How far long work is, in plain ASCII: one line on the terminal, which the next one, or whatever else is
   * printed, takes the place of. Only a person at a terminal sees it.
   */
  progress(text: string): void {
    if (this.format === 'human') this.#progress.show(text);
  }

  /** Whether a person sees how far the work is. */
  get showsProgress(): boolean {
    return this.#progress.isShown;
  }

  endProgress(): void {
    this.#progress.clear();
  }

  /**
   * A failure: a document on standard output for a script; a message and a hint on standard error for a person, and
   * where standard output takes nothing.
   */
  failure({ document }: Failure): void {
    if (this.format !== 'human' && !this.#hasLostStdout) {
      this.json(document);
      if (takeLostOutput() === undefined) return;
    }
    const { message, hint } = document.error;
    this.#complain(this.#terminal.stderr.red('Error:'), 'Error: ', message);
    if (hint !== undefined) this.#tell(`${fitted(steady(hint), process.stderr)}\n`);
  }

  #complain(coloured: string, plain: string, text: string): void {
    this.#tell(`${coloured} ${fitted(steady(text), process.stderr, plain)}\n`);
  }

  #tell(text: string): void {
    this.#progress.clear();
    process.stderr.write(text);
  }
}

/**
 * Broken at spaces for a terminal that knows its width, with `~` for the home folder; what goes elsewhere stays one
 * line with whole paths for a script.
 */
function fitted(text: string, stream: NodeJS.WriteStream, before = '', hang = 0): string {
  if (!stream.isTTY) return text;
  const short = withTilde(text);
  return stream.columns ? wrap(short, stream.columns, { begin: widthOf(before), hang }) : short;
}

/** Without what could steer a terminal or hide there: the name of a folder or an answer of the server may hold it. */
export function steady(text: string): string {
  return text.split('\n').map(withoutInvisible).join('\n');
}
