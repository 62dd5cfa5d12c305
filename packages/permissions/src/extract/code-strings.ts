import { type Candidate, type Extractor, REASONS } from './candidate.js';
import { decodeEscape } from './escapes.js';
import { type MappedText, MappedTextBuilder } from './mapped-text.js';
import { ObjectLiterals } from './object-literals.js';

/** Describes a kind of string literal. */
export interface StringForm {
  readonly quote: string;
  /** Says what a backslash does. It keeps a quote from ending the string, except in a plain one. Default: escapes. */
  readonly backslash?: 'escapes' | 'keeps' | 'plain';
  readonly spansLines?: boolean;
  /** The start of a placeholder, such as `${`. */
  readonly placeholder?: '${' | '{';
}

/** Describes how a language writes what matters here. */
export interface Lexis {
  readonly lineComment: '//' | '#';
  readonly hasBlockComments: boolean;
  /** Returns the kind of string at a quote. */
  readonly formAt: (source: string, quote: number) => StringForm;
  /** Matches what after a string, and the brackets around it, fills in values, such as `.format(`. */
  readonly filledAfter?: RegExp;
  /** Matches, in what precedes a string on its line, a function that fills in values, such as `Sprintf(`. */
  readonly filledBefore?: RegExp;
  /** Matches what joins two strings to one value. */
  readonly joint: RegExp;
  readonly keepsUnknownEscapes: boolean;
  readonly hasRegularExpressions: boolean;
  readonly hasObjects: boolean;
}

/** The length of the longest call that is looked for before a string. */
const LONGEST_CALL = 100;

/** Returns an extractor for the strings, and the objects, of a programming language. Takes linear time. */
export function codeExtractor(lexis: Lexis): Extractor {
  return (source, found) => new CodeReader(source, lexis, found).read();
}

class CodeReader {
  readonly #source: MappedText;
  readonly #text: string;
  readonly #lexis: Lexis;
  readonly #found: (candidate: Candidate) => void;
  readonly #objects: ObjectLiterals;
  /** The position at which the search for the end of a regular expression gave up. None that began before it has an end. */
  #noPatternBefore = 0;

  constructor(source: MappedText, lexis: Lexis, found: (candidate: Candidate) => void) {
    this.#source = source;
    this.#text = source.text;
    this.#lexis = lexis;
    this.#found = found;
    this.#objects = new ObjectLiterals(source);
  }

  read(): void {
    const marks = /["'`{/#]/g;
    for (let mark = marks.exec(this.#text); mark !== null; mark = marks.exec(this.#text)) {
      marks.lastIndex = this.#after(mark.index, mark[0]);
    }
  }

  /** Reads what begins at a mark, and returns where it ends. */
  #after(at: number, mark: string): number {
    if (mark === '"' || mark === "'" || mark === '`') return this.#value(at);
    if (mark === '{') {
      const object = this.#lexis.hasObjects ? this.#objects.at(at) : undefined;
      if (object === undefined) return at + 1;
      this.#found(object.candidate);
      return object.end;
    }
    if (this.#text.startsWith(this.#lexis.lineComment, at)) return this.#find('\n', at);
    if (this.#lexis.hasBlockComments && this.#text.startsWith('/*', at)) return this.#find('*/', at + 2);
    const isPattern = mark === '/' && this.#lexis.hasRegularExpressions && this.#startsPattern(at);
    return isPattern ? this.#afterPattern(at) : at + 1;
  }

  #find(end: string, from: number): number {
    const at = this.#text.indexOf(end, from);
    return at === -1 ? this.#text.length : at + end.length;
  }

  /** Returns true if a slash begins a regular expression, judged by what precedes it on its line. */
  #startsPattern(at: number): boolean {
    const before = this.#text.slice(Math.max(0, at - 20), at).trimEnd();
    return /(?:[(,=:[!&|?{};+]|\breturn|^)$/u.test(before);
  }

  /** Returns where a regular expression ends. Without an end on its line, neither it nor a later one on that line counts. */
  #afterPattern(start: number): number {
    if (start < this.#noPatternBefore) return start + 1;
    let isInClass = false;
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const character = this.#text[at];
      if (character === '\n') {
        this.#noPatternBefore = at;
        return start + 1;
      }
      if (character === '\\') at += 1;
      else if (character === '[') isInClass = true;
      else if (character === ']') isInClass = false;
      else if (character === '/' && !isInClass) return at + 1;
    }
    this.#noPatternBefore = this.#text.length;
    return start + 1;
  }

  /** Reads a string and those joined to it. */
  #value(start: number): number {
    const builder = new MappedTextBuilder(this.#source);
    let unknown: { reason: string; start: number; end: number } | undefined;
    let at = start;
    for (;;) {
      const string = this.#string(at, builder);
      unknown ??= string.unknown;
      at = string.end;
      this.#lexis.joint.lastIndex = at;
      const joint = this.#lexis.joint.exec(this.#text)?.[0] ?? '';
      const next = at + joint.length;
      if (/["'`]/u.test(this.#text[next] ?? '') && joint !== '') {
        at = next;
        continue;
      }
      if (joint.includes('+')) unknown ??= { reason: REASONS.joined, start: at, end: next };
      break;
    }
    unknown ??= this.#filled(start, at);
    const text = builder.build();
    this.#found({
      text,
      ...(unknown === undefined
        ? {}
        : { unknown: { reason: unknown.reason, text: this.#source, span: unknown } }),
    });
    return at;
  }

  /** Returns what fills values into the string between two offsets, if anything does. */
  #filled(start: number, end: number): { reason: string; start: number; end: number } | undefined {
    const { filledAfter, filledBefore } = this.#lexis;
    const before = this.#text.slice(Math.max(0, start - LONGEST_CALL), start);
    if (filledBefore?.test(before)) return { reason: REASONS.placeholder, start, end: start + 1 };
    if (filledAfter === undefined) return undefined;
    filledAfter.lastIndex = end;
    const found = filledAfter.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    return { reason: REASONS.placeholder, start: end, end: end + found.length };
  }

  #string(
    quoteAt: number,
    builder: MappedTextBuilder,
  ): { end: number; unknown?: { reason: string; start: number; end: number } } {
    const { quote, backslash = 'escapes', spansLines, placeholder } = this.#lexis.formAt(this.#text, quoteAt);
    const text = this.#text;
    let unknown: { reason: string; start: number; end: number } | undefined;
    let copied = quoteAt + quote.length;
    let at = copied;
    while (at < text.length) {
      const character = text[at];
      if (character === quote[0] && text.startsWith(quote, at)) {
        builder.copy(copied, at);
        return { end: at + quote.length, ...(unknown === undefined ? {} : { unknown }) };
      }
      if (character === '\n' && !spansLines) {
        builder.copy(copied, at);
        return { end: at, unknown: { reason: REASONS.unclosed, start: quoteAt, end: quoteAt + 1 } };
      }
      if (character === '\\' && backslash !== 'plain') {
        if (backslash === 'keeps') {
          at += 2;
          continue;
        }
        const decoded = decodeEscape(text, at, this.#lexis.keepsUnknownEscapes);
        builder.copy(copied, at);
        builder.replace(decoded.text, at, decoded.end);
        copied = at = decoded.end;
      } else if (
        placeholder === '{' &&
        (character === '{' || character === '}') &&
        text[at + 1] === character
      ) {
        builder.copy(copied, at);
        builder.replace(character, at, at + 2);
        copied = at += 2;
      } else if (
        placeholder !== undefined &&
        character === placeholder[0] &&
        text.startsWith(placeholder, at)
      ) {
        const end = this.#afterPlaceholder(at + placeholder.length, spansLines);
        unknown ??= { reason: REASONS.placeholder, start: at, end };
        at = end;
      } else at += 1;
    }
    builder.copy(copied, text.length);
    return { end: text.length, unknown: { reason: REASONS.unclosed, start: quoteAt, end: quoteAt + 1 } };
  }

  #afterPlaceholder(from: number, spansLines = false): number {
    let depth = 1;
    for (let at = from; at < this.#text.length; at += 1) {
      if (this.#text[at] === '\n' && !spansLines) return at;
      if (this.#text[at] === '{') depth += 1;
      else if (this.#text[at] === '}') depth -= 1;
      if (depth === 0) return at + 1;
    }
    return this.#text.length;
  }
}
