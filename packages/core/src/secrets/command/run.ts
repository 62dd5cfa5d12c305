import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { environmentWithoutKeys } from '../../base/environment.js';
import { BoundedBytes } from '../../files/bounded-read.js';
import type { NoProgram, Program } from './program.js';

const MAX_BYTES = 64 * 1024;
/** How long a program has to tidy up, its terminal for one, before it is killed. */
const GRACE_MS = 500;

export interface RunLimits {
  readonly seconds: number;
  /** Whether the program may ask its person: it gets the terminal as standard input then. */
  readonly interactive: boolean;
  /** Ends the program. */
  readonly interruption?: AbortSignal | undefined;
}

type Ended = { readonly failure: undefined; readonly output: Uint8Array } | NoProgram;

/**
 * Runs a program and takes what it prints up to its end. A secret manager often leaves an agent behind, which keeps its
 * streams open: neither this process nor who reads its streams waits for that.
 *
 * @throws the reason of the interruption.
 */
export async function runForOutput(program: Program, name: string, limits: RunLimits): Promise<Ended> {
  const { seconds, interruption } = limits;
  const child = start(program, name, limits.interactive);
  if (child === undefined) return { failure: 'could not be started', code: 'command_failed' };
  const stop = stopper(child);
  const kill = () => void child.kill('SIGKILL');
  // When vastai ends meanwhile, nobody waits for the key any more.
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
    if (!printed.add(chunk)) cutOff('printed far more than a key', 'command_failed');
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

/** Gives nothing for what cannot be an argument, such as one with a zero byte. */
function start(
  { file, args, verbatim }: Program,
  name: string,
  interactive: boolean,
): ChildProcess | undefined {
  const options: SpawnOptions = {
    env: environmentWithoutKeys(),
    ...(verbatim ? { windowsVerbatimArguments: true } : { argv0: name }),
    shell: false,
    // A terminal is handed on, so that the program can ask there. Of a pipe it gets a copy: an agent that it leaves behind
    // would keep the pipe open, and with it whoever reads from this process.
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

/** Waits for what the program printed last: it is read in a turn after the one that tells of its end. */
async function readRest({ stdout, stderr }: ChildProcess): Promise<void> {
  const count = () =>
    [stdout, stderr].reduce((sum, one) => sum + ((one as Socket | null)?.bytesRead ?? 0), 0);
  for (let before = -1; before !== count(); ) {
    before = count();
    await nextTurn();
    await nextTurn();
  }
}

/** Copies to standard error at its pace, also where that takes nothing any more. */
function passOn(from: Readable): void {
  from.on('data', (chunk: Buffer) => {
    from.pause();
    process.stderr.write(chunk, () => from.resume());
  });
}

/** Asks the program to end, and makes it if it does not. */
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

/** Waits for the end of the program itself; gives nothing when it was a good one. */
function endOf(child: ChildProcess): Promise<NoProgram | undefined> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(explainStart(error.code)));
    child.once('exit', (status, signal) => {
      if (status === 0) return resolve(undefined);
      const failure = signal === null ? `ended with status ${status}` : `was ended by ${signal}`;
      resolve({ failure, code: 'command_failed' });
    });
  });
}

/** The file was there a moment ago, so a missing one is the interpreter of a script. */
function explainStart(code = ''): NoProgram {
  const because: Readonly<Record<string, string>> = {
    ENOENT: ': the interpreter that its first line names is missing, or that line ends as on Windows',
    ENOEXEC: ': it is no program of this system, and a script needs a first line such as #!/bin/sh',
  };
  return { failure: `could not be started${because[code] ?? ` (${code})`}`, code: 'command_failed' };
}
