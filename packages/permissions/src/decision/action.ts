import {
  findOperation,
  knownCommands,
  OPERATIONS,
  operationNamed,
  operationOfEndpoint,
  operationsOfCommand,
} from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { nearest } from '../catalogue/spelling.js';
import type { Scalar } from '../document/condition.js';

/** The values of parameters, by name. */
export type Parameters = Readonly<Record<string, Scalar>>;

/** The ways to write what a key is to do. */
export type ActionKind = 'request' | 'command' | 'operation';

/** One thing that a key is to do. */
export interface Action {
  /** As the user wrote it, for notes. */
  readonly name: string;
  /** What it needs; empty for a request whose route the catalogue does not have. */
  readonly operations: readonly Operation[];
  readonly parameters: Parameters;
  /** The request that is sent, where one was written: the method in capitals, and the path with its query. */
  readonly request?: { readonly method: string; readonly path: string };
}

/** Says why a string is not an action: it is not `METHOD /path`, or the catalogue does not have the command or operation. */
export interface NoAction {
  readonly problem: 'malformed' | 'unknown';
}

/** The number of edits that a name may be from the one that is suggested in its place. */
const FARTHEST = 3;

/**
 * Reads what a key is to do: a request such as `DELETE /api/v0/instances/5/`, a command of the official command line
 * such as `destroy instance`, or an operation such as `instance.destroy`, also by its published endpoint name.
 *
 * @param parameters further ones; the values in the path of a request go first
 */
export function readAction(kind: ActionKind, text: string, parameters: Parameters = {}): Action | NoAction {
  if (kind === 'request') {
    const [, method, path] = /^\s*([A-Za-z]+)\s+(\/\S*)\s*$/u.exec(text) ?? [];
    if (method === undefined || path === undefined) return { problem: 'malformed' };
    return requestAction(method, path, parameters);
  }
  const name = text.trim();
  const operations = kind === 'command' ? operationsOfCommand(name) : operationsCalled(name);
  return operations.length === 0 ? { problem: 'unknown' } : { name, operations, parameters };
}

/** Makes an action of the two parts of a request; see `findOperation` for the path. */
export function requestAction(method: string, path: string, parameters: Parameters = {}): Action {
  const found = findOperation(method, path);
  const request = { method: method.toUpperCase(), path };
  return {
    name: `${request.method} ${path}`,
    operations: found === undefined ? [] : [found.operation],
    parameters: { ...parameters, ...found?.parameters },
    request,
  };
}

/** Finds the command or operation of the catalogue that a misspelt one may stand for. */
export function similarAction(kind: Exclude<ActionKind, 'request'>, text: string): string | undefined {
  const known = kind === 'command' ? knownCommands() : OPERATIONS.map(({ operation }) => operation);
  return nearest(text.trim(), known, FARTHEST)[0];
}

function operationsCalled(name: string): Operation[] {
  const operation = operationNamed(name) ?? operationOfEndpoint(name);
  return operation === undefined ? [] : [operation];
}
