import type { Span } from '../json/positions.js';
import type { MappedText } from './mapped-text.js';

/** Holds a piece of a file that may be a permission document. */
export interface Candidate {
  readonly text: MappedText;
  /** True if the file says that this is a permission document, as `--permissions` does. */
  readonly isMarked?: boolean;
  /** True if comments and trailing commas are part of the language here. */
  readonly isLenient?: boolean;
  /** True for an object in code, which is a document only if it is JSON. */
  readonly isLiteral?: boolean;
  /** Says why the text is not known, and which part of the source shows it. */
  readonly unknown?: { readonly reason: string; readonly text: MappedText; readonly span: Span } | undefined;
}

/** Finds the candidates in a file, and passes each one on. */
export type Extractor = (source: MappedText, found: (candidate: Candidate) => void) => void;

export const REASONS = {
  placeholder: 'It contains a placeholder whose value is unknown.',
  joined: 'It is joined with an unknown value.',
  unclosed: 'It is not closed.',
  expression: 'It contains an expression whose value is unknown.',
  notJson: 'It is an object literal that is not JSON.',
  mapping: 'It is a YAML mapping, not JSON. Check the JSON that is made from it.',
  elided: 'Parts of it are left out.',
} as const;
