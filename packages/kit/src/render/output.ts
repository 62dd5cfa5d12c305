import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Delivery, Part, Remark, Result } from '../result.js';
import { printStream } from './byte-stream.js';
import type { Failure } from './failure.js';
import { fitted, renderPart } from './human.js';
import { colourJson, toJson } from './json.js';
import { isUnopened, takeLostOutput } from './lost-output.js';
import { printAtOnce } from './print-at-once.js';
import { ProgressLine } from './progress.js';
import { mayStdoutBeClosed } from './standard-streams.js';
import { STDOUT, type Terminal } from './terminal.js';

/** The format of a result: text for a person, the document of `--json`, or the API's own response. */
export type Format = 'human' | 'json' | 'raw';

/** Writes results to standard output and everything else to standard error, without control characters in either. */
export class Output {
  readonly #terminal: Terminal;
  readonly #format: Format;
  readonly #progress = new ProgressLine();
  #hasLostStdout = false;
  #isStreaming = false;

  constructor(terminal: Terminal, format: Format) {
    this.#terminal = terminal;
    this.#format = format;
  }

  /**
   * Prints the result of a command, then its remarks.
   *
   * @param failure an error to report in addition to the result
   * @throws VastaiError the error from `delivery.lost`, if standard output did not take the result.
   */
  async print(result: Result, failure?: Failure): Promise<void> {
    const { delivery, remarks = [], stream } = result;
    const text = this.#textOf(result, failure);
    if (stream !== undefined && failure === undefined) await this.#stream(stream, delivery?.lost);
    else if (delivery !== undefined) await this.#deliver(text, delivery.lost);
    else if (result.isPaged && this.#format === 'human') await this.#page(text);
    else this.#write(text);
    for (const remark of remarks) this.#remark(remark);
    for (const remark of (await delivery?.arrived?.()) ?? []) this.#remark(remark);
    if (failure !== undefined && (this.#format === 'human' || takeLostOutput() !== undefined))
      this.#complain(failure);
  }

  /** Prints a part of the result immediately, so that a later failure cannot hide it. A script gets everything at the end. */
  step(parts: readonly Part[]): void {
    if (this.#format === 'human') this.#write(parts.map((part) => renderPart(part, this.#terminal)).join(''));
  }

  /** Shows parts of a conversation on standard error, where a person sees them whatever the format of the result. */
  show(parts: readonly Part[]): void {
    const terminal = { ...this.#terminal, stdout: this.#terminal.stderr, columns: process.stderr.columns };
    this.#tell(parts.map((part) => renderPart(part, terminal)).join(''));
  }

  note(text: string): void {
    const { stderr } = this.#terminal;
    this.#tell(`${fitted({ text, style: 'dim' }, { stream: process.stderr, style: stderr })}\n`);
  }

  warn(text: string): void {
    this.#label({ text: 'Warning:', style: 'yellow' }, text);
  }

  /**
   * Shows the progress of long work as one line of plain ASCII. The next line, or any other output, replaces it. Does
   * nothing without a terminal.
   */
  progress(text: string): void {
    if (this.#format === 'human') this.#progress.show(text);
  }

  /** True while a progress line is visible. */
  get showsProgress(): boolean {
    return this.#progress.isShown;
  }

  endProgress(): void {
    this.#progress.clear();
  }

  /**
   * Reports a failure. A script gets a document on standard output; a person gets a message and a hint on standard error,
   * and so does a script if standard output fails.
   */
  failure(failure: Failure): void {
    if (this.#format !== 'human' && !this.#hasLostStdout && !this.#isStreaming) {
      this.#write(this.#documentText(failure.document));
      if (takeLostOutput() === undefined) return;
    }
    this.#complain(failure);
  }

  /** Waits until standard output has taken everything: exiting earlier would cut off output for a slow reader. */
  async drained(): Promise<void> {
    if (isUnopened('stdout') || process.stdout.writableLength === 0) return;
    await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  }

  #textOf({ document, raw, human }: Result, failure: Failure | undefined): string {
    if (this.#format === 'human' && human !== undefined)
      return human.map((part) => renderPart(part, this.#terminal)).join('');
    if (this.#format !== 'human' && failure !== undefined) return this.#documentText(failure.document);
    // Another program has printed, or a stream follows.
    if (document === undefined && human?.length === 0) return '';
    return this.#documentText(this.#format === 'raw' && raw !== undefined ? raw : document);
  }

  /** Shows text with the user's pager if it is long. */
  async #page(text: string): Promise<void> {
    const { page, pagerFor } = await import('./pager.js');
    const command = pagerFor(text);
    this.#progress.clear();
    if (command === undefined || !(await page(text, command))) this.#write(text);
  }

  #documentText(document: unknown): string {
    return `${colourJson(toJson(document), this.#terminal.stdout)}\n`;
  }

  /** Prints a stream. An error after its first part no longer fits on standard output. */
  async #stream(parts: AsyncIterable<Uint8Array>, lost: Delivery['lost'] | undefined): Promise<void> {
    await printStream(parts, () => {
      this.#progress.clear();
      this.#isStreaming = true;
    });
    if (lost === undefined) return;
    // The last part may still be on its way.
    await this.drained();
    await this.#requireTaken(lost);
  }

  async #deliver(text: string, lost: (error: VastaiError) => Promise<VastaiError>): Promise<void> {
    this.#progress.clear();
    const failed = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
      process.stdout.write(text, resolve);
    });
    await this.#requireTaken(lost, failed);
  }

  /** @throws VastaiError the error from `lost`, if standard output did not take what was written. */
  async #requireTaken(lost: Delivery['lost'], failed?: NodeJS.ErrnoException | null): Promise<void> {
    // What comes only once must not be lost where the stream is probably closed; all else may be discarded.
    const gone = takeLostOutput() ?? failed ?? (mayStdoutBeClosed() ? { code: 'EBADF' } : undefined);
    if (!gone) return;
    this.#hasLostStdout = true;
    throw await lost(
      new VastaiError('internal', `The new key could not be written to standard output (${gone.code}).`),
    );
  }

  #remark({ kind, text, unlessRaw, forPeople, onTerminal, verbatim }: Remark): void {
    if ((unlessRaw && this.#format === 'raw') || (forPeople && this.#format !== 'human')) return;
    if (onTerminal && !STDOUT.isTTY) return;
    if (verbatim) this.show([{ kind: 'line', text: { text, style: 'dim' } }]);
    else if (kind === 'warning') this.warn(text);
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
    printAtOnce(text);
  }

  #tell(text: string): void {
    this.#progress.clear();
    process.stderr.write(text);
  }
}
