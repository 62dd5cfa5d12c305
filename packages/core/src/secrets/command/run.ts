import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { environmentWithoutKeys } from '../../base/environment.js';
import { BoundedBytes } from '../../files/bounded-read.js';
import type { NoProgram, Program } from './program.js';

const MAX_BYTES = 64 * 1024;
/** Time that a program has to clean up, for example its terminal, before it is killed. */
const GRACE_MS = 500;

/** Limits of a program. */
export interface RunLimits {
  readonly seconds: number;
  /** True if the program may ask a person. Its standard input is then that of vastai. */
  readonly interactive: boolean;
  /** Ends the program early. */
  readonly interruption?: AbortSignal | undefined;
}

type Ended = { readonly failure: undefined; readonly output: Uint8Array } | NoProgram;

/**
 * Runs a program and returns what it printed when it ended. It does not wait for the streams to close, because a secret
 * manager often leaves an agent running, which keeps them open.
 *
 * @throws the reason of `limits.interruption`.
 */
export async function runForOutput(program: Program, name: string, limits: RunLimits): Promise<Ended> {
  const { seconds, interruption } = limits;
  const child = start(program, name, limits.interactive);
  if (child === undefined) return { failure: 'could not be started', code: 'command_failed' };
  const stop = stopper(child);
  const kill = () => void child.kill('SIGKILL');
  // If vastai exits first, nobody needs the key any more.
  process.once('exit', kill);
  interruption?.addEventListener('abort', stop.now);
  let cut: NoProgram | undefined;
  const cutOff = (failure: string, code: string) => {
    cut ??= { failure, code };
    stop.now();
  };
  const timer = setTimeout(() => {
    cutOff(`did not finish within ${seconds} s`, 'command_timeout');
  }, seconds * 1000);
  const printed = new BoundedBytes(MAX_BYTES);
  child.stdout?.on('data', (chunk: Buffer) => {
    if (!printed.add(chunk)) cutOff('printed much more than a key', 'command_failed');
  });
  try {
    const ended = await endOf(child);
    await readRest(child);
    interruption?.throwIfAborted();
    return cut ?? ended ?? { failure: undefined, output: printed.bytes() };
  } finally {
    clearTimeout(timer);
    stop.clear();
    process.off('exit', kill);
    interruption?.removeEventListener('abort', stop.now);
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.unref();
  }
}

/** Starts the program. Returns `undefined` if an argument is not valid, for example because it contains a zero byte. */
function start(
  { file, args, verbatim }: Program,
  name: string,
  interactive: boolean,
): ChildProcess | undefined {
  const options: SpawnOptions = {
    env: environmentWithoutKeys(),
    ...(verbatim ? { windowsVerbatimArguments: true } : { argv0: name }),
    shell: false,
    // A terminal is inherited, so that the program can ask there. A pipe is copied instead: an agent that the program leaves
    // running would keep an inherited pipe open, and its reader waiting.
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', process.stderr.isTTY ? 'inherit' : 'pipe'],
    windowsHide: true,
  };
  try {
    const child = spawn(file, args, options);
    if (child.stderr) passOn(child.stderr);
    return child;
  } catch {
    return undefined;
  }
}

/** Waits for the last output, which Node reads after it reports the end of the program. */
async function readRest({ stdout, stderr }: ChildProcess): Promise<void> {
  const count = () =>
    [stdout, stderr].reduce((sum, one) => sum + ((one as Socket | null)?.bytesRead ?? 0), 0);
  for (let before = -1; before !== count(); ) {
    before = count();
    await nextTurn();
    await nextTurn();
  }
}

/** Copies a stream to standard error, only as fast as that accepts it. */
function passOn(from: Readable): void {
  from.on('data', (chunk: Buffer) => {
    from.pause();
    process.stderr.write(chunk, () => from.resume());
  });
}

/** Returns functions that end the program, with SIGTERM and then SIGKILL, and that clear the timer. */
function stopper(child: ChildProcess) {
  let timer: NodeJS.Timeout | undefined;
  return {
    now: () => {
      child.kill('SIGTERM');
      timer ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    },
    clear: () => clearTimeout(timer),
  };
}

/** Waits for the program to end. Returns `undefined` if it succeeded. */
function endOf(child: ChildProcess): Promise<NoProgram | undefined> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(explainStart(error.code)));
    child.once('exit', (status, signal) => {
      if (status === 0) return resolve(undefined);
      const failure = signal === null ? `exited with status ${status}` : `was killed by ${signal}`;
      resolve({ failure, code: 'command_failed' });
    });
  });
}

/** Explains why the program did not start. It was just found, so a missing file is the interpreter of a script. */
function explainStart(code = ''): NoProgram {
  const because: Readonly<Record<string, string>> = {
    ENOENT: ': the interpreter in its first line does not exist, or that line has a Windows line ending',
    ENOEXEC: ': it is not a program for this system, and a script needs a first line such as #!/bin/sh',
  };
  return { failure: `could not be started${because[code] ?? ` (${code})`}`, code: 'command_failed' };
}
