import type { JsonNode, SyntaxFault } from '../../json/parse.js';
import type { EncodingFault } from '../../json/source-text.js';
import type { DiagnosticCode, DocumentAdvice } from '../diagnostics.js';
import type { Findings } from '../findings.js';

const FIX = { do: 'fix-document' } as const;

/** Reports errors in the encoding of a file. */
export function reportEncoding(faults: readonly EncodingFault[], text: string, findings: Findings): void {
  for (const fault of faults) {
    const start = fault.kind === 'not_utf8' ? fault.offset : 0;
    const span = { start, end: Math.min(start + (fault.kind === 'not_utf8' ? 1 : 0), text.length) };
    findings.add({ ...ENCODING[fault.kind], span, path: undefined });
  }
}

const ENCODING = {
  too_large: {
    code: 'VP006',
    message: 'The file is larger than 10 MiB, so it was not read.',
    help: 'A permission document has a few hundred bytes. Check that this is the right file.',
  },
  utf16: {
    code: 'VP005',
    message: 'The file is UTF-16.',
    help: 'Save the file as UTF-8.',
    advice: FIX,
  },
  not_utf8: { code: 'VP005', message: 'These bytes are not UTF-8.', help: 'Save the file as UTF-8.' },
  byte_order_mark: {
    code: 'VP107',
    message: 'The file starts with a byte order mark.',
    help: 'Save the file as UTF-8 without it.',
    advice: FIX,
  },
} as const;

/** Reports the syntax errors of a file, or that it is empty. */
export function reportSyntax(
  faults: readonly SyntaxFault[],
  root: JsonNode | undefined,
  findings: Findings,
): void {
  for (const { kind, span, path, message } of faults) {
    findings.add({ ...SYNTAX[kind], span, path, message });
  }
  if (root === undefined && faults.every(({ kind }) => kind === 'comment')) {
    findings.add({
      code: 'VP002',
      span: { start: 0, end: 0 },
      path: undefined,
      message: 'The file is empty.',
      help: 'Add a permission document.',
      advice: { do: 'begin-document' },
    });
  }
}

const SYNTAX: Readonly<
  Record<
    SyntaxFault['kind'],
    { readonly code: DiagnosticCode; readonly help: string; readonly advice?: DocumentAdvice }
  >
> = {
  syntax: { code: 'VP001', help: 'Correct the JSON here.' },
  comment: { code: 'VP003', help: 'Remove the comment.', advice: FIX },
  trailing_comma: { code: 'VP004', help: 'Remove the comma.', advice: FIX },
  too_deep: { code: 'VP007', help: 'Remove the inner levels. A permission document needs only six.' },
};
