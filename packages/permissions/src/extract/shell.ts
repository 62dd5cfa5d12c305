import { type Candidate, REASONS } from './candidate.js';
import { Heredocs } from './heredoc.js';
import { type MappedText, MappedTextBuilder } from './mapped-text.js';

/** Limits how much of a string without an end is searched. Every escaped quote in it may seem to begin another one. */
const LONGEST_UNCLOSED = 200;

/**
 * Finds the arguments of `--permissions`, other quoted JSON, and heredocs in shell commands. Does not read the quotes of
 * the whole text, since the output in a transcript may contain apostrophes.
 */
export function extractShell(source: MappedText, found: (candidate: Candidate) => void): void {
  const text = source.text;
  const starts = /(--permissions(?:=|[ \t]+))|["'](?=\s*\{)|<<-?[ \t]*(["']?)(\w{1,100})\2/g;
  const quotes = new Quotes(source);
  let heredocs: Heredocs | undefined;
  for (let start = starts.exec(text); start !== null; start = starts.exec(text)) {
    const [all, flag, quoted, word] = start;
    const at = start.index + all.length;
    if (word !== undefined) {
      heredocs ??= new Heredocs(source);
      const heredoc = heredocs.read(start.index, at, word);
      if (heredoc !== undefined) {
        const isExpanded = quoted === '';
        found({ ...(isExpanded ? expansionIn(heredoc.candidate.text) : {}), ...heredoc.candidate });
      }
      starts.lastIndex = heredoc?.end ?? at;
      continue;
    }
    const isMarked = flag !== undefined;
    const quote = isMarked ? at : start.index;
    if (isMarked && text[quote] === '$') {
      const span = { start: quote, end: quote + 1 };
      found({
        text: source.slice(quote, quote + 1),
        isMarked,
        unknown: { reason: REASONS.placeholder, text: source, span },
      });
    } else if (text[quote] === '"' || text[quote] === "'") {
      const read = quotes.read(quote);
      if (read === undefined) {
        found({ ...unclosedQuote(source, quote), isMarked });
        continue;
      }
      found({ ...read.candidate, isMarked });
      starts.lastIndex = read.end;
    }
  }
}

/** Returns the first part of a heredoc that a shell would replace. */
function expansionIn(body: MappedText): Pick<Candidate, 'unknown'> {
  const at = body.text.search(/\$[\w{(]|`/u);
  return at === -1
    ? {}
    : { unknown: { reason: REASONS.placeholder, text: body, span: { start: at, end: at + 1 } } };
}

/** Returns the start of what follows a quote without an end, as a piece that could not be read. */
function unclosedQuote(source: MappedText, quote: number): Candidate {
  const text = source.slice(quote + 1, quote + 1 + LONGEST_UNCLOSED);
  return {
    text,
    unknown: { reason: REASONS.unclosed, text: source, span: { start: quote, end: quote + 1 } },
  };
}

class Quotes {
  readonly #source: MappedText;
  /** Quotes that are known to have no end. Looking for it again would take quadratic time. */
  readonly #endless = new Set<string>();

  constructor(source: MappedText) {
    this.#source = source;
  }

  read(start: number): { readonly candidate: Candidate; readonly end: number } | undefined {
    const text = this.#source.text;
    const mark = text[start] as string;
    if (this.#endless.has(mark)) return undefined;
    const read = mark === "'" ? this.#single(start) : this.#double(start);
    if (read === undefined) {
      this.#endless.add(mark);
      return undefined;
    }
    // A quote that is followed by more of the same word, as in '{"eq":'"$ID"'}'.
    const isJoined = /["'$\w]/u.test(text[read.end] ?? '');
    const isFormat = /\bprintf[ \t]+(?:--[ \t]+|-v[ \t]+\w+[ \t]+)?$/u.test(
      text.slice(Math.max(0, start - LONGEST_UNCLOSED), start),
    );
    const isFilled = isFormat && /%[^%]/u.test(read.candidate.text.text);
    const reason = isJoined ? REASONS.joined : isFilled ? REASONS.placeholder : undefined;
    const span = isJoined ? { start: read.end, end: read.end + 1 } : { start, end: start + 1 };
    const unknown = reason === undefined ? {} : { unknown: { reason, text: this.#source, span } };
    return { candidate: { ...unknown, ...read.candidate }, end: read.end };
  }

  #single(start: number): { readonly candidate: Candidate; readonly end: number } | undefined {
    const end = this.#source.text.indexOf("'", start + 1);
    return end === -1 ? undefined : { candidate: { text: this.#source.slice(start + 1, end) }, end: end + 1 };
  }

  #double(start: number): { readonly candidate: Candidate; readonly end: number } | undefined {
    const text = this.#source.text;
    const builder = new MappedTextBuilder(this.#source);
    let unknown: Candidate['unknown'];
    let copied = start + 1;
    for (let at = copied; at < text.length; at += 1) {
      const character = text[at];
      if (character === '"') {
        builder.copy(copied, at);
        return {
          candidate: { text: builder.build(), ...(unknown === undefined ? {} : { unknown }) },
          end: at + 1,
        };
      }
      if (character === '\\') {
        const next = text[at + 1] ?? '';
        if ('"\\$`\n'.includes(next)) {
          builder.copy(copied, at);
          builder.replace(next === '\n' ? '' : next, at, at + 2);
          copied = at + 2;
        }
        at += 1;
      } else if (character === '`' || (character === '$' && /[\w{(]/u.test(text[at + 1] ?? ''))) {
        unknown ??= { reason: REASONS.placeholder, text: this.#source, span: { start: at, end: at + 1 } };
      }
    }
    return undefined;
  }
}
