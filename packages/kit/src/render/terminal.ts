import { isatty } from 'node:tty';
import { Ansis } from 'ansis';

/** What the streams of this process are. Colour and prompts are for terminals only. */
export interface Terminal {
  /** Whether a person can be asked: standard input and standard error are both terminals. */
  readonly canAsk: boolean;
  readonly stdout: Ansis;
  readonly stderr: Ansis;
  /** The width of standard output, when it is a terminal that knows it. */
  readonly columns: number | undefined;
  /** Takes a question back that nobody has answered yet. */
  readonly interruption?: AbortSignal | undefined;
}

interface TerminalOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly interruption?: AbortSignal;
}

/**
 * Looks at each stream when it is asked about: most runs never read their input, and to open it takes 5 ms.
 *
 * @param noColor whether `--no-color` was given.
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
