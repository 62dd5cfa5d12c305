import { createScanner } from 'jsonc-parser';
import { type Path, pathTo } from './json-path.js';
import type { Span } from './positions.js';
import { Token } from './token.js';

/** The limit on nested objects and arrays. A permission document needs six levels. */
const MAX_DEPTH = 100;
/** The number of syntax errors after which the rest of a file is ignored, since it is not JSON at all. */
const MAX_FAULTS = 1000;

export interface JsonProperty {
  readonly key: string;
  /** The key with its quotes. */
  readonly keySpan: Span;
  /** Undefined if the value is missing or could not be read. */
  readonly value: JsonNode | undefined;
}

export interface JsonObject extends Span {
  readonly type: 'object';
  readonly properties: readonly JsonProperty[];
}

export interface JsonArray extends Span {
  readonly type: 'array';
  readonly items: readonly JsonNode[];
}

export type JsonScalar = Span &
  (
    | { readonly type: 'string'; readonly value: string }
    | { readonly type: 'number'; readonly value: number }
    | { readonly type: 'boolean'; readonly value: boolean }
    | { readonly type: 'null'; readonly value: null }
  );

/** A value and its position. Includes all duplicate keys, in source order. */
export type JsonNode = JsonObject | JsonArray | JsonScalar;

export interface SyntaxFault {
  readonly kind: 'syntax' | 'comment' | 'trailing_comma' | 'too_deep';
  readonly span: Span;
  /** The value that contains the error. */
  readonly path: Path | undefined;
  readonly message: string;
}

export interface ParsedJson {
  /** Undefined if the text contains no value. */
  readonly root: JsonNode | undefined;
  readonly faults: readonly SyntaxFault[];
}

/**
 * Parses strict JSON (RFC 8259), but continues after an error: returns everything it could read, and reports every
 * deviation with its position, including comments and trailing commas. Never throws.
 *
 * @param text the JSON, without a byte order mark
 */
export function parseJson(text: string): ParsedJson {
  return new Parser(text).parse();
}

/** By the number of jsonc-parser's `ScanError`. */
const STRING_FAULTS: Readonly<Record<number, string>> = {
  2: 'This string has no closing quote.',
  4: 'This string has an incomplete \\u escape.',
  5: 'This string has an invalid escape.',
  6: 'This string has a control character, which must be escaped.',
};

class Parser {
  readonly #scanner;
  readonly #faults: SyntaxFault[] = [];
  #token: number = Token.end;

  constructor(text: string) {
    this.#scanner = createScanner(text, false);
  }

  parse(): ParsedJson {
    this.#next();
    if (this.#token === Token.end) return { root: undefined, faults: this.#faults };
    const root = this.#value(undefined, 0);
    if (this.#token !== Token.end) this.#fault('Unexpected text after the end of the document.', undefined);
    return { root, faults: this.#faults };
  }

  /** Moves to the next token that is not white space, and reports comments on the way. */
  #next(): void {
    for (;;) {
      this.#token = this.#faults.length < MAX_FAULTS ? this.#scanner.scan() : Token.end;
      if (this.#token === Token.lineComment || this.#token === Token.blockComment) {
        this.#comment();
      } else if (this.#token !== Token.whiteSpace && this.#token !== Token.lineBreak) {
        return;
      }
    }
  }

  #comment(): void {
    if (this.#scanner.getTokenError() === 0)
      this.#fault('JSON does not allow comments.', undefined, 'comment');
    else this.#fault('This comment is not closed.', undefined);
  }

  #span(): Span {
    const start = this.#scanner.getTokenOffset();
    return { start, end: start + this.#scanner.getTokenLength() };
  }

  #fault(
    message: string,
    path: Path | undefined,
    kind: SyntaxFault['kind'] = 'syntax',
    span: Span = this.#span(),
  ): void {
    // A second error at the same position only follows from the first.
    if (this.#faults.length >= MAX_FAULTS || this.#faults.at(-1)?.span.start === span.start) return;
    this.#faults.push({ kind, span, path, message });
  }

  /** Reads the value at the current token and moves past it. Returns undefined if it finds none. */
  #value(path: Path | undefined, depth: number): JsonNode | undefined {
    const span = this.#span();
    switch (this.#token) {
      case Token.openBrace:
      case Token.openBracket:
        if (depth >= MAX_DEPTH) return this.#tooDeep(path);
        return this.#token === Token.openBrace ? this.#object(path, depth) : this.#array(path, depth);
      case Token.string: {
        const value = this.#string(path);
        return { type: 'string', value, ...span };
      }
      case Token.number: {
        const value = Number(this.#scanner.getTokenValue());
        if (this.#scanner.getTokenError() !== 0) this.#fault('This number is incomplete.', path);
        this.#next();
        return { type: 'number', value, ...span };
      }
      case Token.true:
      case Token.false: {
        const value = this.#token === Token.true;
        this.#next();
        return { type: 'boolean', value, ...span };
      }
      case Token.null:
        this.#next();
        return { type: 'null', value: null, ...span };
      default:
        this.#fault(
          this.#token === Token.unknown ? 'This is not a JSON value.' : 'Expected a value here.',
          path,
        );
        if (this.#token === Token.unknown || depth === 0) this.#next();
        return undefined;
    }
  }

  #string(path: Path | undefined): string {
    const value = this.#scanner.getTokenValue();
    const wrong = STRING_FAULTS[this.#scanner.getTokenError()];
    if (wrong !== undefined) this.#fault(wrong, path);
    this.#next();
    return value;
  }

  /** Skips a value without recursion, so that no input can overflow the stack. */
  #tooDeep(path: Path | undefined): undefined {
    this.#fault(`This is nested more than ${MAX_DEPTH} levels deep.`, path, 'too_deep');
    let open = 0;
    do {
      if (this.#token === Token.openBrace || this.#token === Token.openBracket) open += 1;
      if (this.#token === Token.closeBrace || this.#token === Token.closeBracket) open -= 1;
      this.#next();
    } while (open > 0 && this.#token !== Token.end);
    return undefined;
  }

  #object(path: Path | undefined, depth: number): JsonObject {
    const { start } = this.#span();
    const properties: JsonProperty[] = [];
    const end = this.#members(Token.closeBrace, '}', path, () => {
      const property = this.#property(path, depth);
      if (property !== undefined) properties.push(property);
      return property !== undefined;
    });
    return { type: 'object', properties, start, end };
  }

  #array(path: Path | undefined, depth: number): JsonArray {
    const { start } = this.#span();
    const items: JsonNode[] = [];
    const end = this.#members(Token.closeBracket, ']', path, () => {
      const item = this.#value(pathTo(path, items.length), depth + 1);
      if (item !== undefined) items.push(item);
      return item !== undefined;
    });
    return { type: 'array', items, start, end };
  }

  /**
   * Reads members between commas up to the closing token.
   *
   * @param member reads one member, moves past it, and returns false if it found none
   * @returns the offset after the closing token
   */
  #members(close: number, closing: string, path: Path | undefined, member: () => boolean): number {
    this.#next();
    let comma: Span | undefined;
    let expected = true;
    for (;;) {
      if (this.#token === close) {
        const { end } = this.#span();
        if (comma !== undefined) {
          this.#fault(`JSON does not allow a comma before "${closing}".`, path, 'trailing_comma', comma);
        }
        this.#next();
        return end;
      }
      if (this.#isForeignClose(close)) {
        this.#fault(`Expected "${closing}" here.`, path);
        return this.#span().start;
      }
      if (this.#token === Token.comma) {
        if (expected) this.#fault('Unexpected comma.', path);
        comma = this.#span();
        expected = true;
        this.#next();
        continue;
      }
      if (!expected) this.#fault('Expected a comma here.', path);
      const before = this.#scanner.getTokenOffset();
      const found = member();
      comma = undefined;
      expected = false;
      if (!found && this.#scanner.getTokenOffset() === before && this.#token !== close) {
        if (this.#token === Token.end) continue;
        if (this.#token !== Token.comma) this.#next();
      }
    }
  }

  #isForeignClose(close: number): boolean {
    return (
      this.#token === Token.end ||
      (this.#token === Token.closeBrace && close !== Token.closeBrace) ||
      (this.#token === Token.closeBracket && close !== Token.closeBracket)
    );
  }

  #property(path: Path | undefined, depth: number): JsonProperty | undefined {
    const keySpan = this.#span();
    let key: string;
    if (this.#token === Token.string) {
      key = this.#string(path);
    } else if (
      this.#token === Token.colon ||
      this.#token === Token.openBrace ||
      this.#token === Token.openBracket
    ) {
      this.#fault('Expected a key in double quotes here.', path);
      if (this.#token !== Token.colon) this.#value(path, depth + 1);
      else this.#next();
      return undefined;
    } else {
      this.#fault('A key must be a string in double quotes.', path);
      key = this.#scanner.getTokenValue().replace(/^'(.*)'$/su, '$1');
      this.#next();
      if (this.#token !== Token.colon) return undefined;
    }
    const here = pathTo(path, key);
    if (this.#token !== Token.colon) {
      this.#fault('Expected a colon here.', here);
      if (!this.#startsValue()) return { key, keySpan, value: undefined };
    } else {
      this.#next();
    }
    return { key, keySpan, value: this.#value(here, depth + 1) };
  }

  /** Excludes strings: after a missing colon, a string is more likely the next key. */
  #startsValue(): boolean {
    return (
      this.#token === Token.openBrace ||
      this.#token === Token.openBracket ||
      (this.#token >= Token.null && this.#token <= Token.false) ||
      this.#token === Token.number
    );
  }
}
