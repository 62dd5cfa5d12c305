import { type Candidate, REASONS } from './candidate.js';
import { decodeEscape } from './escapes.js';
import { type MappedText, MappedTextBuilder } from './mapped-text.js';

const SPACE = /(?:[\s,]+|#[^\n]*|\/\/[^\n]*)+/y;
const WORD = /[A-Za-z_][\w-]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Reads the string at a quote, with its escapes decoded. It ends at the end of its line, if not before. */
export function readHclString(
  source: MappedText,
  start: number,
): {
  readonly value: MappedText;
  readonly end: number;
  readonly hasPlaceholder: boolean;
  readonly isUnclosed: boolean;
} {
  const { text } = source;
  const builder = new MappedTextBuilder(source);
  let hasPlaceholder = false;
  let copied = start + 1;
  let at = copied;
  while (at < text.length && text[at] !== '"' && text[at] !== '\n') {
    if (text[at] === '\\') {
      const decoded = decodeEscape(text, at, false);
      builder.copy(copied, at);
      builder.replace(decoded.text, at, decoded.end);
      copied = at = decoded.end;
    } else if (text.startsWith('$${', at) || text.startsWith('%%{', at)) {
      builder.copy(copied, at);
      copied = at += 1;
      at += 2;
    } else if (text.startsWith('${', at) || text.startsWith('%{', at)) {
      hasPlaceholder = true;
      at = afterPlaceholder(text, at + 2);
    } else at += 1;
  }
  builder.copy(copied, at);
  const isUnclosed = text[at] !== '"';
  return { value: builder.build(), end: isUnclosed ? at : at + 1, hasPlaceholder, isUnclosed };
}

function afterPlaceholder(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\n') return at;
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** Reads the argument of `jsonencode`, and rewrites it as JSON. Takes linear time, and no stack. */
export function readHclValue(source: MappedText, start: number): { candidate: Candidate; end: number } {
  return new HclReader(source, start).read();
}

class HclReader {
  readonly #source: MappedText;
  readonly #text: string;
  readonly #json: MappedTextBuilder;
  readonly #start: number;
  readonly #open: ('{' | '[')[] = [];
  #at: number;
  #isFirst = true;

  constructor(source: MappedText, start: number) {
    this.#source = source;
    this.#text = source.text;
    this.#json = new MappedTextBuilder(source);
    this.#start = start;
    this.#at = start;
  }

  read(): { candidate: Candidate; end: number } {
    do {
      const reason = this.#step();
      if (reason !== undefined) return this.#unknown(reason);
    } while (this.#open.length > 0);
    this.#skipSpace();
    if (this.#text[this.#at] !== ')') return this.#unknown(REASONS.expression);
    return { candidate: { text: this.#json.build() }, end: this.#at + 1 };
  }

  /** Reads one member, item or closing bracket. Returns why it cannot be read, if so. */
  #step(): string | undefined {
    this.#skipSpace();
    const character = this.#text[this.#at];
    const open = this.#open.at(-1);
    if (character === undefined) return REASONS.unclosed;
    if (open !== undefined && character === (open === '{' ? '}' : ']')) {
      this.#json.copy(this.#at, this.#at + 1);
      this.#at += 1;
      this.#open.pop();
      this.#isFirst = false;
      return undefined;
    }
    if (!this.#isFirst) this.#json.replace(',', this.#at, this.#at);
    if (open === '{' && !this.#key()) return REASONS.expression;
    return this.#value() ? undefined : REASONS.expression;
  }

  #key(): boolean {
    if (this.#text[this.#at] === '"') {
      if (!this.#string()) return false;
    } else {
      const word = this.#match(WORD);
      if (word === undefined) return false;
      this.#json.replace('"', this.#at, this.#at);
      this.#json.copy(this.#at, this.#at + word.length);
      this.#at += word.length;
      this.#json.replace('"', this.#at, this.#at);
    }
    this.#skipSpace();
    if (this.#text[this.#at] !== '=' && this.#text[this.#at] !== ':') return false;
    this.#json.replace(':', this.#at, this.#at + 1);
    this.#at += 1;
    this.#skipSpace();
    return true;
  }

  #value(): boolean {
    const character = this.#text[this.#at];
    this.#isFirst = character === '{' || character === '[';
    if (character === '"') return this.#string();
    if (character === '{' || character === '[') {
      this.#open.push(character);
      this.#json.copy(this.#at, this.#at + 1);
      this.#at += 1;
      return true;
    }
    const word = this.#match(WORD);
    const value = word === undefined ? this.#match(NUMBER) : word;
    if (value === undefined || (word !== undefined && !['true', 'false', 'null'].includes(word)))
      return false;
    this.#json.copy(this.#at, this.#at + value.length);
    this.#at += value.length;
    return true;
  }

  #string(): boolean {
    const { end, hasPlaceholder } = readHclString(this.#source, this.#at);
    if (hasPlaceholder) return false;
    this.#json.copy(this.#at, end);
    this.#at = end;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #skipSpace(): void {
    for (;;) {
      const space = this.#match(SPACE) ?? '';
      this.#at += space.length;
      if (!this.#text.startsWith('/*', this.#at)) return;
      const end = this.#text.indexOf('*/', this.#at + 2);
      this.#at = end === -1 ? this.#text.length : end + 2;
    }
  }

  /** Returns the call as it is written, and moves behind it. */
  #unknown(reason: string): { candidate: Candidate; end: number } {
    const at = this.#at;
    const marks = /[()"]/g;
    marks.lastIndex = at;
    let depth = 1;
    for (let mark = marks.exec(this.#text); mark !== null; mark = marks.exec(this.#text)) {
      if (mark[0] === '"') marks.lastIndex = readHclString(this.#source, mark.index).end;
      else depth += mark[0] === '(' ? 1 : -1;
      if (depth === 0) break;
    }
    const end = depth === 0 ? marks.lastIndex : this.#text.length;
    return {
      candidate: {
        text: this.#source.slice(this.#start, end),
        unknown: { reason, text: this.#source, span: { start: at, end: at + 1 } },
      },
      end,
    };
  }
}
