/** What a terminal adds where the cursor stands, when Ctrl-C is pressed on it, and once more. */
const ECHO = '^C^C'.length;

/**
 * One line on the terminal of standard error that is written anew while work goes on, and that leaves nothing behind. It takes
 * neither colours nor control sequences, only carriage returns, and never more than the width of the terminal.
 */
export class ProgressLine {
  /** How far to the right anything was written; 0 as long as nothing is shown. */
  #reach = 0;

  get isShown(): boolean {
    return this.#reach > 0;
  }

  /** Shows a text of plain ASCII in place of the one before; does nothing where nobody watches it change. */
  show(text: string): void {
    if (!process.stderr.isTTY || process.env.TERM === 'dumb' || (process.env.CI ?? '') !== '') return;
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
