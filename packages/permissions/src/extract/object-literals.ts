import { type Candidate, REASONS } from './candidate.js';
import type { MappedText } from './mapped-text.js';

const OPENING = /\{\s*(?:"(?:api|\$schema)"|'(?:api|\$schema)'|api)\s*:/y;

/** Finds objects in code that begin as a permission document does. */
export class ObjectLiterals {
  readonly #source: MappedText;
  #hasEnd = true;

  constructor(source: MappedText) {
    this.#source = source;
  }

  /** Reads the object at a brace. Returns undefined if it is not one that could be a document. */
  at(start: number): { readonly candidate: Candidate; readonly end: number } | undefined {
    OPENING.lastIndex = start;
    if (!this.#hasEnd || !OPENING.test(this.#source.text)) return undefined;
    const end = closingBrace(this.#source.text, start);
    // An object without an end reaches the end of the file. Looking for more of them would take quadratic time.
    if (end === undefined) this.#hasEnd = false;
    const text = this.#source.slice(start, end ?? this.#source.text.length);
    const unknown = { reason: REASONS.unclosed, text, span: { start: 0, end: 1 } };
    return {
      candidate: { text, isLenient: true, ...(end === undefined ? { unknown } : {}), isLiteral: true },
      end: end ?? start + 1,
    };
  }
}

/** Returns the position after the brace that closes the one at `start`. */
function closingBrace(source: string, start: number): number | undefined {
  const marks = /["'{}]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let found = marks.exec(source); found !== null; found = marks.exec(source)) {
    const [mark] = found;
    if (mark === '{') depth += 1;
    else if (mark === '}') depth -= 1;
    else marks.lastIndex = afterQuote(source, found.index, mark);
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}

function afterQuote(source: string, start: number, quote: string): number {
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === quote || source[at] === '\n') return at + 1;
  }
  return source.length;
}
