import { endOfString, isString } from '../json-string.js';

/** The place of a string in a JSON text. */
export interface Place {
  readonly kind: 'name' | 'value';
  /** The name of the field whose value it is, or in whose list it is. */
  readonly field: string | undefined;
  /** True if the string is the whole text. */
  readonly isRoot: boolean;
}

type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing';

/** An object, or a list, that has begun. `field` is as in `Place`. */
interface Container {
  readonly isObject: boolean;
  field: string | undefined;
}

const DEEPEST = 200;
/** Longest string or number, in characters. It is held until it is complete. */
const LONGEST = 1024 * 1024;

const WHITE_SPACE = ' \t\n\r';
const SCALAR = /[\w.+-]+/y;
const VALID_SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/u;

/**
 * Replaces strings in a JSON text that arrives in pieces. Everything else stays as it is, character by character: numbers are
 * not read, since JavaScript has no integers of 64 bits. Where a piece ends makes no difference to the result.
 *
 * It is also strict: what is not JSON could be read in another way by its recipient, who would find strings in other places.
 */
export class JsonRewriter {
  readonly #replace: (raw: string, place: Place) => string;
  readonly #open: Container[] = [];
  #expected: Expected = 'value';
  /** A string, number or word that is not complete. */
  #held = '';

  /** @param replace receives each string with its quotation marks, names of fields included, and returns what replaces it */
  constructor(replace: (raw: string, place: Place) => string) {
    this.#replace = replace;
  }

  /**
   * Returns what is certain of the text so far, beyond what was returned before.
   *
   * @throws SyntaxError if it is not JSON, is nested too deeply, or has a string that is too long
   */
  push(piece: string): string {
    return piece === '' ? '' : this.#read(piece, false);
  }

  /** Returns the rest. @throws SyntaxError if the text is not complete */
  end(): string {
    const rest = this.#read('', true);
    if (this.#held !== '' || this.#expected !== 'nothing') throw invalid();
    return rest;
  }

  #read(piece: string, isLast: boolean): string {
    const text = this.#held + piece;
    // What is held has no final quotation mark, so that it is not searched again and again.
    let searched = this.#held.length;
    const parts: string[] = [];
    let copied = 0;
    let at = 0;
    while (at < text.length) {
      const character = text.charAt(at);
      if (character === '"') {
        const end = endOfString(text, at, searched);
        if (end === undefined) break;
        const raw = text.slice(at, end);
        const replaced = this.#string(raw);
        if (replaced !== raw) {
          parts.push(text.slice(copied, at), replaced);
          copied = end;
        }
        at = end;
      } else if (WHITE_SPACE.includes(character)) {
        at += 1;
      } else if ('{}[]:,'.includes(character)) {
        this.#punctuation(character);
        at += 1;
      } else {
        SCALAR.lastIndex = at;
        const raw = SCALAR.exec(text)?.[0] ?? '';
        if (raw !== '' && at + raw.length === text.length && !isLast) break;
        this.#scalar(raw);
        at += raw.length;
      }
      searched = 0;
    }
    this.#held = text.slice(at);
    if (this.#held.length > LONGEST) throw invalid();
    return parts.join('') + text.slice(copied, at);
  }

  #string(raw: string): string {
    if (raw.length > LONGEST || !isString(raw)) throw invalid();
    const top = this.#open.at(-1);
    if (this.#expected === 'name' || this.#expected === 'name or end') {
      if (top !== undefined) top.field = raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
      this.#expected = 'colon';
      return this.#replace(raw, { kind: 'name', field: undefined, isRoot: false });
    }
    this.#value();
    return this.#replace(raw, { kind: 'value', field: top?.field, isRoot: top === undefined });
  }

  #scalar(raw: string): void {
    if (raw.length > LONGEST || !VALID_SCALAR.test(raw)) throw invalid();
    this.#value();
  }

  #value(): void {
    if (this.#expected !== 'value' && this.#expected !== 'value or end') throw invalid();
    this.#expected = this.#open.length === 0 ? 'nothing' : 'comma or end';
  }

  #punctuation(character: string): void {
    const top = this.#open.at(-1);
    const expected = this.#expected;
    if (character === '{' || character === '[') {
      this.#value();
      const isObject = character === '{';
      if (this.#open.push({ isObject, field: isObject ? undefined : top?.field }) > DEEPEST) throw invalid();
      this.#expected = isObject ? 'name or end' : 'value or end';
    } else if (character === '}' || character === ']') {
      const isEmpty = expected === (character === '}' ? 'name or end' : 'value or end');
      if (!isEmpty && (expected !== 'comma or end' || top?.isObject !== (character === '}'))) throw invalid();
      this.#open.pop();
      this.#expected = this.#open.length === 0 ? 'nothing' : 'comma or end';
    } else if (character === ':') {
      if (expected !== 'colon') throw invalid();
      this.#expected = 'value';
    } else {
      if (expected !== 'comma or end') throw invalid();
      this.#expected = top?.isObject === true ? 'name' : 'value';
    }
  }
}

function invalid(): SyntaxError {
  return new SyntaxError('The text is not JSON.');
}
