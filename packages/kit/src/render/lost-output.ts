import type { Writable } from 'node:stream';
import { EXIT_STATUS } from '../command/exit-status.js';

/** The property of a stream that records a failed write. Each plugin bundles its own copy of this file, so a variable would not do. */
const LOST = Symbol.for('vastai.lost-output');

/** A failed write to a stream. */
interface Lost {
  readonly code: string;
  /** True once it has been reported. */
  isReported: boolean;
}

/** Marks the getter of a stream that has not been opened yet. */
const UNOPENED = Symbol.for('vastai.unopened-stream');

type Guarded = Writable & { [LOST]?: Lost };
type Done = (error?: NodeJS.ErrnoException | null) => void;

/**
 * Keeps the work going if a write to standard output or standard error fails: a full disk, a closed terminal, a reader
 * that stops early. Libraries such as oclif would throw and stop the work half-way.
 *
 * A failed write to standard output is reported as an error when the process exits, unless the reader stopped. A failed
 * write to standard error is ignored. Call it once, at the start of the process.
 */
export function guardStreams(): void {
  whenOpened('stdout', (stdout) => {
    guard(stdout);
    process.on('exit', reportLostOutput);
  });
  whenOpened('stderr', guard);
}

/** Prepares a stream when it is first used. Opening one takes Node a millisecond, and many runs use only one. */
function whenOpened(name: 'stdout' | 'stderr', prepare: (stream: Guarded) => void): void {
  const original = Object.getOwnPropertyDescriptor(process, name)?.get;
  const open: () => Guarded = original?.bind(process) ?? (() => process[name]);
  const define = (get: () => Guarded) =>
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get });
  const openFirst = () => {
    const stream = open();
    define(() => stream);
    prepare(stream);
    return stream;
  };
  define(Object.assign(openFirst, { [UNOPENED]: true }));
}

/** Returns true if a stream is guarded, and nothing has opened it yet. */
export function isUnopened(name: 'stdout' | 'stderr'): boolean {
  const { get } = Object.getOwnPropertyDescriptor(process, name) ?? {};
  return get !== undefined && UNOPENED in get;
}

/** Returns true if a write to standard output has failed, so that more of them are useless. */
export function hasLostOutput(): boolean {
  return !isUnopened('stdout') && (process.stdout as Guarded)[LOST] !== undefined;
}

/** Returns the error of a failed write to standard output. The caller must report it: it is not reported again. */
export function takeLostOutput(): { readonly code: string } | undefined {
  if (isUnopened('stdout')) return undefined;
  const lost = (process.stdout as Guarded)[LOST];
  if (lost !== undefined) lost.isReported = true;
  return lost;
}

function guard(stream: Guarded): void {
  const forgiving = (done: Done) => (error?: NodeJS.ErrnoException | null) => {
    if (error) stream[LOST] ??= { code: error.code ?? error.message, isReported: false };
    done();
  };
  const { _write: write, _writev: writeMany } = stream;
  stream._write = (chunk, encoding, done) => write.call(stream, chunk, encoding, forgiving(done));
  if (writeMany) stream._writev = (chunks, done) => writeMany.call(stream, chunks, forgiving(done));
}

function reportLostOutput(status: number): void {
  const lost = (process.stdout as Guarded)[LOST];
  if (lost === undefined || lost.isReported || lost.code === 'EPIPE') return;
  // A command that failed for another reason has reported that.
  const rest = status === 0 ? 'The command itself succeeded; only its output is missing.\n' : '';
  process.stderr.write(`Error: The result could not be written to standard output (${lost.code}).\n${rest}`);
  if (status === 0) process.exitCode = EXIT_STATUS.internal;
}
