import { type Action, type Parameters, readAction, requestAction } from '../decision/action.js';
import { isScalar } from '../document/condition.js';
import { fieldsOf } from '../json/json-object.js';
import { quote } from '../json/quote.js';

/** Holds the actions in an audit log. */
export interface LoggedActions {
  readonly actions: readonly Action[];
  /** One sentence for each entry that was skipped or each assumption. */
  readonly notes: readonly string[];
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;

/**
 * Reads the rows that `GET /api/v0/audit_logs/` returns. The format of `api_route` is not documented, so this accepts a
 * path, a method with a path, and an endpoint name. A path without a method counts as every write its route has, since
 * Vast.ai describes the log as a list of important actions, and as a read if the route has no write.
 *
 * @param rows the parsed JSON: an array, or an object that contains exactly one array
 */
export function actionsOfAuditLog(rows: unknown): LoggedActions {
  const list = listIn(rows);
  if (list === undefined) return { actions: [], notes: ['The audit log must be an array of rows.'] };
  const notes = new Set<string>();
  const actions = list.flatMap((row) => readRow(row, notes));
  return { actions, notes: [...notes] };
}

function listIn(rows: unknown): readonly unknown[] | undefined {
  if (Array.isArray(rows)) return rows;
  const lists = Object.values(fieldsOf(rows)).filter((value) => Array.isArray(value));
  return lists.length === 1 ? lists[0] : undefined;
}

function readRow(row: unknown, notes: Set<string>): Action[] {
  const { api_route: route, method, args } = fieldsOf(row);
  if (typeof route !== 'string' || route.trim() === '') {
    notes.add('Skipped rows without an api_route.');
    return [];
  }
  const parameters = parametersOf(args);
  const operation = readAction('operation', route, parameters);
  if (!('problem' in operation)) return [operation];
  const [first = '', second] = route.trim().split(/\s+/u);
  const path = pathOf(second ?? first);
  const named = second === undefined ? method : first;
  const found = (typeof named === 'string' ? [named] : METHODS)
    .map((one) => requestAction(one, path, parameters))
    .filter(({ operations }) => operations.length > 0);
  const chosen = typeof named === 'string' ? found : changesFirst(found, path, notes);
  return [
    {
      name: route.trim(),
      operations: chosen.flatMap(({ operations }) => operations),
      parameters: chosen[0]?.parameters ?? parameters,
    },
  ];
}

function changesFirst(found: readonly Action[], path: string, notes: Set<string>): readonly Action[] {
  const changes = found.filter(({ request }) => request?.method !== 'GET');
  const chosen = changes.length > 0 ? changes : found;
  if (found.length > 1) {
    const names = chosen.flatMap(({ operations }) => operations.map(({ operation }) => operation)).join(', ');
    notes.add(`The log does not say which method was used for ${quote(path)}; assumed ${names}.`);
  }
  return chosen;
}

/** Returns the full path of a URL, of a path, or of a path relative to `/api/v0/`. */
function pathOf(text: string): string {
  const path = text.replace(/^https?:\/\/[^/]*/u, '');
  if (path.startsWith('/api/')) return path;
  return `/api/v0/${path.replace(/^\/+/u, '')}`;
}

/** Reads `args`, which is an object or its JSON, and skips everything that is not a single value. */
function parametersOf(args: unknown): Parameters {
  let value = args;
  if (typeof args === 'string') {
    try {
      value = JSON.parse(args);
    } catch {
      return {};
    }
  }
  return Object.fromEntries(Object.entries(fieldsOf(value)).filter(([, one]) => isScalar(one))) as Parameters;
}
