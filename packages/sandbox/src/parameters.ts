import { isScalar, type Scalar } from '@vastai-cli/permissions/document/condition';

/**
 * The parameters of a query and a body that a constraint can be held against.
 *
 * A name with several values that differ is left out, and so is what is no text, number or boolean: what
 * a constraint cannot see for certain must not pass it.
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
