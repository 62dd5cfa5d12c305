import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type Environment, environmentWithoutKeys } from '../config/environment.js';
import { reachOfOthers } from '../config/ownership.js';
import { readKeyBytes } from './key-text.js';
import { type Reading, unreadable } from './reading.js';
import { timeLimitOf } from './time-limit.js';

const LIMIT_S = 10;
/** A secret manager may have to be unlocked by a person, who needs a moment. */
const INTERACTIVE_LIMIT_S = 60;
const MAX_BYTES = 64 * 1024;
const FIX = 'Run the command yourself to see what is wrong, or pass the key in VAST_API_KEY.';

/**
 * Takes a key from a secret manager's own program, as AWS does with `credential_process`: started without a
 * shell, one line on standard output. What it says on standard error goes to the person. Nothing is written.
 *
 * @param command the program and its arguments, from `config.json`
 * @param settingsFile where that is; when others can change it the program is not started
 * @throws UsageError for a VASTAI_KEYCHAIN_TIMEOUT that is not a time: it is the limit here too.
 */
export async function readFromCommand(
  command: readonly string[],
  { environment, interactive }: { readonly environment: Environment; readonly interactive: boolean },
  settingsFile: string,
): Promise<Reading> {
  const reach = await reachOfOthers(settingsFile);
  if (reach !== undefined)
    return unreadable(
      'command_not_safe',
      `The key command of ${settingsFile} is not run: ${reach.reason}.`,
      reach.fix,
    );
  const [program = '', ...args] = command;
  const seconds = timeLimitOf(environment, interactive ? INTERACTIVE_LIMIT_S : LIMIT_S);
  const ended = await run(program, args, seconds);
  if (ended.failure !== undefined)
    return unreadable(ended.code, `The key command "${program}" ${ended.failure}.`, FIX);
  const reading = readKeyBytes(ended.output, `The output of "${program}"`, { origin: 'program' });
  if (reading.state === 'absent')
    return unreadable('command_empty', `The key command "${program}" printed nothing.`, FIX);
  return reading.state === 'unreadable'
    ? unreadable(reading.problem.code, reading.problem.message, FIX)
    : reading;
}

type Ended =
  | { readonly failure: undefined; readonly output: Uint8Array }
  | { readonly failure: string; readonly code: string };

function run(program: string, args: readonly string[], seconds: number): Promise<Ended> {
  return new Promise((resolve) => {
    const child = start(program, args);
    if (child === undefined) {
      resolve({ failure: 'could not be started', code: 'command_failed' });
      return;
    }
    // When vastai is interrupted meanwhile, nobody waits for the key any more.
    const end = () => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('close', () => process.off('exit', end));
    const chunks: Buffer[] = [];
    let length = 0;
    const stop = (failure: string, code: string) => {
      end();
      // A grandchild may hold the pipe open for as long as it likes.
      child.stdout.destroy();
      clearTimeout(timer);
      resolve({ failure, code });
    };
    const tooLate = () => stop(`did not finish within ${seconds} s`, 'command_timeout');
    const timer = setTimeout(tooLate, seconds * 1000);
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BYTES) stop('printed far more than a key', 'command_failed');
      else chunks.push(chunk);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') stop('was not found', 'command_missing');
      else stop(`could not be started (${error.code})`, 'command_failed');
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (status === 0) resolve({ failure: undefined, output: Buffer.concat(chunks) });
      else
        resolve({
          failure: signal === null ? `ended with status ${status}` : `was ended by ${signal}`,
          code: 'command_failed',
        });
    });
  });
}

/** Gives nothing for what cannot be a program's name or argument, such as an empty name. */
function start(
  program: string,
  args: readonly string[],
): ChildProcessByStdio<null, Readable, null> | undefined {
  try {
    return spawn(program, args, {
      env: environmentWithoutKeys(),
      shell: false,
      stdio: ['ignore', 'pipe', 'inherit'],
      windowsHide: true,
    });
  } catch {
    return undefined;
  }
}
