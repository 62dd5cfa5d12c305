import { findOperation, operationNamed, operationsOfCommand } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import type { Parameters } from './decide.js';

/** One thing that a key has to be able to do. */
export interface Action {
  /** As the user wrote it, for notes. */
  readonly name: string;
  /** What it needs; empty where the catalogue knows nothing of it. */
  readonly operations: readonly Operation[];
  readonly parameters: Parameters;
}

/** Work from a request such as `DELETE /api/v0/instances/5/`; the method may be in small letters. */
export function workOfRequest(request: string, parameters: Parameters = {}): Action {
  const [, method = '', path = ''] = /^\s*([A-Za-z]+)\s+(\S+)\s*$/u.exec(request) ?? [];
  const found = findOperation(method, path);
  return {
    name: request.trim(),
    operations: found === undefined ? [] : [found.operation],
    parameters: { ...parameters, ...found?.parameters },
  };
}

/** Work from a command of the official command line such as `destroy instance`. */
export function workOfCommand(command: string, parameters: Parameters = {}): Action {
  return { name: command.trim(), operations: operationsOfCommand(command), parameters };
}

/** Work from an operation of the catalogue such as `instance.destroy`. */
export function workOfOperation(operation: string, parameters: Parameters = {}): Action {
  const known = operationNamed(operation);
  return { name: operation, operations: known === undefined ? [] : [known], parameters };
}
