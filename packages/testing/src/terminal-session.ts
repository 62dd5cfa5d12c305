import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { definedOnly, type RunOptions } from './run.js';
import { recordRun } from './transcript.js';

/** Controls a program on its own terminal. */
export interface TerminalSession {
  /** Waits until the screen shows a string. @throws Error if the program ends or the time runs out before that */
  see(text: string): Promise<void>;
  /** Presses keys; `\r` is Return, `\x03` Ctrl-C. */
  type(keys: string): void;
  /** Resolves to all screen output, with color sequences and `\r\n` line endings. */
  readonly ended: Promise<{ readonly status: number | null; readonly screen: string }>;
}

export interface TerminalOptions extends Pick<RunOptions, 'env' | 'node'> {
  readonly cwd: string;
  /** Sends standard output to this file instead of the terminal. */
  readonly stdoutTo?: string;
  readonly columns?: number;
}

const PATIENCE_MS = 20_000;

/**
 * Returns true if `script` from util-linux, which opens the terminals, is installed. Tests are skipped otherwise, but run
 * and fail with VASTAI_TEST_NO_SKIP=1.
 */
export function canOpenTerminal(): boolean {
  if (process.env.VASTAI_TEST_NO_SKIP === '1') return true;
  return spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
}

/** Runs a Node program on a terminal. The run fails if the screen output contains a key. */
export function openTerminalSession(
  program: string,
  args: readonly string[],
  { env, cwd, stdoutTo, columns = 100, node = process.execPath }: TerminalOptions,
): TerminalSession {
  // `script` takes one shell command line. The arguments are passed in variables, so that they need no quoting, and the
  // variables are unset before the program starts.
  const words = Object.fromEntries([node, program, ...args].map((word, nth) => [`TEST_WORD_${nth}`, word]));
  const names = Object.keys(words);
  const command = [
    `stty rows 40 cols ${columns}`,
    `set -- ${names.map((name) => `"$${name}"`).join(' ')}`,
    ...(stdoutTo === undefined ? [] : ['exec > "$TEST_STDOUT"']),
    `unset TEST_STDOUT ${names.join(' ')}`,
    // A shell that stayed would end with 130 after a Ctrl-C, whatever the program made of that.
    'exec "$@"',
  ].join('; ');
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    env: definedOnly({ SHELL: '/bin/sh', TERM: 'xterm', ...env, ...words, TEST_STDOUT: stdoutTo }),
    cwd,
    stdio: 'pipe',
  });
  let screen = '';
  let over = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      screen += text;
    });
  }
  child.stdin.on('error', () => {});
  const ended = new Promise<{ status: number | null; screen: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      over = true;
      recordRun(args, '', screen).then(() => resolve({ status, screen }), reject);
    });
  });
  return {
    async see(text) {
      for (const giveUpAt = Date.now() + PATIENCE_MS; !screen.includes(text); await sleep(10)) {
        if (over || Date.now() > giveUpAt)
          throw new Error(`The screen does not show “${text}”. It shows:\n${screen}`);
      }
    },
    type: (keys) => void child.stdin.write(keys),
    ended,
  };
}
