import { type Candidate, REASONS } from './candidate.js';
import { readHclString, readHclValue } from './hcl-value.js';
import { Heredocs } from './heredoc.js';
import type { MappedText } from './mapped-text.js';

/** Matches, before a string, a function that fills in values. */
const FILLED = /\b(?:format|replace|templatestring)\(\s*$/u;
/** The length of the longest call that is looked for before a string. */
const LONGEST_CALL = 100;

/** Finds the arguments of `jsonencode`, heredocs and strings in HCL, the language of Terraform. */
export function extractHcl(source: MappedText, found: (candidate: Candidate) => void): void {
  const { text } = source;
  const starts = /jsonencode[ \t]*\(|<<-?(\w{1,100})|"|#|\/\/|\/\*/g;
  let heredocs: Heredocs | undefined;
  for (let start = starts.exec(text); start !== null; start = starts.exec(text)) {
    const [all, word] = start;
    const at = start.index + all.length;
    if (word !== undefined) {
      heredocs ??= new Heredocs(source);
      const heredoc = heredocs.read(start.index, at, word);
      if (heredoc !== undefined) found(heredoc.candidate);
      starts.lastIndex = heredoc?.end ?? at;
    } else if (all === '"') {
      const { value, end, hasPlaceholder, isUnclosed } = readHclString(source, start.index);
      const reason = isUnclosed ? REASONS.unclosed : REASONS.placeholder;
      const isFilled = FILLED.test(text.slice(Math.max(0, start.index - LONGEST_CALL), start.index));
      const unknown = { reason, text: source, span: { start: start.index, end } };
      found({ text: value, ...(hasPlaceholder || isUnclosed || isFilled ? { unknown } : {}) });
      starts.lastIndex = end;
    } else if (all.startsWith('jsonencode')) {
      const { candidate, end } = readHclValue(source, at);
      found(candidate);
      starts.lastIndex = end;
    } else {
      const close = all === '/*' ? '*/' : '\n';
      const end = text.indexOf(close, at);
      starts.lastIndex = end === -1 ? text.length : end + close.length;
    }
  }
}
