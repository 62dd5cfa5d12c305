import { type Action, type Parameters, readAction, requestAction } from '../decision/action.js';
import { isScalar } from '../document/condition.js';
import { fieldsOf } from '../json/json-object.js';
import { quote } from '../json/quote.js';

/** Holds the actions in an audit log, and what it leaves open, each a sentence. */
export interface LoggedActions {
  readonly actions: readonly Action[];
  readonly notes: readonly string[];
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;

/**
 * Reads the rows that `GET /api/v0/audit_logs/` answers with. What `api_route` looks like is not documented:
 * a path, a method and a path, and an endpoint name are understood. A path without a method stands for the
 * changes that its route has, since Vast.ai describes the log as one of important actions, or for reading
 * where it has none.
 *
 * @param rows the parsed JSON; a list, or an object with one list in it
 */
export function actionsOfAuditLog(rows: unknown): LoggedActions {
  const list = listIn(rows);
  if (list === undefined) return { actions: [], notes: ['The audit log is not a list of rows.'] };
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
    notes.add('Rows without an api_route were left out.');
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
    notes.add(`The log does not say which method ${quote(path)} was called with; ${names} was assumed.`);
  }
  return chosen;
}

/** Reads a path: a whole URL counts as its path, and a path below the API's root as the whole path. */
function pathOf(text: string): string {
  const path = text.replace(/^https?:\/\/[^/]*/u, '');
  if (path.startsWith('/api/')) return path;
  return `/api/v0/${path.replace(/^\/+/u, '')}`;
}

/** `args` is JSON, as text or not; what is not a single value is left out. */
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
