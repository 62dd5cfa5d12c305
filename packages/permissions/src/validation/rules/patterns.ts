import { looksLikeSeveral } from '../../document/judge.js';
import { mayBePattern } from '../../document/may-mean.js';
import type { Path } from '../../json/json-path.js';
import type { Span } from '../../json/positions.js';
import { quote } from '../../json/quote.js';
import type { Findings } from '../findings.js';

const HELP = {
  category: 'Name the categories that the key needs.',
  endpoint: 'To grant the whole category, write {} as its value. Otherwise, name the endpoints.',
  parameter: 'Name the parameter.',
  value: 'Write a single value.',
} as const;

/** Reports a name that may be a pattern, or a value that may stand for several, and returns true if it is one. */
export function reportPattern(
  text: string,
  level: keyof typeof HELP,
  span: Span,
  path: Path,
  findings: Findings,
): boolean {
  if (!(level === 'value' ? looksLikeSeveral(text) : mayBePattern(text))) return false;
  findings.add({
    code: 'VP209',
    span,
    path,
    message: `${quote(text)} may be a pattern. Vast.ai does not document any, so it may match nothing or everything.`,
    help: HELP[level],
  });
  return true;
}
