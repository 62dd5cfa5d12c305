import type { ErrorCode, VastaiError } from '@vastai-cli/core/internal/base/errors';

/**
 * Holds what a command made of its work. The base command prints it and sets the exit status: a command prints nothing
 * itself, and knows neither the format that was asked for nor whether a terminal is there.
 */
export interface Result {
  /** The document of `--json`; printed for a person too where `human` is absent. */
  readonly document: unknown;
  /** The API's own response, secrets removed, for `--raw`; without it that prints the document. */
  readonly raw?: unknown;
  /** What a person reads on standard output, in order; an empty list prints nothing. */
  readonly human?: readonly Part[];
  /** What there is to say besides on standard error, in order, once the result is printed. */
  readonly remarks?: readonly Remark[];
  /** The code whose exit status the command ends with, although it has a report: `findings`, say. */
  readonly endsWith?: ErrorCode | undefined;
  /** An error that is reported besides the result, which is in its `data`; its code decides the exit status. */
  readonly failure?: VastaiError | undefined;
  /** For what exists nowhere else: whether standard output took it is looked at, and the command told. */
  readonly delivery?: Delivery;
}

/** Hears what became of a result that exists nowhere else, such as a new key. */
export interface Delivery {
  /** Called when standard output took all of it; what it returns is said after the remarks. */
  readonly arrived?: () => Promise<readonly Remark[]>;
  /** Called when it did not; what it returns is reported in place of the result. */
  readonly lost: (error: VastaiError) => Promise<VastaiError>;
}

/** One thing to say on standard error; a warning is marked as one. */
export interface Remark {
  readonly kind: 'note' | 'warning';
  readonly text: string;
  /** Left out with `--raw`, for what is true of this project's shape alone. */
  readonly unlessRaw?: boolean;
  /** Left out with `--json` and `--raw`, for what the document says too. */
  readonly forPeople?: boolean;
}

export const note = (text: string): Remark => ({ kind: 'note', text });
export const warning = (text: string): Remark => ({ kind: 'warning', text });

export type Style = 'bold' | 'cyan' | 'dim' | 'green' | 'magenta' | 'red' | 'yellow';

/** A stretch of text that has a style on terminals that show one. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** Text with or without styles. It is cleaned for the terminal when it is printed, a stretch at a time. */
export type Text = string | Span | readonly (string | Span)[];

/** One part of what a person reads. */
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
  /** Cut first when the terminal is too narrow. */
  readonly shrinks?: boolean;
  /** Never cut, as a path is of no use then: where the table is too wide it goes below its row. */
  readonly whole?: boolean;
  /** Returns the style of a cell. */
  readonly style?: (row: Row) => Style | undefined;
}

export type TablePrinter = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]) => string;

/** Makes a line that stays whole, however narrow the terminal: a new key, a version, a path. */
export const line = (text: Text): Part => ({ kind: 'line', text });

/**
 * Makes a sentence. A terminal breaks it at spaces.
 *
 * @param before what stands in front of it on its line; the lines below begin beneath the sentence.
 */
export const sentence = (text: Text, before?: Text): Part =>
  before === undefined ? { kind: 'sentence', text } : { kind: 'sentence', text, before };

/** Makes a list with a line for each entry. A terminal breaks long ones at spaces and indents what follows. */
export const entries = (text: Text): Part => ({ kind: 'entries', text });

/**
 * Makes lines that know how wide they may be, such as a part of a long line of a file; they stay whole.
 *
 * @param textFor takes the width of the terminal, undefined where none shows them.
 */
export const sized = (textFor: (columns: number | undefined) => Text): Part => ({ kind: 'sized', textFor });

/** Makes a table of rows. */
export const table = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Part => ({
  kind: 'table',
  render: (print) => print(columns, rows),
});

/** Makes a JSON document among what a person reads. */
export const json = (document: unknown): Part => ({ kind: 'json', document });

/** Makes a text that is printed byte for byte, and so has to be ours: a script for a shell, a file. */
export const verbatim = (text: string): Part => ({ kind: 'verbatim', text });
