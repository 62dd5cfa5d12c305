import { UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Action, Parameters } from '@vastai-cli/permissions/decision/action';
import type { Scalar } from '@vastai-cli/permissions/document/condition';
import { quote } from '@vastai-cli/permissions/json/quote';

/**
 * Checks that a document can limit some action to each parameter. One that is misspelt or that no action takes would
 * otherwise make the document wider than it looks.
 *
 * @throws UsageError if not.
 */
export function requireUsed(parameters: Parameters, actions: readonly Action[]): void {
  const known = new Set(actions.flatMap(({ operations }) => operations.flatMap((one) => one.parameters)));
  for (const [name, value] of Object.entries(parameters)) {
    if (!known.has(name)) {
      throw new UsageError(
        `A document cannot limit ${quote(name)}: it is not a parameter of any given action.`,
        known.size === 0 ? 'They have no parameters.' : `Their parameters are ${[...known].join(', ')}.`,
      );
    }
    requireExact(name, value);
    if (actions.some((action) => isUsed(action, name, value))) continue;
    throw new UsageError(
      `--param ${quote(name)} is not used: each action has its own.`,
      'Leave --param out, or change the request or the command.',
    );
  }
}

/** Returns true if a value of `--param` is that of an action: the value in the path of a request takes precedence. */
function isUsed({ operations, parameters }: Action, name: string, value: Scalar): boolean {
  const own = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return (
    own !== undefined &&
    String(own) === String(value) &&
    operations.some((operation) => operation.parameters.includes(name))
  );
}

/** @throws UsageError for an empty value, and for a number in a form that may not equal the number in a request. */
function requireExact(name: string, value: Scalar): void {
  if (typeof value !== 'string') return;
  if (value.trim() === '') throw new UsageError(`--param ${quote(name)} has no value.`);
  if (!Number.isFinite(Number(value))) return;
  throw new UsageError(
    `--param ${quote(name)} takes a whole number, and the API may not read ${quote(value)} as one.`,
    'Write it without a sign, leading zeros or decimals, at most 9007199254740991.',
  );
}
