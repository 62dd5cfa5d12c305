import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { makeBlocking } from '@vastai-cli/kit/render/blocking-streams';
import { isUnderNohup } from '@vastai-cli/kit/render/standard-streams';
import { hasControllingTerminal } from './controlling-terminal.js';
import { isMaskable, keyForms } from './masking/key-forms.js';
import type { MaskedStream } from './masking/masked-streams.js';
import { openPipes, type Pipe } from './masking/pipes.js';
import { relay } from './masking/relay.js';
import { StreamMask } from './masking/stream-mask.js';
import { SignalRelay } from './signal-relay.js';

/** A program to run in the foreground, with our standard streams. */
export interface ProgramToRun {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The key to mask, and where; without it, the program inherits both streams. */
  readonly masked?: { readonly key: ApiKey; readonly streams: readonly MaskedStream[] };
  /**
   * Called right before the program starts: from then on, signals are the program's.
   *
   * @param arrived a signal that asked this process to end, if one came while it was getting ready
   * @throws to start nothing
   */
  readonly handOver: (arrived: NodeJS.Signals | undefined) => void;
}

/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: 'ended'; readonly status: number; readonly lost: Error | undefined }
  | { readonly kind: 'not started'; readonly code: string };

/** Refuses a hang-up as nohup asked for, which Node undoes for itself and for every program that it starts. */
const UNDER_NOHUP = 'trap "" HUP; exec "$0" "$@"';

/**
 * Runs a program to its end, and passes signals on to it. Output that is masked is passed on until the last program that
 * writes it has closed it.
 *
 * @returns its exit status, or 128 and the number of the signal that ended it
 * @throws what `handOver` throws
 */
export async function runProgram(program: ProgramToRun): Promise<ProgramEnd> {
  // Node has an error of its own for an empty name.
  if (program.file === '') return { kind: 'not started', code: 'ENOENT' };
  const masked = streamsToMask(program);
  const pipes = masked.length === 0 ? undefined : openPipes(masked.length);
  const sharesGroup = hasControllingTerminal();
  const signals = new SignalRelay(sharesGroup);
  signals.listen();
  try {
    // A signal that has already arrived still belongs to us.
    await new Promise((resolve) => setImmediate(resolve));
    program.handOver(signals.arrived);
    makeBlocking();
    const child = start(program, stdioFor(masked, pipes), !sharesGroup);
    signals.follow(child);
    const end = endOf(child);
    for (const { writer } of pipes ?? []) closeSync(writer);
    const relays = masked.flatMap(({ to, from }, nth) =>
      readersOf(child, from, pipes?.[nth]).map((reader) => relay(reader, to, () => maskOf(program))),
    );
    const ended = await end;
    signals.stop();
    const [lost] = (await Promise.all(relays)).filter((error) => error !== undefined);
    return typeof ended === 'string'
      ? { kind: 'not started', code: ended }
      : { kind: 'ended', status: ended, lost };
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall?.startsWith('spawn') !== true) throw error;
    return { kind: 'not started', code };
  } finally {
    signals.stop();
  }
}

function streamsToMask({ masked }: ProgramToRun): readonly MaskedStream[] {
  return masked !== undefined && isMaskable(masked.key) ? masked.streams : [];
}

function maskOf({ masked }: ProgramToRun): StreamMask {
  return new StreamMask(masked === undefined ? [] : keyForms(masked.key));
}

function start({ file, args, env }: ProgramToRun, stdio: StdioOptions, detached: boolean): ChildProcess {
  const [program, ...words] = isUnderNohup()
    ? ['/bin/sh', '-c', UNDER_NOHUP, file, ...args]
    : [file, ...args];
  return spawn(program as string, words, { env, stdio, detached });
}

function stdioFor(masked: readonly MaskedStream[], pipes: readonly Pipe[] | undefined): StdioOptions {
  const streamFor = (fd: 1 | 2) => {
    const nth = masked.findIndex(({ from }) => from.includes(fd));
    return nth === -1 ? 'inherit' : (pipes?.[nth]?.writer ?? 'pipe');
  };
  return ['inherit', streamFor(1), streamFor(2)];
}

function readersOf(child: ChildProcess, from: readonly (1 | 2)[], pipe: Pipe | undefined): Readable[] {
  if (pipe !== undefined) return [new Socket({ fd: pipe.reader, readable: true, writable: false })];
  return from.flatMap((fd) => (child.stdio[fd] as Readable | null) ?? []);
}

/** Returns the exit status, or the code of the error if the program did not start. */
function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('error', ({ code = 'UNKNOWN' }: NodeJS.ErrnoException) => {
      if (child.pid === undefined) resolve(code);
    });
    child.once('exit', (status, signal) => {
      resolve(signal === null ? (status ?? 0) : statusOf(signal));
    });
  });
}

/** Returns the exit status that a shell shows for a program that a signal ended. */
export function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
