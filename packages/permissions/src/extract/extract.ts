import { applyEdits } from '../json/edits.js';
import { parseJson, type SyntaxFault } from '../json/parse.js';
import { LineIndex, type Position } from '../json/positions.js';
import { decodeText } from '../json/source-text.js';
import type { Diagnostic } from '../validation/diagnostics.js';
import { validate } from '../validation/validate.js';
import { type Candidate, type Extractor, REASONS } from './candidate.js';
import { MappedText } from './mapped-text.js';
import { findDocument, seemsDocument } from './recognize.js';

/** The limit on documents per file, so that no file can use up the memory with findings. */
const MAX_DOCUMENTS = 10_000;

/** Describes a piece of a file that seems to be a permission document, but could not be checked. */
export interface SkippedPiece extends Position {
  readonly file: string;
  readonly reason: string;
}

/** Describes a permission document that was found in a file. */
export interface ExtractedDocument extends Position {
  /** Undefined if it has an error. */
  readonly document: Record<string, unknown> | undefined;
  /** The findings, at their positions in the file. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Extraction {
  /** The decoded text of the file. All positions refer to it. */
  readonly text: string;
  readonly documents: readonly ExtractedDocument[];
  readonly skipped: readonly SkippedPiece[];
}

/**
 * Finds the permission documents inside a file of another language, and checks them. Never throws.
 *
 * @param file the name to use in the findings
 * @param extractor the one for the language of the file
 */
export function extractDocuments(input: Uint8Array | string, file: string, extractor: Extractor): Extraction {
  const { text, faults } = decodeText(input);
  const reader = new Reader(text, file);
  if (faults.some(({ kind }) => kind === 'too_large')) reader.skip(0, 'The file is larger than 10 MiB.');
  extractor(new MappedText(text), (candidate) => reader.read(candidate));
  return { text, ...reader };
}

class Reader {
  readonly documents: ExtractedDocument[] = [];
  readonly skipped: SkippedPiece[] = [];
  readonly #lines: LineIndex;
  readonly #file: string;

  constructor(text: string, file: string) {
    this.#lines = new LineIndex(text);
    this.#file = file;
  }

  skip(offset: number, reason: string): void {
    if (this.skipped.length < MAX_DOCUMENTS)
      this.skipped.push({ file: this.#file, ...this.#lines.position(offset), reason });
  }

  read({ text: piece, isMarked = false, isLenient = false, isLiteral = false, unknown }: Candidate): void {
    const { text } = piece;
    if (!isMarked && !/api|_read|_write|manage_|view_|"read"|show_/u.test(text)) return;
    if (unknown !== undefined) {
      if (isMarked || seemsDocument(text)) this.skip(unknown.text.inFile(unknown.span).start, unknown.reason);
      return;
    }
    const starts = /^\s*[{/]/u.test(text);
    if (!starts && !isMarked) return;
    const { root, faults } = parseJson(text);
    const found = findDocument(root) ?? (isMarked ? { start: 0, end: text.length } : undefined);
    const placeholder = text.search(/\$\{|\{\{|<%/u);
    const elided = faults.find((fault) => isElided(text, fault));
    const [fault] = faults.filter(({ kind }) => kind === 'syntax' || kind === 'too_deep');
    const at =
      placeholder !== -1
        ? { offset: placeholder, reason: REASONS.placeholder }
        : elided !== undefined
          ? { offset: elided.span.start, reason: REASONS.elided }
          : isLiteral && fault !== undefined
            ? { offset: fault.span.start, reason: REASONS.notJson }
            : undefined;
    if (at !== undefined) {
      if (found !== undefined || seemsDocument(text))
        this.skip(piece.inFile({ start: at.offset, end: at.offset + 1 }).start, at.reason);
      return;
    }
    if (found === undefined) return;
    if (this.documents.length === MAX_DOCUMENTS)
      this.skip(piece.inFile(found).start, 'The file has too many documents.');
    if (this.documents.length >= MAX_DOCUMENTS) return;
    const isWhole = root === undefined || found === root;
    const start = isWhole ? 0 : found.start;
    const end = isWhole ? text.length : found.end;
    const clean = isLenient ? withoutComments(text, faults) : text;
    this.#check(piece.slice(start, end), clean.slice(start, end), found.start - start);
  }

  #check(piece: MappedText, text: string, start: number): void {
    const { document, diagnostics } = validate(text, this.#file);
    const lines = new LineIndex(text);
    this.documents.push({
      ...this.#lines.position(piece.inFile({ start, end: start }).start),
      document,
      diagnostics: diagnostics.map(({ advice: _, ...diagnostic }) => {
        const { line, column, endLine, endColumn } = diagnostic;
        const inner = {
          start: lines.offset({ line, column }),
          end: lines.offset({ line: endLine, column: endColumn }),
        };
        const span = piece.inFile(inner);
        const from = this.#lines.position(span.start);
        const to = this.#lines.position(span.end);
        return { ...diagnostic, ...from, endLine: to.line, endColumn: to.column };
      }),
    });
  }
}

function isElided(text: string, { span }: SyntaxFault): boolean {
  const at = span.start;
  return ['…', '...', '<'].some((mark) => text.startsWith(mark, at) || text.startsWith(mark, at - 1));
}

/** Replaces comments and trailing commas by spaces, so that all positions stay. */
function withoutComments(text: string, faults: readonly SyntaxFault[]): string {
  const spans = faults
    .filter(({ kind }) => kind === 'comment' || kind === 'trailing_comma')
    .map(({ span }) => span);
  return applyEdits(
    text,
    spans.map((span) => ({
      ...span,
      text: text.slice(span.start, span.end).replace(/[^\r\n]/gu, (c) => ' '.repeat(c.length)),
    })),
  );
}
