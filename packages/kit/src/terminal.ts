import { Ansis } from 'ansis';

/** What the streams of this process are. Colour and prompts are for terminals only. */
export interface Terminal {
  /** Whether a person can be asked: standard input and standard error are both terminals. */
  readonly canAsk: boolean;
  readonly stdout: Ansis;
  readonly stderr: Ansis;
  /** The width of standard output, when it is a terminal that knows it. */
  readonly columns: number | undefined;
}

/** @param noColor whether `--no-color` was given. */
export function openTerminal(noColor: boolean, env: NodeJS.ProcessEnv = process.env): Terminal {
  const plain = noColor || (env.NO_COLOR !== undefined && env.NO_COLOR !== '') || env.TERM === 'dumb';
  const styleOf = (stream: NodeJS.WriteStream) => new Ansis(stream.isTTY && !plain ? 1 : 0);
  return {
    canAsk: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    stdout: styleOf(process.stdout),
    stderr: styleOf(process.stderr),
    columns: process.stdout.isTTY ? process.stdout.columns || undefined : undefined,
  };
}
