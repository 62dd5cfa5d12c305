import { isAllowed } from './allow.js';
import { encodingOf } from './encoding.js';
import { Judge } from './judge.js';
import { LeakedKey } from './leaked-key.js';
import { Mentions } from './mentions.js';
import { Place, REACH } from './place.js';
import { Positions } from './positions.js';
import type { Reason } from './reasons.js';
import { shapeOf } from './shape.js';
import { findWords, type Word } from './words.js';

export interface ScanOptions {
  /** The file, as it is reported. Key files and lock files are known by their names. */
  path?: string;
  /** Returns true for a key that is saved on this machine, which is found wherever it is. */
  isKnown?: (word: string) => boolean;
}

export interface ScanResult {
  found: LeakedKey[];
  /** Counts the keys that were left out because their line says `vastai-scan:allow`. */
  allowed: number;
}

/** So many bytes are read before they are looked at, so that small parts are not copied again and again. */
const BATCH = 1 << 20;

/** Finds the Vast.ai keys in a file or a blob, in UTF-8 or UTF-16. */
export function scanBytes(bytes: Uint8Array, options: ScanOptions = {}): ScanResult {
  const scanner = new KeyScanner(options);
  const found = [...scanner.push(bytes), ...scanner.end()];
  return { found, allowed: scanner.allowed };
}

/** Finds the Vast.ai keys in a stream that comes in parts. It keeps a few megabytes at most, whatever the lines are. */
export class KeyScanner {
  readonly #judge: Judge;
  readonly #mentions = new Mentions();
  readonly #isKnown: (word: string) => boolean;
  readonly #positions = new Positions();
  #waiting: Uint8Array[] = [];
  #waitingLength = 0;
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #hasBegun = false;
  /** Holds the last part that was read and may still matter, then the part that was not read yet. */
  #bytes: Buffer = Buffer.alloc(0);
  #done = 0;
  /** Counts the keys that were left out because their line says `vastai-scan:allow`. */
  allowed = 0;

  constructor({ path = '', isKnown = () => false }: ScanOptions = {}) {
    this.#judge = new Judge(path);
    this.#isKnown = isKnown;
  }

  /** Takes the next part, and returns the keys that are certain by now. */
  push(part: Uint8Array): LeakedKey[] {
    this.#waiting.push(part);
    this.#waitingLength += part.length;
    return this.#waitingLength < BATCH ? [] : this.#look(false);
  }

  /** Returns the remaining keys. Nothing can be pushed after it. */
  end(): LeakedKey[] {
    return this.#look(true);
  }

  #look(isEnd: boolean): LeakedKey[] {
    this.#take(isEnd);
    this.#mentions.reset();
    const limit = isEnd ? this.#bytes.length : Math.max(this.#done, this.#bytes.length - REACH);
    const found: LeakedKey[] = [];
    let done = limit;
    for (const word of findWords(this.#bytes, this.#done, limit)) {
      const key = this.#keyOf(word);
      if (key !== undefined) found.push(key);
      done = Math.max(done, word.end);
    }
    this.#done = done;
    this.#drop();
    return found;
  }

  #keyOf({ text, start, end }: Word): LeakedKey | undefined {
    const reason = this.#isKnown(text) ? 'known' : this.#reasonFor(text, start, end);
    if (reason === undefined) return undefined;
    if (isAllowed(this.#bytes, start, end)) {
      this.allowed++;
      return undefined;
    }
    return new LeakedKey(text, { ...this.#positions.of(this.#bytes, start), reason });
  }

  #reasonFor(text: string, start: number, end: number): Reason | undefined {
    const shape = shapeOf(text);
    if (shape === undefined) return undefined;
    const isVastNear = this.#mentions.areNear(this.#bytes, start, end);
    return this.#judge.reasonFor(text, shape, new Place(this.#bytes, start, end), isVastNear);
  }

  /** Takes what is waiting, as UTF-8. */
  #take(isEnd: boolean): void {
    const [first = Buffer.alloc(0)] = this.#waiting;
    const part = this.#waiting.length === 1 ? first : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingLength = 0;
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    const encoding = isFirst ? encodingOf(part) : 'utf-8';
    if (encoding !== 'utf-8') this.#decoder = new TextDecoder(encoding);
    const decoded =
      this.#decoder === undefined ? part : Buffer.from(this.#decoder.decode(part, { stream: !isEnd }));
    const skipped = isFirst && hasMark(decoded) ? 3 : 0;
    const bytes = Buffer.from(decoded.buffer, decoded.byteOffset + skipped, decoded.byteLength - skipped);
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }

  /** Drops what no key that is still to come can have in its surroundings. */
  #drop(): void {
    const count = this.#done - REACH;
    if (count <= 0) return;
    this.#positions.drop(this.#bytes, count);
    this.#bytes = this.#bytes.subarray(count);
    this.#done -= count;
  }
}

/** Returns true for a byte order mark in UTF-8, which is in no column. */
function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
