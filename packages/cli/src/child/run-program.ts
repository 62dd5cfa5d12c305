import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { makeBlocking } from '@vastai-cli/kit/render/blocking-streams';
import { isUnderNohup } from '@vastai-cli/kit/render/standard-streams';
import { hasControllingTerminal } from './controlling-terminal.js';
import { closeInherited, inheritedDescriptors } from './inherited-descriptors.js';
import { Lifeline } from './lifeline.js';
import { MaskedOutput, type OutputToMask, type StandardStreams } from './masking/masked-output.js';
import { SignalRelay } from './signal-relay.js';
import { endAfter, type TimeLimit } from './time-limit.js';
import { withoutFile } from './withheld-file.js';

/** A program to run in the foreground, with our standard streams. */
export interface ProgramToRun {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Without it, the program inherits all our streams. */
  readonly masked?: OutputToMask;
  /** A file that the program must not inherit, however it is open here. */
  readonly withheld?: string | undefined;
  /** Called right before the program starts, so that signals can be left to it from then on. */
  readonly handOver?: () => void;
  /** Called when the program has ended, or will not start, right before signals have their usual effect again. */
  readonly takeBack?: () => void;
  /** True if the program must end when this process is killed. */
  readonly diesWithUs?: boolean;
  /** The time after which the program is ended. */
  readonly limit?: TimeLimit | undefined;
}

/** The end of a program, or the reason why it did not start: a signal that came before, or the code of an error. */
export type ProgramEnd =
  | { readonly kind: 'ended'; readonly status: number; readonly lost: Error | undefined }
  | { readonly kind: 'interrupted'; readonly status: number }
  | { readonly kind: 'not started'; readonly code: string };

/** Makes a program ignore HUP, as nohup asked for: Node undoes that for itself and for every program that it starts. */
const UNDER_NOHUP = 'trap "" HUP; exec "$0" "$@"';

/**
 * Runs a program to its end, and passes signals on to it. Returns only when the last program that writes masked output has
 * closed it.
 *
 * @throws what `handOver` throws, to start nothing
 */
export async function runProgram(program: ProgramToRun): Promise<ProgramEnd> {
  // Node has an error of its own for an empty name.
  if (program.file === '') return { kind: 'not started', code: 'ENOENT' };
  const sharesGroup = hasControllingTerminal();
  const signals = new SignalRelay(sharesGroup);
  const lifeline = program.diesWithUs === true ? new Lifeline() : undefined;
  const letGo = () => {
    lifeline?.release();
    program.takeBack?.();
    signals.stop();
  };
  // Before any pipe has a name, which a signal would leave behind.
  signals.listen();
  try {
    const output = new MaskedOutput(program.masked);
    // A signal that has already arrived still belongs to us.
    await new Promise((resolve) => setImmediate(resolve));
    program.handOver?.();
    if (signals.arrived !== undefined) return { kind: 'interrupted', status: statusOf(signals.arrived) };
    makeBlocking();
    const child = start(program, withoutFile(withInherited(output.stdio), program.withheld), !sharesGroup);
    lifeline?.tie(child, !sharesGroup);
    signals.follow(child);
    closeInherited();
    const end = endOf(child);
    const passedOn = output.passOn(child);
    const ended = await endAfter(program.limit, child, !sharesGroup, end);
    letGo();
    const lost = await passedOn;
    return typeof ended === 'string'
      ? { kind: 'not started', code: ended }
      : { kind: 'ended', status: ended, lost };
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall?.startsWith('spawn') !== true) throw error;
    return { kind: 'not started', code };
  } finally {
    letGo();
  }
}

function start({ file, args, env }: ProgramToRun, stdio: StdioOptions, detached: boolean): ChildProcess {
  const [program, ...words] = isUnderNohup()
    ? ['/bin/sh', '-c', UNDER_NOHUP, file, ...args]
    : [file, ...args];
  return spawn(program as string, words, { env, stdio, detached });
}

/** Adds the other file descriptors that we inherited to the standard streams of a program. */
function withInherited(streams: StandardStreams): Exclude<StdioOptions, string> {
  const inherited = inheritedDescriptors();
  const others = Array.from({ length: Math.max(0, ...inherited.map((fd) => fd - 2)) }, (_, nth) => nth + 3);
  return [...streams, ...others.map((fd) => (inherited.includes(fd) ? fd : 'ignore'))];
}

/** Returns the exit status, or the code of the error if the program did not start. */
function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    // Also comes for each signal that the system does not let us send, as to a program that sudo started.
    child.on('error', ({ code = 'UNKNOWN' }: NodeJS.ErrnoException) => {
      if (child.pid === undefined) resolve(code);
    });
    child.once('exit', (status, signal) => {
      resolve(signal === null ? (status ?? 0) : statusOf(signal));
    });
  });
}

/** Returns the exit status that a shell shows for a program that a signal ended. */
function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
