import { CATEGORIES, type Category } from '../catalogue/categories.js';
import type { Operation } from '../catalogue/operation.js';
import type { Action, Parameters } from '../decision/action.js';
import { decideOperation } from '../decision/decide.js';
import { asNumber, type Condition, type Scalar } from '../document/condition.js';
import { quote } from '../json/quote.js';

/** A permission document and what to know about it. */
export interface Suggestion {
  readonly document: { readonly api: Readonly<Record<string, unknown>> };
  /** Notes on what could not be narrowed or covered; each a sentence. */
  readonly notes: readonly string[];
  /** The names of the actions that the document does not cover, since the catalogue does not know how. */
  readonly uncovered: readonly string[];
}

/**
 * Makes the smallest document that allows some actions: only the categories that they need, narrowed to endpoints
 * where every endpoint name they need in a category is published, and those to the ids they name.
 *
 * Several ids of one endpoint become the range from the least to the greatest, since a constraint takes one
 * value or one range. Every action is checked with `decideOperation` before the document is returned.
 */
export function suggest(actions: readonly Action[]): Suggestion {
  const uses = actions.flatMap(({ operations, parameters }) =>
    operations.map((operation) => ({ operation, parameters })),
  );
  const notes: string[] = [];
  const api: Record<string, unknown> = {};
  for (const category of CATEGORIES) {
    const needed = uses.filter(({ operation }) => operation.category === category);
    if (needed.length > 0) api[category] = grantOf(category, needed, notes);
  }
  const document = { api };
  const uncovered = actions.filter((action) => !isCovered(document, action)).map(({ name }) => name);
  for (const name of new Set(uncovered)) notes.push(whyUncovered(name, actions));
  return { document, notes, uncovered: [...new Set(uncovered)] };
}

interface Use {
  readonly operation: Operation;
  readonly parameters: Parameters;
}

function isCovered(document: unknown, { operations, parameters }: Action): boolean {
  return (
    operations.length > 0 &&
    operations.every(({ operation }) => decideOperation(document, operation, parameters).verdict === 'allow')
  );
}

function whyUncovered(name: string, actions: readonly Action[]): string {
  const open = actions
    .filter((action) => action.name === name)
    .flatMap(({ operations }) => operations)
    .find(({ category }) => category === 'unknown');
  return open === undefined
    ? `${quote(name)} is not covered: the catalogue does not know it.`
    : `${quote(name)} is not covered: no source says which category ${open.operation} is in.`;
}

function grantOf(category: Category, uses: readonly Use[], notes: string[]): unknown {
  const unpublished = uses.filter(({ operation }) => operation.endpoint === undefined);
  if (unpublished.length > 0) {
    const names = [...new Set(unpublished.map(({ operation }) => operation.operation))].join(', ');
    notes.push(`${category} cannot be narrowed: the endpoint name of ${names} is not published.`);
    return {};
  }
  const endpoints = [...new Set(uses.map(({ operation }) => operation))].sort((left, right) =>
    (left.endpoint as string) < (right.endpoint as string) ? -1 : 1,
  );
  return Object.fromEntries(
    endpoints.map((operation) => [
      operation.endpoint,
      leafOf(
        operation,
        uses.filter((use) => use.operation === operation).map(({ parameters }) => parameters),
        notes,
      ),
    ]),
  );
}

function leafOf(operation: Operation, calls: readonly Parameters[], notes: string[]): unknown {
  const constraints = operation.parameters.flatMap((name) => {
    const values = calls.map((parameters) =>
      Object.hasOwn(parameters, name) ? parameters[name] : undefined,
    );
    const condition = conditionFor(values);
    if (condition === undefined) {
      notes.push(
        `${operation.endpoint} is not narrowed to single values of "${name}": they were not all given as one range.`,
      );
      return [];
    }
    if (condition.eq === undefined && !isEveryOne(values, condition)) {
      notes.push(
        `${operation.endpoint} also allows the values of "${name}" between those given: a constraint takes one value or one range.`,
      );
    }
    return [[name, condition] as const];
  });
  return constraints.length === 0 ? {} : { constraints: Object.fromEntries(constraints) };
}

/** Finds the narrowest condition that all the values pass; undefined where one is missing or they make no range. */
function conditionFor(values: readonly (Scalar | undefined)[]): Condition | undefined {
  const different = [...new Set(values.map((value) => (value === undefined ? undefined : plainest(value))))];
  const [first] = different;
  if (first === undefined) return undefined;
  if (different.length === 1) return { eq: first };
  if (!different.every((value) => typeof value === 'number')) return undefined;
  return { gte: Math.min(...different), lte: Math.max(...different) };
}

/** Makes a number of a string that is one, as the documentation writes ids. */
function plainest(value: Scalar): Scalar {
  const number = asNumber(value);
  return number === undefined || !Number.isSafeInteger(number) ? value : number;
}

/** Returns whether the values are every whole number of the range, so that it lets nothing else through. */
function isEveryOne(values: readonly (Scalar | undefined)[], { gte = 0, lte = 0 }: Condition): boolean {
  const numbers = new Set(values.map(Number));
  return [...numbers].every(Number.isInteger) && numbers.size === lte - gte + 1;
}
