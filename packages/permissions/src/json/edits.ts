import type { Span } from './positions.js';

/** Describes a part of a string to replace, and its replacement. */
export interface Edit extends Span {
  readonly text: string;
}

/** Applies edits to a string, and skips any that overlaps an earlier one. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const edit of [...edits].sort((left, right) => left.start - right.start || left.end - right.end)) {
    if (edit.start < done) continue;
    parts.push(text.slice(done, edit.start), edit.text);
    done = edit.end;
  }
  parts.push(text.slice(done));
  return parts.join('');
}
