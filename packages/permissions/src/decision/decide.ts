import { operationNamed } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { doubtAbout } from '../document/doubt.js';
import { judge } from '../document/judge.js';
import { formatPath } from '../json/json-path.js';
import { quote } from '../json/quote.js';
import {
  type Access,
  type AccessReader,
  accessReader,
  isFullAccess,
  mayExceedConditions,
  type ParameterCondition,
} from './access.js';
import { type Action, type Parameters, requestAction } from './action.js';

/** Holds the decision on whether a key with some document may do something. */
export interface Decision {
  readonly verdict: 'allow' | 'deny' | 'unknown';
  /** One sentence. */
  readonly reason: string;
  /** The operation. Absent if the route is not in the catalogue. */
  readonly operation?: string;
  readonly category?: string;
  /** The endpoint name, if it is published. */
  readonly endpoint?: string;
  /** JSONPath of the part of the document that decided, such as `$.api.misc`. Absent for full access. */
  readonly path?: string;
}

/**
 * Decides offline whether a key with this permission document may make a request.
 *
 * A missing category denies, a category of `{}` allows all of it, and one with endpoints allows only those. Every
 * constraint must hold. The decision is `unknown` if a constrained parameter is missing, or if it depends on something
 * that Vast.ai does not document, such as an "api" without categories, a name that may be a pattern, or another spelling
 * of a value. The rules come from Vast.ai's "Permissions" page.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access, as in the API's
 *   responses
 * @param request the query in `path` is ignored, unless it repeats a path parameter with another value, which
 *   is then as if it was not given; `parameters` adds further parameters, such as those of the body, and
 *   values in the path take precedence
 */
export function decide(
  document: unknown,
  request: { readonly method: string; readonly path: string; readonly parameters?: Parameters },
): Decision {
  const action = requestAction(request.method, request.path, request.parameters);
  return combineDecisions(decideAction(document, action));
}

/** Decides whether an operation such as `instance.destroy` is allowed; see `decide`. */
export function decideOperation(document: unknown, operation: string, parameters: Parameters = {}): Decision {
  const known = operationNamed(operation);
  if (known === undefined)
    return decideUnlisted(document, `The operation ${quote(operation)} is not in the catalogue.`);
  return decideFor(document, accessReader(document), known, parameters);
}

/** Decides for each operation that an action needs, or for its route if that is not in the catalogue; see `decide`. */
export function decideAction(document: unknown, action: Action): Decision[] {
  const { operations, parameters, request, unclear = 'This route is not in the catalogue.' } = action;
  if (request !== undefined && operations.length === 0) return [decideUnlisted(document, unclear)];
  const reader = accessReader(document);
  return operations.map((operation) => decideFor(document, reader, operation, parameters));
}

/**
 * Combines decisions that must all allow: returns the first that denies, else the first that is unknown, else the
 * first. No decisions combine to unknown.
 */
export function combineDecisions(decisions: readonly Decision[]): Decision {
  return (
    decisions.find((one) => one.verdict === 'deny') ??
    decisions.find((one) => one.verdict === 'unknown') ??
    decisions[0] ?? { verdict: 'unknown', reason: 'No request was given.' }
  );
}

function decideUnlisted(document: unknown, reason: string): Decision {
  return isFullAccess(document)
    ? { verdict: 'allow', reason: 'A key without a permission document has full access.' }
    : { verdict: 'unknown', reason };
}

function decideFor(
  document: unknown,
  reader: AccessReader,
  operation: Operation,
  parameters: Parameters,
): Decision {
  const { verdict, reason, at } = applyConditions(reader(operation), parameters);
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

/**
 * Applies all conditions. If one fails, the decision is to deny, even if others are unknown, unless the doubt is about
 * something that could also lift them.
 */
function applyConditions(access: Access, parameters: Parameters): Outcome {
  const { grant, reason, at, conditions } = access;
  if (mayExceedConditions(access)) return { verdict: grant, reason, at };
  const outcomes = conditions.map((condition) => applyCondition(condition, parameters));
  const failed = outcomes.find((outcome) => outcome?.verdict === 'deny');
  if (failed !== undefined) return failed;
  const notKnown = grant === 'allow' ? outcomes.find((outcome) => outcome?.verdict === 'unknown') : undefined;
  return notKnown ?? { verdict: grant, reason, at };
}

/** Applies a condition, and returns undefined if it holds. */
function applyCondition(
  { parameter, condition, at }: ParameterCondition,
  parameters: Parameters,
): Outcome | undefined {
  const name = quote(parameter);
  if (condition === undefined) {
    return { verdict: 'unknown', reason: doubtAbout(parameter, condition) ?? '', at };
  }
  const value = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
  if (value === undefined)
    return { verdict: 'unknown', reason: `It depends on ${name}, which was not given.`, at };
  const judgement = judge(value, condition);
  if (judgement === 'holds') return undefined;
  const given = quote(String(value));
  return judgement === 'fails'
    ? { verdict: 'deny', reason: `The constraint on ${name} does not allow ${given}.`, at }
    : {
        verdict: 'unknown',
        reason: `Whether ${given} meets the constraint on ${name} is not documented.`,
        at,
      };
}
