import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { definedOnly, type RunOptions } from './run.js';
import { recordRun } from './transcript.js';

/** A program on a terminal of its own, and a person in front of it. */
export interface TerminalSession {
  /** Waits until the screen shows a string. @throws Error if the program ends, or time runs out, before that */
  see(text: string): Promise<void>;
  /** Presses keys; `\r` is Return, `\x03` Ctrl-C. */
  type(keys: string): void;
  /** Resolves to all that was sent to the screen, with colours, and lines ending in `\r\n`. */
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
 * Returns whether `script` of util-linux is here, which makes the terminals; tests are skipped where it is not. With
 * VASTAI_TEST_NO_SKIP=1 none is skipped: they run, and fail by what is missing.
 */
export function canOpenTerminal(): boolean {
  if (process.env.VASTAI_TEST_NO_SKIP === '1') return true;
  return spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
}

/** Runs a Node program on a terminal. What the screen shows is searched for keys later. */
export function openTerminalSession(
  program: string,
  args: readonly string[],
  { env, cwd, stdoutTo, columns = 100, node = process.execPath }: TerminalOptions,
): TerminalSession {
  // `script` takes one line for a shell. The words come as variables, so that none of them has to be quoted; the
  // program does not get those.
  const words = Object.fromEntries([node, program, ...args].map((word, nth) => [`TEST_WORD_${nth}`, word]));
  const names = Object.keys(words);
  const command = [
    `stty rows 40 cols ${columns}`,
    `set -- ${names.map((name) => `"$${name}"`).join(' ')}`,
    ...(stdoutTo === undefined ? [] : ['exec > "$TEST_STDOUT"']),
    `unset TEST_STDOUT ${names.join(' ')}`,
    '"$@"',
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
          throw new Error(`The screen does not show “${text}”, but:\n${screen}`);
      }
    },
    type: (keys) => void child.stdin.write(keys),
    ended,
  };
}
