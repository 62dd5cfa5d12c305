import { isScalar, type Scalar } from '../document/condition.js';

/**
 * Returns the parameters of a query and a body that constraints are checked against.
 *
 * Leaves out a name with different values, and a value that is not a string, number or boolean: a constraint must not
 * let pass what it cannot check.
 */
export function callParameters(query: string, body: object): Record<string, Scalar> {
  const given = new Map<string, unknown[]>();
  for (const [name, value] of [...new URLSearchParams(query), ...Object.entries(body)]) {
    given.set(name, [...(given.get(name) ?? []), value]);
  }
  const certain: [string, Scalar][] = [];
  for (const [name, values] of given) {
    const [first] = values;
    if (isScalar(first) && values.every((value) => isScalar(value) && String(value) === String(first))) {
      certain.push([name, first]);
    }
  }
  return Object.fromEntries(certain);
}
