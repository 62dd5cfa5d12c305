import { operationNamed } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { passes } from '../document/condition.js';
import { formatPath } from '../json/json-path.js';
import { quote } from '../json/quote.js';
import { type Access, accessTo, isFullAccess, type ParameterCondition } from './access.js';
import { type Action, type Parameters, requestAction } from './action.js';

/** Says whether a key made from a document may do something, and why. */
export interface Decision {
  readonly verdict: 'allow' | 'deny' | 'unknown';
  /** One sentence. */
  readonly reason: string;
  /** The operation of the catalogue; absent for a route that is not in it. */
  readonly operation?: string;
  readonly category?: string;
  /** The published endpoint name, where there is one. */
  readonly endpoint?: string;
  /** JSONPath of the part of the document that decided, such as `$.api.misc`; absent for full access. */
  readonly path?: string;
}

/**
 * Decides whether a key with this permission document may make a request, without asking anyone.
 *
 * A category that is absent denies; `{}` allows all of it; one with endpoints allows those alone. Every
 * constraint has to hold, and one on a parameter that was not given leaves the answer open, as does
 * everything that Vast.ai does not document. The rules are those of its page "Permissions".
 *
 * @param document a parsed document, valid or not; undefined, null or false stand for full access, as in
 *   the API's answers
 * @param request `path` with or without a query (which is ignored); `parameters` are further ones, such as
 *   those of the body; the values in the path go first
 */
export function decide(
  document: unknown,
  request: { readonly method: string; readonly path: string; readonly parameters?: Parameters },
): Decision {
  const action = requestAction(request.method, request.path, request.parameters);
  return combineDecisions(decideAction(document, action));
}

/** Decides for an operation of the catalogue, such as `instance.destroy`; see `decide`. */
export function decideOperation(document: unknown, operation: string, parameters: Parameters = {}): Decision {
  const known = operationNamed(operation);
  if (known === undefined)
    return decideUnlisted(document, `The catalogue has no operation ${quote(operation)}.`);
  return decideFor(document, known, parameters);
}

/** Decides for each operation that an action needs, or for its route where the catalogue has none; see `decide`. */
export function decideAction(document: unknown, { operations, parameters, request }: Action): Decision[] {
  if (request !== undefined && operations.length === 0) {
    return [decideUnlisted(document, 'The catalogue has no such route.')];
  }
  return operations.map((operation) => decideFor(document, operation, parameters));
}

/**
 * Returns the decision that stands for several which are all needed: the first that denies, else the first that is
 * unknown, else the first; unknown where there are none.
 */
export function combineDecisions(decisions: readonly Decision[]): Decision {
  return (
    decisions.find((one) => one.verdict === 'deny') ??
    decisions.find((one) => one.verdict === 'unknown') ??
    decisions[0] ?? { verdict: 'unknown', reason: 'No request to decide about.' }
  );
}

function decideUnlisted(document: unknown, reason: string): Decision {
  return isFullAccess(document)
    ? { verdict: 'allow', reason: 'A key without a permission document has full access.' }
    : { verdict: 'unknown', reason };
}

function decideFor(document: unknown, operation: Operation, parameters: Parameters): Decision {
  const { verdict, reason, at } = applyConditions(accessTo(document, operation), parameters);
  return {
    verdict,
    reason,
    operation: operation.operation,
    category: operation.category,
    ...(operation.endpoint === undefined ? {} : { endpoint: operation.endpoint }),
    ...(isFullAccess(document) ? {} : { path: formatPath(at) }),
  };
}

type Outcome = Pick<Decision, 'verdict'> & Pick<Access, 'reason' | 'at'>;

/** Applies all conditions; one that fails decides, whatever is unknown about the rest. */
function applyConditions({ grant, reason, at, conditions }: Access, parameters: Parameters): Outcome {
  const outcomes = conditions.map((condition) => applyCondition(condition, parameters));
  const failed = outcomes.find((outcome) => outcome?.verdict === 'deny');
  if (failed !== undefined) return failed;
  const notKnown = grant === 'allow' ? outcomes.find((outcome) => outcome?.verdict === 'unknown') : undefined;
  return notKnown ?? { verdict: grant, reason, at };
}

/** Applies a condition; returns undefined where it holds. */
function applyCondition(
  { parameter, condition, at }: ParameterCondition,
  parameters: Parameters,
): Outcome | undefined {
  const name = quote(parameter);
  if (condition === undefined) {
    return { verdict: 'unknown', reason: `The constraint on ${name} is not one that is documented.`, at };
  }
  const value = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
  if (value === undefined)
    return { verdict: 'unknown', reason: `The constraint on ${name} needs its value.`, at };
  if (passes(value, condition)) return undefined;
  return {
    verdict: 'deny',
    reason: `${name} is ${quote(String(value))}, which its constraint does not allow.`,
    at,
  };
}
