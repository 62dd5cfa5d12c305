import { once } from 'node:events';
import { MAX_BYTES } from '../keys/collected.js';
import { type Git, startGit } from './git.js';
import type { Change } from './git-changes.js';

/** The content of a file in git. */
export interface Blob {
  readonly change: Change;
  /** Undefined if the file is too large, or not in this copy of the repository. */
  readonly bytes: Buffer | 'too_large' | 'missing';
}

const NEW_LINE = 0x0a;

/** Reads the contents of files with one `git cat-file`, which gets the names while it answers the first of them. */
export async function* readBlobs(
  changes: AsyncIterable<readonly Change[]>,
  signal: AbortSignal,
): AsyncGenerator<Blob> {
  const git = startGit(['cat-file', '--batch'], signal);
  const asked: Change[] = [];
  const asking = askFor(changes, git, asked);
  // It is waited for once everything is read.
  asking.catch(() => git.stop());
  try {
    const objects = new Objects(git.stdout[Symbol.asyncIterator]());
    for (let bytes = await objects.next(); bytes !== undefined; bytes = await objects.next()) {
      const change = asked.shift();
      if (change !== undefined) yield { change, bytes };
    }
    await asking;
    await git.ended();
  } finally {
    git.stop();
  }
}

async function askFor(
  changes: AsyncIterable<readonly Change[]>,
  { stdin }: Git,
  asked: Change[],
): Promise<void> {
  for await (const part of changes) {
    if (part.length === 0) continue;
    asked.push(...part);
    const fits = stdin.write(part.map(({ id }) => `${id}\n`).join(''));
    if (!fits && !stdin.destroyed) await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]);
  }
  stdin.end();
}

/** Takes the output of `git cat-file --batch` apart: a line with the size, the content, and a line feed. */
class Objects {
  readonly #parts: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(parts: AsyncIterator<Buffer>) {
    this.#parts = parts;
  }

  /** Returns the next object; undefined after the last. */
  async next(): Promise<Blob['bytes'] | undefined> {
    const head = await this.#line();
    if (head === undefined) return undefined;
    const size = /^[0-9a-f]+ \w+ (?<size>\d+)$/u.exec(head)?.groups?.size;
    // `ID missing`, as in a partial clone.
    if (size === undefined) return 'missing';
    const bytes = await this.#take(Number(size));
    await this.#take(1);
    return bytes;
  }

  async #line(): Promise<string | undefined> {
    let end = this.#rest.indexOf(NEW_LINE);
    while (end === -1) {
      if (!(await this.#more())) return undefined;
      end = this.#rest.indexOf(NEW_LINE);
    }
    const line = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }

  /** Takes that many bytes, and drops them if they are too many. */
  async #take(size: number): Promise<Buffer | 'too_large'> {
    const parts: Buffer[] = [];
    for (let left = size; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more())) break;
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      if (size <= MAX_BYTES) parts.push(part);
    }
    if (size > MAX_BYTES) return 'too_large';
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#parts.next();
    if (done === true) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}
