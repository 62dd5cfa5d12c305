import { OPERATIONS } from './catalogue.js';
import type { Category } from './categories.js';
import { type Caller, callersOf } from './commands.js';
import type { Operation, Risk } from './operation.js';
import { isSensitive } from './sensitive.js';

/** Describes an operation of the catalogue for a list. */
export interface ListedOperation {
  readonly operation: string;
  readonly method: Operation['method'];
  readonly route: string;
  /** The permission category, or `unknown` if no source names one. */
  readonly category: Category | 'unknown';
  /** The endpoint name in permission documents, or null if it is not published. */
  readonly endpoint: string | null;
  /** The commands of the official CLI that call it. */
  readonly commands: readonly Caller[];
  /** Describes what it does. The first entry is its purpose, the others are side effects. */
  readonly risks: readonly Risk[];
  /** True if `exec --broker` refuses it unless it is allowed by name, by a document, or by `--allow-sensitive`. */
  readonly sensitive: boolean;
}

/**
 * Returns the operations of the catalogue, sorted by name.
 *
 * @param word if given, only operations with this word in their name, request, category, endpoint name or commands, in
 *   any case
 * @param onlySensitive true to leave out operations that are not sensitive
 */
export function listOperations(word = '', onlySensitive = false): ListedOperation[] {
  const sought = word.trim().toLowerCase();
  return OPERATIONS.map(({ operation, method, route, category, endpoint = null, risks }) => ({
    operation,
    method,
    route,
    category,
    endpoint,
    commands: callersOf(operation),
    risks,
    sensitive: isSensitive({ operation }),
  }))
    .filter(({ sensitive }) => sensitive || !onlySensitive)
    .filter((one) => wordsOf(one).some((text) => text.toLowerCase().includes(sought)));
}

function wordsOf({ operation, method, route, category, endpoint, commands }: ListedOperation): string[] {
  return [
    operation,
    `${method} ${route}`,
    category,
    endpoint ?? '',
    ...commands.map(({ command }) => command),
  ];
}
