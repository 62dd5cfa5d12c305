import { readEnvironment } from '@vastai-cli/core/internal/base/environment';

/** The room for what a terminal prints at the cursor when Ctrl-C is pressed twice. */
const ECHO = '^C^C'.length;

/**
 * A progress line on the terminal of standard error, which is rewritten in place and removed at the end. It uses no
 * colours or control sequences, only carriage returns, and never exceeds the width of the terminal.
 */
export class ProgressLine {
  /** The number of columns written so far; 0 while nothing is shown. */
  #reach = 0;

  get isShown(): boolean {
    return this.#reach > 0;
  }

  /** Replaces the line with plain ASCII text. Does nothing without a terminal, on a dumb one, or in CI. */
  show(text: string): void {
    if (!process.stderr.isTTY) return;
    const { TERM, CI } = readEnvironment(process.env);
    if (TERM === 'dumb' || CI !== undefined) return;
    const room = Math.max((process.stderr.columns || 80) - ECHO - 1, 1);
    const shown = text.slice(0, room);
    process.stderr.write(`\r${shown.padEnd(this.#reach)}`);
    this.#reach = Math.max(this.#reach, shown.length);
  }

  clear(): void {
    if (!this.isShown) return;
    process.stderr.write(`\r${' '.repeat(this.#reach + ECHO)}\r`);
    this.#reach = 0;
  }
}
