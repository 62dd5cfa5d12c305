import { type Action, type Parameters, readAction, requestAction } from '../decision/action.js';
import { isScalar } from '../document/condition.js';
import { fieldsOf } from '../json/json-object.js';
import { quote } from '../json/quote.js';

/** Holds what an audit log says about the calls of keys. */
export interface AuditLog {
  /** Every different call, in the order of the log. */
  readonly calls: readonly LoggedCall[];
  /** The keys that made these calls, the lowest id first. */
  readonly keys: readonly number[];
  /** The number of rows that were left out because another key made the call. */
  readonly ofOtherKeys: number;
  /** The number of rows that were left out because they name no route, or no key although one was asked for. */
  readonly unreadable: number;
}

/** A call that one row or several rows record. */
export interface LoggedCall {
  /** The method in upper case, or undefined if the log does not say. */
  readonly method: string | undefined;
  /** The route as logged, without its origin and query, which can hold a password or a key. */
  readonly route: string;
  /** The actions that the call can have been, at least one. More than one if the log does not say the method. */
  readonly candidates: readonly Action[];
  /** The number of rows. */
  readonly count: number;
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;

/**
 * Reads the rows that `GET /api/v0/audit_logs/` returns. The format of `api_route` is not documented, so this accepts a
 * path, a method with a path, and an endpoint name. A path without a method can be every write that its route has, since
 * Vast.ai describes the log as a list of important actions, and a read if the route has no write.
 *
 * @param rows the parsed JSON: an array, or an object that contains exactly one array
 * @param key the id of the key whose calls to read, or undefined for those of all keys
 * @returns undefined if `rows` holds no list
 */
export function readAuditLog(rows: unknown, key?: number): AuditLog | undefined {
  const list = listIn(rows);
  if (list === undefined) return undefined;
  const calls = new Map<string, { row: LoggedRow; count: number }>();
  const keys = new Set<number>();
  let ofOtherKeys = 0;
  let unreadable = 0;
  for (const value of list) {
    const row = readRow(value);
    if (row === undefined || (key !== undefined && row.key === undefined)) {
      unreadable += 1;
    } else if (key !== undefined && row.key !== key) {
      ofOtherKeys += 1;
    } else {
      if (row.key !== undefined) keys.add(row.key);
      const same = calls.get(row.identity);
      if (same === undefined) calls.set(row.identity, { row, count: 1 });
      else same.count += 1;
    }
  }
  return {
    calls: [...calls.values()].map(({ row, count }) => callOf(row, count)),
    keys: [...keys].sort((left, right) => left - right),
    ofOtherKeys,
    unreadable,
  };
}

/** Holds the actions of a log. */
export interface LoggedActions {
  readonly actions: readonly Action[];
  /** One sentence for each assumption. */
  readonly notes: readonly string[];
}

/** Returns the actions of a log. A call that can have been several is one action that needs them all, with a note. */
export function actionsOfAuditLog({ calls }: AuditLog): LoggedActions {
  const assumed = new Map<string, { route: string; more: number }>();
  const actions = calls.map(({ route, candidates }) => {
    const operations = candidates.flatMap((candidate) => candidate.operations);
    if (candidates.length > 1) {
      const names = operations.map(({ operation }) => operation).join(', ');
      const same = assumed.get(names);
      if (same === undefined) assumed.set(names, { route, more: 0 });
      else same.more += 1;
    }
    return { name: route, operations, parameters: candidates[0]?.parameters ?? {} };
  });
  const notes = [...assumed].map(([names, { route, more }]) => {
    const routes = more === 0 ? quote(route) : `${quote(route)} and ${more} more like it`;
    return `The log does not record the method for ${routes}; assumed ${names}.`;
  });
  return { actions, notes };
}

/** The fields of a row that matter. */
interface LoggedRow {
  readonly key: number | undefined;
  readonly route: string;
  readonly method: string | undefined;
  readonly args: unknown;
  /** Equal for rows that record the same call. */
  readonly identity: string;
}

function listIn(rows: unknown): readonly unknown[] | undefined {
  if (Array.isArray(rows)) return rows;
  const lists = Object.values(fieldsOf(rows)).filter((value) => Array.isArray(value));
  return lists.length === 1 ? lists[0] : undefined;
}

function readRow(value: unknown): LoggedRow | undefined {
  const { api_key_id: key, api_route: route, method, args } = fieldsOf(value);
  if (typeof route !== 'string' || route.trim() === '') return undefined;
  const [first = '', second] = route.trim().split(/\s+/u, 2);
  const named = second === undefined ? method : first;
  const row = {
    key: readKey(key),
    route: withoutSecrets(second ?? first),
    method: typeof named === 'string' ? named.toUpperCase() : undefined,
    args,
  };
  return { ...row, identity: `${row.method ?? ''} ${row.route} ${argsText(args)}` };
}

/** Takes the origin, which can hold a password, and the query, which can hold a key, off a route. */
function withoutSecrets(route: string): string {
  return route.replace(/[?#].*$/su, '').replace(/^https?:\/\/[^/]*/iu, '') || '/';
}

function argsText(args: unknown): string {
  return typeof args === 'string' ? args : (JSON.stringify(args) ?? '');
}

function readKey(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^\d{1,15}$/u.test(value) ? Number(value) : value;
  return Number.isSafeInteger(id) ? (id as number) : undefined;
}

function callOf({ route, method, args }: LoggedRow, count: number): LoggedCall {
  const parameters = parametersOf(args);
  const operation = method === undefined ? readAction('operation', route, parameters) : undefined;
  if (operation !== undefined && !('problem' in operation)) {
    return { method, route, candidates: [operation], count };
  }
  const path = pathOf(route);
  const candidates = (method === undefined ? METHODS : [method]).map((one) =>
    requestAction(one, path, parameters),
  );
  const known = candidates.filter(({ operations }) => operations.length > 0);
  const writes = known.filter(({ request }) => request?.method !== 'GET');
  const likely = method === undefined && writes.length > 0 ? writes : known;
  if (likely.length > 0) return { method, route, candidates: likely, count };
  const request = { method: method ?? '', path };
  const name = method === undefined ? route : `${method} ${route}`;
  return { method, route, candidates: [{ name, operations: [], parameters, request }], count };
}

/** Returns the full path of a route, which may be relative to `/api/v0/`. */
function pathOf(route: string): string {
  return route.startsWith('/api/') ? route : `/api/v0/${route.replace(/^\/+/u, '')}`;
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
