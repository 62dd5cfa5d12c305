import type { Condition } from '../document/condition.js';
import { doubtAbout } from '../document/doubt.js';
import { judge } from '../document/judge.js';
import { quote } from '../json/quote.js';
import { isSameValue } from '../json/same-value.js';
import type { ParameterCondition } from './access.js';

/** Returns true if every request that meets `inner` also meets `outer`, and false if that is uncertain. */
export function isSubset(
  inner: readonly ParameterCondition[],
  outer: readonly ParameterCondition[],
): boolean {
  if (outer.length === 0) return true;
  const conditionOn = finderIn(inner);
  return outer.every(({ parameter, condition, written }) => {
    const same = conditionOn(parameter);
    if (same === undefined) return false;
    if (isSameValue(same.written, written)) return true;
    const inDoubt = [same, { parameter, condition }].some((one) => doubtAbout(one.parameter, one.condition));
    if (inDoubt || same.condition === undefined || condition === undefined) return false;
    return isConditionSubset(same.condition, condition);
  });
}

/** Returns a function that finds the condition on a parameter. Most endpoints have one condition, and need no map. */
function finderIn(conditions: readonly ParameterCondition[]) {
  const [only] = conditions;
  if (conditions.length < 2) return (parameter: string) => (only?.parameter === parameter ? only : undefined);
  const byParameter = new Map(conditions.map((one) => [one.parameter, one]));
  return (parameter: string) => byParameter.get(parameter);
}

/** Returns true if exactly the same requests meet both sets of conditions, and false if that is uncertain. */
export function isSameSet(
  left: readonly ParameterCondition[],
  right: readonly ParameterCondition[],
): boolean {
  return isSubset(left, right) && isSubset(right, left);
}

function isConditionSubset(inner: Condition, outer: Condition): boolean {
  if (inner.eq !== undefined) {
    return judge(inner.eq, inner) === 'fails' || judge(inner.eq, outer) === 'holds';
  }
  const low = inner.gte ?? Number.NEGATIVE_INFINITY;
  const high = inner.lte ?? Number.POSITIVE_INFINITY;
  if (low > high) return true;
  if (outer.eq !== undefined && !(low === high && low === outer.eq)) return false;
  if (outer.gte === undefined && outer.lte === undefined) return true;
  // A condition without a range also allows values that are not numbers.
  if (inner.gte === undefined && inner.lte === undefined) return false;
  return low >= (outer.gte ?? Number.NEGATIVE_INFINITY) && high <= (outer.lte ?? Number.POSITIVE_INFINITY);
}

/** Describes a condition in words, such as `id is 5` or `id is from 1 to 9`. */
export function describeCondition({ parameter, condition }: ParameterCondition): string {
  const name = /^[\w.-]{1,80}$/u.test(parameter) ? parameter : quote(parameter);
  if (condition === undefined) return `${name} meets an undocumented constraint`;
  const parts: string[] = [];
  if (condition.eq !== undefined)
    parts.push(`is ${typeof condition.eq === 'string' ? quote(condition.eq) : condition.eq}`);
  if (condition.gte !== undefined && condition.lte !== undefined) {
    parts.push(`is from ${condition.gte} to ${condition.lte}`);
  } else if (condition.gte !== undefined) {
    parts.push(`is at least ${condition.gte}`);
  } else if (condition.lte !== undefined) {
    parts.push(`is at most ${condition.lte}`);
  }
  return `${name} ${parts.length === 0 ? 'is anything' : parts.join(' and ')}`;
}
