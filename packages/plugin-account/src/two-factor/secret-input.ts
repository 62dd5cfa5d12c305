import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { askHidden } from '@vastai-cli/kit/input/prompts';
import { readStandardInput } from '@vastai-cli/kit/input/standard-input';
import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';

/** The most bytes to read from standard input. No code is that long. */
const MAX_BYTES = 16 * 1024;

/** Gets codes from arguments, standard input, or a hidden prompt. */
export class SecretInput {
  readonly terminal: Terminal;
  readonly output: Output;
  readonly #dashes: number;
  #lines: string[] | undefined;
  #hasWarned = false;

  /** @param given the values of flags and arguments that may be "-": each takes one line of standard input */
  constructor(terminal: Terminal, output: Output, given: readonly (string | undefined)[]) {
    this.terminal = terminal;
    this.output = output;
    this.#dashes = given.filter((text) => text === '-').length;
  }

  /**
   * Returns a value that was given, reading a line of standard input or, on a terminal, asking for "-".
   *
   * @throws UsageError if it cannot be sent. The message does not repeat it.
   */
  async valueOf(given: string, what: string): Promise<string> {
    if (given === '-') return this.terminal.canAsk ? this.ask(what) : checked(await this.#line(), what);
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      this.output.note(
        'Other users of this machine can see codes and secrets in arguments, and shell histories keep them. Pass "-" instead to read them from standard input.',
      );
    }
    return checked(given, what);
  }

  /** Asks for a value without showing it. */
  async ask(what: string, again = false): Promise<string> {
    return checked(await askHidden(`${what}${again ? ', again' : ''}:`, this.terminal), what);
  }

  async #line(): Promise<string> {
    this.#lines ??= await this.#read();
    return this.#lines.shift() ?? '';
  }

  async #read(): Promise<string[]> {
    const onWait = () => this.output.note('Reading from standard input. Press Ctrl-C to stop.');
    const isEnough = (bytes: Buffer) => whole(bytes.toString('latin1')).length >= this.#dashes;
    const bytes = await readStandardInput(this.terminal, { most: MAX_BYTES, isEnough, onWait });
    if (bytes.length > MAX_BYTES) throw new UsageError('Standard input is too long to be a code.');
    return bytes
      .toString('utf8')
      .split(/\r?\n|\r/u)
      .filter((line) => line.trim() !== '');
  }
}

/** Returns the lines that have ended and are not blank. */
function whole(text: string): string[] {
  return text
    .split(/\r?\n|\r/u)
    .slice(0, -1)
    .filter((line) => line.trim() !== '');
}

/** Returns a code without spaces, which apps show between digits. @throws UsageError, which does not repeat it */
function checked(text: string, what: string): string {
  const value = text.replaceAll(' ', '').trim();
  if (value === '') throw new UsageError(`${what}: the input was empty.`);
  if (value.length <= 512 && /^[\x21-\x7e]+$/u.test(value)) return value;
  throw new UsageError(
    `${what}: the input is too long, or contains characters other than letters, digits and signs.`,
  );
}
