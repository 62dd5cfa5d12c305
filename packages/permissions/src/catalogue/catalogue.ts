import { OPERATION_ROWS } from './catalogue-data.js';
import type { Category } from './categories.js';
import type { Operation } from './operation.js';
import { OPERATION_RISKS } from './risk-data.js';
import { RouteTable } from './route-table.js';

/** Every operation that a public source names, sorted by name. */
export const OPERATIONS: readonly Operation[] = OPERATION_ROWS.map(
  ([operation, method, route, category, endpoint, documented, commands]) => ({
    operation,
    method,
    route,
    parameters: [...route.matchAll(/\{([^{}]+)\}/gu)].map((match) => match[1] as string),
    category,
    ...(endpoint === '' ? {} : { endpoint }),
    documented: documented === 'yes',
    commands,
    risks: OPERATION_RISKS[operation] ?? [],
  }),
);

const byName: ReadonlyMap<string, Operation> = new Map(OPERATIONS.map((one) => [one.operation, one]));
const byEndpoint: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.flatMap((one) => (one.endpoint === undefined ? [] : [[one.endpoint, one] as const])),
);
const routes = new RouteTable(OPERATIONS);

/** The published endpoint names, sorted. */
export const ENDPOINT_NAMES: readonly string[] = [...byEndpoint.keys()].sort();

/** Finds the operation of a name such as `instance.destroy`. */
export function operationNamed(name: string): Operation | undefined {
  return byName.get(name);
}

/** Finds the operation that a published endpoint name stands for, such as `api.instance.destroy`. */
export function operationOfEndpoint(endpoint: string): Operation | undefined {
  return byEndpoint.get(endpoint);
}

/** Lists the operations of a category, sorted by name. */
export function operationsOfCategory(category: Category | 'unknown'): readonly Operation[] {
  return OPERATIONS.filter((one) => one.category === category);
}

/**
 * Finds the operation that a request reaches, with the values of its path parameters (percent-decoded).
 *
 * A literal segment beats a parameter; a final slash, the query and the fragment make no difference. A
 * segment that is itself a placeholder such as `{id}` matches, but gives no value. A path with an empty,
 * `.` or `..` segment reaches nothing, since a client may send it elsewhere.
 */
export function findOperation(
  method: string,
  path: string,
): { operation: Operation; parameters: Record<string, string> } | undefined {
  return routes.find(method, path);
}

/**
 * Lists the operations that a command of the official command line can use, sorted by name; empty for one that
 * is unknown. `vastai ` in front and repeated white space make no difference.
 */
export function operationsOfCommand(command: string): readonly Operation[] {
  const name = command
    .trim()
    .replace(/\s+/gu, ' ')
    .replace(/^vastai /u, '');
  return OPERATIONS.filter((one) => one.commands.includes(name));
}

/** Lists every command of the official command line that the catalogue knows, sorted. */
export function knownCommands(): readonly string[] {
  return [...new Set(OPERATIONS.flatMap((one) => one.commands))].sort();
}
