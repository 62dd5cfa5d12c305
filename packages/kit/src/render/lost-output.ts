import type { Writable } from 'node:stream';
import { EXIT_STATUS } from '../command/exit-status.js';
import { isStdoutClosed } from './standard-streams.js';

/** Kept on the stream itself, because each plugin brings its own copy of this file. */
const LOST = Symbol.for('vastai.lost-output');

/** Why a stream did not take what was written to it. */
interface Lost {
  readonly code: string;
  /** Whether the person knows already. */
  told: boolean;
}

type Guarded = Writable & { [LOST]?: Lost };
type Done = (error?: NodeJS.ErrnoException | null) => void;

/**
 * Lets the work go on when a stream takes nothing: a full disk, a terminal that was closed, a reader that has seen
 * enough. Libraries throw then, oclif among them, which would cut the work off half-way.
 *
 * Standard error never changes the outcome. What standard output lost is an error once everything else is done, except
 * when the reader went away. Call it once, at the start of the process.
 */
export function guardStreams(): void {
  whenOpened('stdout', (stdout) => {
    // Node opens the null device in place of a closed stream, and every write there succeeds.
    const closed = Object.assign(new Error('closed'), { code: 'EBADF' });
    if (isStdoutClosed()) stdout._write = (_chunk, _encoding, done: Done) => done(closed);
    guard(stdout);
    process.on('exit', reportLostOutput);
  });
  whenOpened('stderr', guard);
}

/** Does something with a stream when it is first asked for: Node opens it then, which takes a millisecond, and many runs need one. */
function whenOpened(name: 'stdout' | 'stderr', prepare: (stream: Guarded) => void): void {
  const { get } = Object.getOwnPropertyDescriptor(process, name) ?? {};
  const open: () => Guarded = get?.bind(process) ?? (() => process[name]);
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      const stream = open();
      Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => stream });
      prepare(stream);
      return stream;
    },
  });
}

/** Returns why standard output did not take something; marks it as told, for a caller who reports it. */
export function takeLostOutput(): { readonly code: string } | undefined {
  const lost = (process.stdout as Guarded)[LOST];
  if (lost !== undefined) lost.told = true;
  return lost;
}

function guard(stream: Guarded): void {
  const forgiving = (done: Done) => (error?: NodeJS.ErrnoException | null) => {
    if (error) stream[LOST] ??= { code: error.code ?? error.message, told: false };
    done();
  };
  const { _write: write, _writev: writeMany } = stream;
  stream._write = (chunk, encoding, done) => write.call(stream, chunk, encoding, forgiving(done));
  if (writeMany) stream._writev = (chunks, done) => writeMany.call(stream, chunks, forgiving(done));
}

function reportLostOutput(status: number): void {
  const lost = (process.stdout as Guarded)[LOST];
  if (lost === undefined || lost.told || lost.code === 'EPIPE') return;
  process.stderr.write(
    `Error: The result could not be written to standard output (${lost.code}).\nWhat was asked of the API may have been done all the same.\n`,
  );
  if (status === 0) process.exitCode = EXIT_STATUS.internal;
}
