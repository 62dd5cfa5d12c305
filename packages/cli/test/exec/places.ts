import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { processIdIn, signalProcess } from '@vastai-cli/testing/processes';
import { definedOnly } from '@vastai-cli/testing/run';

/** Where a program can run: its streams, and its controlling terminal. */
export const PLACES = ['on a terminal', 'with pipes on a terminal', 'without a terminal'] as const;
export type Place = (typeof PLACES)[number];

/** A signal that a terminal sends to the whole group, and the key that does it. */
const KEYS: Readonly<Partial<Record<NodeJS.Signals, string>>> = { SIGINT: '\x03', SIGQUIT: '\x1c' };

/** A run of `vastai` that starts a program, which is ready once it has written the file `ready`. */
export interface PlacedRun {
  /** Sends a signal the way it reaches a program here: with a key, a resized window, or to the process alone. */
  send(signal: NodeJS.Signals): Promise<void>;
  readonly ended: Promise<number | null>;
}

/** Starts `vastai exec ARGS` in a place, and waits until its program is ready. */
export function execIn(place: Place, harness: Harness, args: readonly string[]): Promise<PlacedRun> {
  return runIn(place, harness, ['exec', ...args]);
}

/**
 * Starts a command that runs a program in a place, and waits until the program is ready.
 *
 * @param more more variables for its environment
 */
export async function runIn(
  place: Place,
  harness: Harness,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<PlacedRun> {
  const { home, sandbox } = harness;
  const env = definedOnly({
    ...home.env,
    VAST_URL: sandbox.url,
    VAST_API_KEY: sandbox.key,
    SHELL: '/bin/sh',
    ...more,
  });
  const words = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');
  const throughPipe = 'mkfifo pipe; cat pipe > output & exec < /dev/null > pipe 2>&1; ';
  const line = `${place === 'with pipes on a terminal' ? throughPipe : ''}echo $$ > pid; exec ${words}`;
  const [program, ...rest] =
    place === 'without a terminal'
      ? ['setsid', 'sh', '-c', line]
      : ['script', '--quiet', '--return', '--flush', '--command', `tty > tty; ${line}`, '/dev/null'];
  const child = spawn(program as string, rest, { env, cwd: home.path, stdio: 'pipe' });
  child.stdout.resume();
  child.stderr.resume();
  child.stdin.on('error', () => {});
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status));
  });
  await fileIn(harness, 'ready');
  const pid = await processIdIn(home.at('pid'));
  return {
    ended,
    async send(signal) {
      const key = KEYS[signal];
      if (place !== 'without a terminal' && key !== undefined) child.stdin.write(key);
      else if (place !== 'without a terminal' && signal === 'SIGWINCH') {
        const tty = (await fileIn(harness, 'tty')).trim();
        spawn('stty', ['-F', tty, 'cols', '91'], { stdio: 'ignore' });
      } else signalProcess(pid, signal);
    },
  };
}

/** Waits until a file in the home exists and is not empty, and returns its content. */
export async function fileIn({ home }: Pick<Harness, 'home'>, name: string): Promise<string> {
  for (;;) {
    const text = await readFile(home.at(name), 'utf8').catch(() => '');
    if (text !== '') return text;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A program that counts a signal in the file `count`, and ends with 40 and that number when another signal comes. */
export async function writeCounter({ home }: Pick<Harness, 'home'>): Promise<string> {
  const path = home.at('counter.cjs');
  await writeFile(
    path,
    `const { writeFileSync } = require('node:fs');
let count = 0;
process.on(process.argv[2], () => writeFileSync('count', String(++count)));
process.on(process.argv[3], () => process.exit(40 + count));
writeFileSync('ready', 'yes');
setTimeout(() => {}, 60_000);
`,
  );
  return path;
}
