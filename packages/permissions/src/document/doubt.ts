import { quote } from '../json/quote.js';
import type { Condition } from './condition.js';
import { unclearOperand } from './judge.js';
import { mayBePattern } from './may-mean.js';

/**
 * Returns why the effect of a constraint is not certain, in one sentence, or undefined if it is.
 *
 * @param condition undefined if the form of the constraint is not documented
 */
export function doubtAbout(parameter: string, condition: Condition | undefined): string | undefined {
  const name = quote(parameter);
  if (mayBePattern(parameter)) return `The parameter ${name} looks like a pattern, which is not documented.`;
  if (condition === undefined) return `The form of the constraint on ${name} is not documented.`;
  const operand = unclearOperand(condition);
  if (operand === undefined) return undefined;
  const written = typeof operand === 'string' ? quote(operand) : String(operand);
  return `How the constraint on ${name} compares ${written} is not documented.`;
}
