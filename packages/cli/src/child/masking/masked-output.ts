import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isMaskable, keyForms } from './key-forms.js';
import type { MaskedStream } from './masked-streams.js';
import { openPipes, type Pipe } from './pipes.js';
import { relay } from './relay.js';
import { StreamMask } from './stream-mask.js';

/** Keys to mask, and the streams of a program in which to mask them. */
export interface OutputToMask {
  readonly keys: readonly ApiKey[];
  readonly streams: readonly MaskedStream[];
}

/** The standard streams to start a program with, in the order of their numbers. */
export type StandardStreams = readonly ['inherit', OutputStream, OutputStream];
type OutputStream = 'inherit' | 'pipe' | number;

/** Leads streams of one program through masks, and leaves the others to the program. */
export class MaskedOutput {
  readonly #keys: readonly ApiKey[];
  readonly #streams: readonly MaskedStream[];
  readonly #pipes: readonly Pipe[] | undefined;

  constructor(masked: OutputToMask | undefined) {
    this.#keys = masked?.keys ?? [];
    this.#streams = masked !== undefined && this.#keys.some(isMaskable) ? masked.streams : [];
    this.#pipes = this.#streams.length === 0 ? undefined : openPipes(this.#streams.length);
  }

  /** The standard streams to start the program with. */
  get stdio(): StandardStreams {
    const streamFor = (fd: 1 | 2): OutputStream => {
      const nth = this.#streams.findIndex(({ from }) => from.includes(fd));
      return nth === -1 ? 'inherit' : (this.#pipes?.[nth]?.writer ?? 'pipe');
    };
    return ['inherit', streamFor(1), streamFor(2)];
  }

  /**
   * Passes on, masked, what a program writes. Call it right after the program has started.
   *
   * @returns when the last program that writes has closed its output; the error of a failed write, if any
   */
  async passOn(child: ChildProcess): Promise<Error | undefined> {
    for (const { writer } of this.#pipes ?? []) closeSync(writer);
    const relays = this.#streams.flatMap(({ to, from }, nth) =>
      readersOf(child, from, this.#pipes?.[nth]).map((reader) => relay(reader, to, () => this.#makeMask())),
    );
    const errors = await Promise.all(relays);
    return errors.find((error) => error !== undefined);
  }

  #makeMask(): StreamMask {
    return new StreamMask(this.#keys.flatMap(keyForms));
  }
}

function readersOf(child: ChildProcess, from: readonly (1 | 2)[], pipe: Pipe | undefined): Readable[] {
  if (pipe !== undefined) return [new Socket({ fd: pipe.reader, readable: true, writable: false })];
  return from.flatMap((fd) => (child.stdio[fd] as Readable | null) ?? []);
}
