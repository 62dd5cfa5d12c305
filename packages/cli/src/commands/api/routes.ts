import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { apiPath } from '@vastai-cli/core/internal/http/api-path';
import { type Column, line, type Part, type Result, sentence, table } from '@vastai-cli/kit/result';
import { requiredFor } from '@vastai-cli/permissions/authoring/required';
import { findOperation } from '@vastai-cli/permissions/catalogue/catalogue';
import { type ListedOperation, listOperations } from '@vastai-cli/permissions/catalogue/list-operations';
import { quote } from '@vastai-cli/permissions/json/quote';
import { isAsked } from './effects.js';
import { adviceForRoute } from './nearest-route.js';

/** A route of the catalogue. */
export interface ListedRoute extends ListedOperation {
  /** True if `api` asks before it sends such a request. */
  readonly asks: boolean;
}

/** Describes a request. */
export interface Description {
  readonly method: string;
  readonly path: string;
  /** Null if the route is not in the catalogue. */
  readonly route: ListedRoute | null;
  /** The lines inside `"api": { … }` of a permission document that allow it. Empty if nobody has published them. */
  readonly allowed_by: readonly string[];
}

/** Lists the routes of the catalogue that contain each of some words, and have a method if one is given. */
export function listRoutes(typed = '', method?: string): Result {
  const words = typed.trim().split(/\s+/u);
  const matches = words.map((word) => new Set(listOperations(word).map(({ operation }) => operation)));
  const routes = listOperations()
    .filter((one) => method === undefined || one.method === method)
    .filter(({ operation }) => matches.every((found) => found.has(operation)))
    .map(withAsks);
  return { document: routes, human: routes.length === 0 ? noneOf(typed, method) : [table(COLUMNS, routes)] };
}

function noneOf(typed: string, method: string | undefined): readonly Part[] {
  const kind = method === undefined ? 'route' : `${method} route`;
  return [
    sentence(`No ${kind} has ${quote(typed)} in its path, operation, category or commands.`),
    line('To see all routes: vastai api --list'),
  ];
}

const COLUMNS: readonly Column<ListedRoute>[] = [
  { title: 'METHOD', value: ({ method }) => method },
  { title: 'ROUTE', value: ({ route }) => route },
  { title: 'PERMISSION', value: permissionOf, wraps: true },
  { title: 'COMMAND', value: commandsOf, wraps: true },
  {
    title: 'WHAT IT DOES',
    value: ({ risks, asks }) =>
      `${asks ? 'asks first: ' : ''}${risks.map(({ reason }) => reason).join('; ')}`,
    wraps: true,
  },
];

/** Describes a route, offline. */
export function describeRoute(typed: string, method: string | undefined, baseUrl: URL): Result {
  const described = descriptionOf(...readRoute(typed, method, baseUrl));
  return { document: described, human: partsOf(described) };
}

/** Returns what is known about a request. */
export function descriptionOf(method: string, path: string): Description {
  const operation = findOperation(method, path)?.operation.operation;
  const listed = operation && listOperations(operation).find((one) => one.operation === operation);
  return {
    method,
    path,
    route: listed ? withAsks(listed) : null,
    allowed_by: requiredFor(method, path)?.lines ?? [],
  };
}

/** Returns a description for a person. */
export function partsOf({ method, path, route, allowed_by: lines }: Description): readonly Part[] {
  if (route === null)
    return [
      line(`${method} ${path}`),
      sentence('This route is not in the catalogue, so its permission and its effect are unknown.'),
      line(adviceForRoute(method, path) ?? ''),
    ];
  const rows: readonly [string, string][] = [
    ['Operation', route.operation],
    ['Permission', permissionOf(route)],
    ['Effect', route.risks.map(({ reason }) => reason).join('; ')],
    ['Asks first', route.asks ? 'yes' : 'no'],
    ['Commands', commandsOf(route) || 'none of the official CLI'],
  ];
  return [
    line(`${method} ${route.route}`),
    ...rows.map(([title, value]) => sentence(value, `${title.padEnd(10)}  `)),
    ...(lines.length === 0 ? [] : [line(''), line('Allowed by:'), ...lines.map((one) => line(`  ${one}`))]),
  ];
}

/** Reads `DELETE /instances/5/`, or a path and the method of `-X`. */
function readRoute(typed: string, method = 'GET', baseUrl: URL): [method: string, path: string] {
  const words = typed.trim().split(/\s+/u);
  const [path = '', verb = method] = words.toReversed();
  if (path === '' || words.length > 2)
    throw new UsageError('Describe a method and a path.', "For example: 'DELETE /instances/5/'");
  // A placeholder stands for any value.
  return [verb.toUpperCase(), apiPath(path.replaceAll(/[{}]/gu, ''), baseUrl)];
}

function withAsks(route: ListedOperation): ListedRoute {
  return { ...route, asks: isAsked(route) };
}

function permissionOf({ category, endpoint }: ListedOperation): string {
  return endpoint === null ? category : `${category} (${endpoint})`;
}

function commandsOf({ commands }: ListedOperation): string {
  return commands
    .map(({ command, when }) => (when === undefined ? command : `${command} (${when})`))
    .join(', ');
}
