import type { ErrorCode, VastaiError } from '@vastai-cli/core/internal/base/errors';

/**
 * Holds the result of a command. The base command prints it and sets the exit status; the command itself prints nothing,
 * and does not need to know the output format or if it runs on a terminal.
 */
export interface Result {
  /** The document of `--json`. Without `human`, a person gets it too. */
  readonly document: unknown;
  /** The API's own response without secrets, for `--raw`. Without it, `--raw` prints the document. */
  readonly raw?: unknown;
  /** The parts that a person reads on standard output, in order. An empty list prints nothing. */
  readonly human?: readonly Part[];
  /**
   * Bytes that are printed as they arrive instead of the document, in every format: a response that may be too large for the
   * memory. A failure replaces them.
   */
  readonly stream?: AsyncIterable<Uint8Array> | undefined;
  /** Set for a list that a person may want to read page by page. A script and a pipe get all of it. */
  readonly isPaged?: boolean;
  /** The messages for standard error, in order. They follow the result. */
  readonly remarks?: readonly Remark[];
  /** The error code whose exit status to use although the command succeeded, such as `findings`. */
  readonly endsWith?: ErrorCode | undefined;
  /** The exit status of a program that the command ran, which becomes that of the command, whatever else is here. */
  readonly exitStatus?: number | undefined;
  /** An error to report in addition to the result. Its `data` holds the result, its code sets the exit status. */
  readonly failure?: VastaiError | undefined;
  /** Callbacks for a result that exists nowhere else. They learn if standard output took it. */
  readonly delivery?: Delivery;
}

/** Holds callbacks that protect a result that exists nowhere else, such as a new key. */
export interface Delivery {
  /** Called when standard output has taken all of the result. The messages that it returns follow the remarks. */
  readonly arrived?: () => Promise<readonly Remark[]>;
  /** Called when standard output failed. The error that it returns is reported instead of the result. */
  readonly lost: (error: VastaiError) => Promise<VastaiError>;
}

/** A message for standard error. A warning is labelled as one. */
export interface Remark {
  readonly kind: 'note' | 'warning';
  readonly text: string;
  /** Set to omit it with `--raw`, if it is about the document of `--json` only. */
  readonly unlessRaw?: boolean;
  /** Set to omit it with `--json` and `--raw`, if the document says the same. */
  readonly forPeople?: boolean;
  /** Set to omit it unless standard output is a terminal, as a count is: for scripts, the lines say it. */
  readonly onTerminal?: boolean;
  /** Set for the words of another, such as the body of a response: a terminal gets each line as it is, unwrapped. */
  readonly verbatim?: boolean;
}

export const note = (text: string): Remark => ({ kind: 'note', text });
export const warning = (text: string): Remark => ({ kind: 'warning', text });

/** `contrast` is white on black, whatever the colors of the terminal are. */
export type Style = 'bold' | 'contrast' | 'cyan' | 'dim' | 'green' | 'magenta' | 'red' | 'yellow';

/** Text with a style, for terminals that support it. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** Text with or without styles. Printing removes control characters from each piece. */
export type Text = string | Span | readonly (string | Span)[];

/** One part of the output for a person. */
export type Part =
  | { readonly kind: 'line'; readonly text: Text }
  | { readonly kind: 'sentence'; readonly text: Text; readonly before?: Text }
  | { readonly kind: 'entries'; readonly text: Text }
  | { readonly kind: 'sized'; readonly textFor: (columns: number | undefined) => Text }
  | { readonly kind: 'table'; readonly render: (print: TablePrinter) => string }
  | { readonly kind: 'json'; readonly document: unknown }
  | { readonly kind: 'verbatim'; readonly text: string };

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Set if cells may be cut when the terminal is too narrow. */
  readonly shrinks?: boolean;
  /** Set if cells must never be cut, such as paths. If the table is too wide, they go below their rows. */
  readonly whole?: boolean;
  /**
   * Set if cells are text to read. If the table is too wide, they go below their rows, from the last such column on, and
   * are wrapped at spaces.
   */
  readonly wraps?: boolean;
  /** Returns the style of a cell. */
  readonly style?: (row: Row) => Style | undefined;
}

export type TablePrinter = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]) => string;

/** Makes a line that is never wrapped, such as a new key, a version or a path. */
export const line = (text: Text): Part => ({ kind: 'line', text });

/**
 * Makes a sentence, which is wrapped at spaces on a terminal.
 *
 * @param before text before it on the same line; wrapped lines align with the sentence
 */
export const sentence = (text: Text, before?: Text): Part =>
  before === undefined ? { kind: 'sentence', text } : { kind: 'sentence', text, before };

/** Makes a list with one line per entry. On a terminal, long entries are wrapped at spaces and indented. */
export const entries = (text: Text): Part => ({ kind: 'entries', text });

/**
 * Makes lines that fit themselves to the terminal, such as an excerpt of a long line. They are not wrapped.
 *
 * @param textFor receives the width of the terminal in columns, or `undefined` without a terminal
 */
export const sized = (textFor: (columns: number | undefined) => Text): Part => ({ kind: 'sized', textFor });

/** Makes a table of rows. */
export const table = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Part => ({
  kind: 'table',
  render: (print) => print(columns, rows),
});

/** Makes a JSON document within the output for a person. */
export const json = (document: unknown): Part => ({ kind: 'json', document });

/** Makes text that is printed unchanged. Use it only for our own text, such as a shell script: nothing is removed from it. */
export const verbatim = (text: string): Part => ({ kind: 'verbatim', text });
