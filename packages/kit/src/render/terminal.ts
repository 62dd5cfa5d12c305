import { isatty } from 'node:tty';
import { Ansis } from 'ansis';

/** Describes the standard streams of this process. Colour and prompts are for terminals only. */
export interface Terminal {
  /** True if a person can be asked, because standard input and standard error are terminals. */
  readonly canAsk: boolean;
  readonly stdout: Ansis;
  readonly stderr: Ansis;
  /** The width of standard output in columns, if it is a terminal that reports one. */
  readonly columns: number | undefined;
  /** Aborts a prompt that waits for an answer. */
  readonly interruption?: AbortSignal | undefined;
}

interface TerminalOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly interruption?: AbortSignal;
}

/**
 * Returns the description of the streams. Each stream is examined only when its property is read: most runs never read
 * standard input, and opening it takes 5 ms.
 *
 * @param noColor true if `--no-color` was given
 */
export function openTerminal(
  noColor: boolean,
  { env = process.env, interruption }: TerminalOptions = {},
): Terminal {
  const plain = noColor || (env.NO_COLOR !== undefined && env.NO_COLOR !== '') || env.TERM === 'dumb';
  const styleOf = (stream: NodeJS.WriteStream) => new Ansis(!plain && stream.isTTY ? 1 : 0);
  let stdout: Ansis | undefined;
  let stderr: Ansis | undefined;
  return {
    interruption,
    get canAsk() {
      return isatty(0) && isatty(2);
    },
    get stdout() {
      stdout ??= styleOf(process.stdout);
      return stdout;
    },
    get stderr() {
      stderr ??= styleOf(process.stderr);
      return stderr;
    },
    get columns() {
      return process.stdout.isTTY ? process.stdout.columns || undefined : undefined;
    },
  };
}
