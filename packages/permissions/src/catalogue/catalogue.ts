import { OPERATION_ROWS } from './catalogue-data.js';
import type { Category } from './categories.js';
import type { Operation } from './operation.js';
import { OPERATION_RISKS } from './risk-data.js';
import { RouteTable } from './route-table.js';

/** Every operation named by a public source, sorted by name. */
export const OPERATIONS: readonly Operation[] = OPERATION_ROWS.map(
  ([operation, method, route, category, listed, endpoint]) => ({
    operation,
    method,
    route,
    parameters: route.includes('{') ? parametersOf(route) : [],
    category,
    ...(endpoint === undefined ? {} : { endpoint }),
    documented: listed !== undefined,
    risks: OPERATION_RISKS[operation] ?? [],
  }),
);

const byName: ReadonlyMap<string, Operation> = new Map(OPERATIONS.map((one) => [one.operation, one]));
const byEndpoint: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.flatMap((one) => (one.endpoint === undefined ? [] : [[one.endpoint, one] as const])),
);
const routes = new RouteTable(OPERATIONS);

function parametersOf(route: string): string[] {
  return [...route.matchAll(/\{([^{}]+)\}/gu)].map((match) => match[1] as string);
}

/** The published endpoint names, sorted. */
export const ENDPOINT_NAMES: readonly string[] = [...byEndpoint.keys()].sort();

/** Returns the operation with a name such as `instance.destroy`. */
export function operationNamed(name: string): Operation | undefined {
  return byName.get(name);
}

/** Returns the operation with a published endpoint name such as `api.instance.destroy`. */
export function operationOfEndpoint(endpoint: string): Operation | undefined {
  return byEndpoint.get(endpoint);
}

/** Returns the operations in a category, sorted by name. */
export function operationsOfCategory(category: Category | 'unknown'): readonly Operation[] {
  return OPERATIONS.filter((one) => one.category === category);
}

/**
 * Returns the operation that a request calls and its percent-decoded path parameters.
 *
 * Literal segments take precedence over parameters. A trailing slash, the query and the fragment are ignored. A segment
 * that is itself a placeholder, such as `{id}`, matches but sets no parameter. A path with an empty, `.` or `..`
 * segment matches nothing, since a client might normalize it into another path.
 */
export function findOperation(
  method: string,
  path: string,
): { operation: Operation; parameters: Record<string, string> } | undefined {
  return routes.find(method, path);
}

/**
 * Returns true if nobody can tell which operation a request calls, because of an encoded slash or a backslash in its path:
 * many servers decode a path before they split it, so `5%2F..%2F6` can be a value or a way to another route.
 */
export function mayReachElsewhere(method: string, path: string): boolean {
  return routes.mayReachElsewhere(method, path);
}
