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

/** Parameter values by name. */
export type Parameters = Readonly<Record<string, Scalar>>;

/** The ways to name an action. */
export type ActionKind = 'request' | 'command' | 'operation';

/** Describes something that a key should be able to do. */
export interface Action {
  /** The name as the user typed it, for notes. */
  readonly name: string;
  /**
   * The operations it needs: for a command, those of the form that was typed. They decide. Empty for a request whose
   * route is not in the catalogue.
   */
  readonly operations: readonly Operation[];
  /** The parameters of these operations. */
  readonly parameters: Parameters;
  /** Set if the action was given as a request: the method in upper case, and the path with its query. */
  readonly request?: { readonly method: string; readonly path: string };
  /** What the same command calls only in other forms, to be listed apart. Absent if it has none. */
  readonly others?: readonly OtherForm[];
  /** The names of given parameters that mean nothing for these operations, so `parameters` lacks them. */
  readonly unused?: readonly string[];
}

/** Describes a form of a command that was not typed, and what it calls. */
export interface OtherForm {
  /** The form, to follow "also" or "instead": `with --schedule`, `if its tests fail`. */
  readonly when: string;
  /** True if these operations replace those of the plain form, false if they come on top. */
  readonly instead: boolean;
  readonly operations: readonly Operation[];
  /** The parameters of these operations. The `id` of the plain form is often not theirs. */
  readonly parameters: Parameters;
}

/** The reason why a string names no action: it is not `METHOD /path`, or the catalogue has no such command or operation. */
export interface NoAction {
  readonly problem: 'malformed' | 'unknown';
}

/** The greatest edit distance between a name and a suggestion for it. */
const FARTHEST = 3;

/**
 * Reads an action: a request such as `DELETE /api/v0/instances/5/`, a command of the official CLI such as
 * `destroy instance`, or an operation by its name, such as `instance.destroy`, or by its published endpoint name.
 *
 * @param parameters further parameters; values in the path of a request take precedence
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

/** Returns the action for a request. See `findOperation` for how the path is read. */
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

/** Returns the command or operation of the catalogue that is closest to a misspelled one. */
export function similarAction(kind: Exclude<ActionKind, 'request'>, text: string): string | undefined {
  const known = kind === 'command' ? knownCommands() : OPERATIONS.map(({ operation }) => operation);
  return nearest(text.trim(), known, FARTHEST)[0];
}

function operationsCalled(name: string): Operation[] {
  const operation = operationNamed(name) ?? operationOfEndpoint(name);
  return operation === undefined ? [] : [operation];
}
