import { UsageError } from '@vastai-cli/core/internal/base/errors';
import {
  knownCommands,
  OPERATIONS,
  operationNamed,
  operationOfEndpoint,
} from '@vastai-cli/permissions/catalogue/catalogue';
import { nearest } from '@vastai-cli/permissions/catalogue/spelling';
import { type Action, workOfCommand, workOfOperation } from '@vastai-cli/permissions/decision/action';
import type { Parameters } from '@vastai-cli/permissions/decision/decide';
import { quote } from '@vastai-cli/permissions/json/quote';

/** How far a typed name may be from the one that is suggested in its place. */
const FARTHEST = 3;

/** A request, as `METHOD /path`. @throws UsageError */
export function readRequest(text: string): { readonly method: string; readonly path: string } {
  const [, method, path] = /^\s*([A-Za-z]+)\s+(\/\S*)\s*$/u.exec(text) ?? [];
  if (method !== undefined && path !== undefined) return { method: method.toUpperCase(), path };
  throw new UsageError(
    'A request is a method and a path.',
    "For example: --request 'DELETE /api/v0/instances/5/'",
  );
}

/** What a command of the official command line does. @throws UsageError for one that the catalogue does not have. */
export function requireCommand(command: string, parameters: Parameters): Action {
  const work = workOfCommand(command, parameters);
  if (work.operations.length > 0) return work;
  throw unknownName('command', command.trim(), knownCommands());
}

/** An operation, by its name or its published endpoint name. @throws UsageError */
export function requireOperation(name: string, parameters: Parameters): Action {
  const operation = operationNamed(name) ?? operationOfEndpoint(name);
  if (operation !== undefined) return workOfOperation(operation.operation, parameters);
  throw unknownName(
    'operation',
    name,
    OPERATIONS.map((one) => one.operation),
  );
}

function unknownName(kind: string, name: string, known: readonly string[]): UsageError {
  const [meant] = nearest(name, known, FARTHEST);
  return new UsageError(
    `The catalogue has no ${kind} ${quote(name)}.`,
    meant === undefined ? 'All of them are in docs/permissions-catalogue.md.' : `Did you mean "${meant}"?`,
  );
}
