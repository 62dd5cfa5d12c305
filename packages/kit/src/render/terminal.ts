import { isatty } from 'node:tty';
import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { mayBeTerminal } from './standard-streams.js';
import { STYLED, type Styles, UNSTYLED } from './styles.js';

/** Describes the standard streams of this process. Colour and prompts are for terminals only. */
export interface Terminal {
  /**
   * True if a person may be asked: standard input and standard error are terminals, and neither CI nor VASTAI_NO_INPUT is
   * set.
   */
  readonly canAsk: boolean;
  /** The end of a sentence that says why nobody can be asked, such as "without a terminal". */
  readonly obstacle: string;
  readonly stdout: Styles;
  readonly stderr: Styles;
  /** The width of standard output in columns, if it is a terminal that reports one. */
  readonly columns: number | undefined;
  /** Aborts a prompt that waits for an answer. */
  readonly interruption?: AbortSignal | undefined;
}

/** Describes standard output without opening it as a stream, unless it may be a terminal. */
export const STDOUT: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> = {
  get isTTY() {
    return mayBeTerminal() && process.stdout.isTTY;
  },
  get columns() {
    return process.stdout.columns;
  },
};

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
  const styleOf = (stream: Pick<NodeJS.WriteStream, 'isTTY'>) => (!plain && stream.isTTY ? STYLED : UNSTYLED);
  const silencer = () => {
    const { CI, VASTAI_NO_INPUT } = readEnvironment(env);
    if (VASTAI_NO_INPUT !== undefined) return 'VASTAI_NO_INPUT';
    return CI === undefined ? undefined : 'CI';
  };
  const isOpen = () => [0, 2].every((fd) => mayBeTerminal(fd) && isatty(fd));
  let stdout: Styles | undefined;
  let stderr: Styles | undefined;
  return {
    interruption,
    get canAsk() {
      return isOpen() && silencer() === undefined;
    },
    get obstacle() {
      const name = isOpen() ? silencer() : undefined;
      return name === undefined ? 'without a terminal' : `while ${name} is set`;
    },
    get stdout() {
      stdout ??= styleOf(STDOUT);
      return stdout;
    },
    get stderr() {
      stderr ??= styleOf(process.stderr);
      return stderr;
    },
    get columns() {
      return STDOUT.isTTY ? STDOUT.columns || undefined : undefined;
    },
  };
}
