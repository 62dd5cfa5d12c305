import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Part, Remark, Result } from '../result.js';
import type { Failure } from './failure.js';
import { fitted, renderPart } from './human.js';
import { colourJson, toJson } from './json.js';
import { takeLostOutput } from './lost-output.js';
import { ProgressLine } from './progress.js';
import type { Terminal } from './terminal.js';

/** How a result is printed: for people, as this project's JSON, or as the API's own. */
export type Format = 'human' | 'json' | 'raw';

/** Writes results to standard output and everything else to standard error, and cleans both for the terminal. */
export class Output {
  readonly #terminal: Terminal;
  readonly #format: Format;
  readonly #progress = new ProgressLine();
  #hasLostStdout = false;
  #hasWritten = false;

  constructor(terminal: Terminal, format: Format) {
    this.#terminal = terminal;
    this.#format = format;
  }

  /**
   * Prints what a command returned, then its remarks.
   *
   * @param failure what is reported besides, as a script and a person get it
   * @throws VastaiError what `delivery.lost` returns, where standard output did not take the result.
   */
  async print(result: Result, failure?: Failure): Promise<void> {
    const text = this.#textOf(result, failure);
    const { delivery, remarks = [] } = result;
    if (delivery === undefined) this.#write(text);
    else await this.#deliver(text, delivery.lost);
    for (const remark of remarks) this.#remark(remark);
    for (const remark of (await delivery?.arrived?.()) ?? []) this.#remark(remark);
    if (failure !== undefined && (this.#format === 'human' || takeLostOutput() !== undefined))
      this.#complain(failure);
  }

  /** Prints a part of the result as soon as it is true, so that nothing later hides it; a script gets all at the end. */
  step(...parts: readonly Part[]): void {
    if (this.#format === 'human') this.#write(parts.map((part) => renderPart(part, this.#terminal)).join(''));
  }

  note(text: string): void {
    const { stderr } = this.#terminal;
    this.#tell(`${fitted({ text, style: 'dim' }, { stream: process.stderr, style: stderr })}\n`);
  }

  warn(text: string): void {
    this.#label({ text: 'Warning:', style: 'yellow' }, text);
  }

  /**
   * Shows how far long work is, in plain ASCII: one line on the terminal, which the next one, or whatever else is
   * printed, takes the place of. Only a person at a terminal sees it.
   */
  progress(text: string): void {
    if (this.#format === 'human') this.#progress.show(text);
  }

  /** Returns whether a person sees how far the work is. */
  get showsProgress(): boolean {
    return this.#progress.isShown;
  }

  endProgress(): void {
    this.#progress.clear();
  }

  /**
   * Reports a failure: a document on standard output for a script; a message and a hint on standard error for a person,
   * and where standard output takes nothing.
   */
  failure(failure: Failure): void {
    if (this.#format !== 'human' && !this.#hasLostStdout) {
      this.#write(this.#documentText(failure.document));
      if (takeLostOutput() === undefined) return;
    }
    this.#complain(failure);
  }

  /** Waits until standard output has taken everything: an exit before would cut off what a slow reader has not read. */
  async drained(): Promise<void> {
    if (!this.#hasWritten || process.stdout.writableLength === 0) return;
    await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  }

  #textOf({ document, raw, human }: Result, failure: Failure | undefined): string {
    if (this.#format === 'human' && human !== undefined)
      return human.map((part) => renderPart(part, this.#terminal)).join('');
    if (this.#format !== 'human' && failure !== undefined) return this.#documentText(failure.document);
    return this.#documentText(this.#format === 'raw' && raw !== undefined ? raw : document);
  }

  #documentText(document: unknown): string {
    return `${colourJson(toJson(document), this.#terminal.stdout)}\n`;
  }

  async #deliver(text: string, lost: (error: VastaiError) => Promise<VastaiError>): Promise<void> {
    this.#progress.clear();
    const failed = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
      process.stdout.write(text, resolve);
    });
    const gone = takeLostOutput() ?? failed;
    if (!gone) return;
    this.#hasLostStdout = true;
    throw await lost(
      new VastaiError('internal', `The new key could not be written to standard output (${gone.code}).`),
    );
  }

  #remark({ kind, text, unlessRaw, forPeople }: Remark): void {
    if ((unlessRaw && this.#format === 'raw') || (forPeople && this.#format !== 'human')) return;
    if (kind === 'warning') this.warn(text);
    else this.note(text);
  }

  #complain({ document }: Failure): void {
    const { message, hint } = document.error;
    this.#label({ text: 'Error:', style: 'red' }, message);
    if (hint !== undefined) {
      this.#tell(`${fitted(hint, { stream: process.stderr, style: this.#terminal.stderr })}\n`);
    }
  }

  #label(label: { readonly text: string; readonly style: 'red' | 'yellow' }, text: string): void {
    const target = { stream: process.stderr, style: this.#terminal.stderr };
    this.#tell(`${fitted(text, target, { before: [label, ' '] })}\n`);
  }

  #write(text: string): void {
    this.#progress.clear();
    if (text === '') return;
    this.#hasWritten = true;
    process.stdout.write(text);
  }

  #tell(text: string): void {
    this.#progress.clear();
    process.stderr.write(text);
  }
}
