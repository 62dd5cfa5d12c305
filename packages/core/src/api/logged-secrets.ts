import { isObject } from '../base/json-object.js';
import { maskText, withoutSecrets } from '../http/masking/redaction.js';

/**
 * Returns the rows of an audit log without secrets: without fields that hold one, also inside `args`, which is JSON in a
 * string, and with keys masked in the query of a route, where old clients put them.
 */
export function withoutLoggedSecrets(rows: readonly unknown[]): readonly unknown[] {
  const args = rows.map(openedArgs);
  // One call for all of them looks at each name once, and most logs have no secrets.
  const hasSecrets = withoutSecrets(args) !== args;
  return rows.map((row, at) => {
    if (!isObject(row)) return row;
    const { api_route: route } = row;
    const isQueried = typeof route === 'string' && route.includes('?');
    const clean = hasSecrets ? withoutSecrets(args[at]) : args[at];
    if (!isQueried && clean === args[at]) return row;
    return {
      ...row,
      ...(isQueried ? { api_route: maskText(route, (text) => text) } : {}),
      ...(clean === args[at] ? {} : { args: typeof row.args === 'string' ? JSON.stringify(clean) : clean }),
    };
  });
}

/** Returns the arguments of a row: an object, or what its JSON stands for. Text that is not JSON has no fields. */
function openedArgs(row: unknown): unknown {
  const args = isObject(row) ? row.args : undefined;
  if (typeof args !== 'string') return args;
  try {
    return JSON.parse(args);
  } catch {
    return undefined;
  }
}
