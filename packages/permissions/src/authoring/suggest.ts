import { CATEGORIES, type Category } from '../catalogue/categories.js';
import type { Operation } from '../catalogue/operation.js';
import type { Action, Parameters } from '../decision/action.js';
import { decideOperation } from '../decision/decide.js';
import { asNumber, type Condition, type Scalar } from '../document/condition.js';
import { quote } from '../json/quote.js';

/** Holds a suggested permission document and its limits. */
export interface Suggestion {
  readonly document: { readonly api: Readonly<Record<string, unknown>> };
  /** One sentence for each thing that could not be narrowed or covered. */
  readonly notes: readonly string[];
  /** The actions that the document does not cover because the catalogue does not know their category. */
  readonly uncovered: readonly string[];
}

/**
 * Builds the smallest document that allows some actions. It grants only the categories they need, narrowed to
 * endpoints if every endpoint name needed from a category is published, and narrowed further to the ids they name.
 *
 * Several ids for one endpoint become a range from the lowest to the highest, since a constraint takes one value or one
 * range. Checks every action with `decideOperation` before returning.
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
    ? `Not covered: ${quote(name)} is not in the catalogue.`
    : `Not covered: ${quote(name)}, because the category of ${open.operation} is unknown.`;
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
        `${operation.endpoint} is allowed for every "${name}": the actions do not all name one, or they do not form a range.`,
      );
      return [];
    }
    if (condition.eq === undefined && !isEveryOne(values, condition)) {
      notes.push(
        `${operation.endpoint} is also allowed for each "${name}" in between: a constraint takes one value or one range.`,
      );
    }
    return [[name, condition] as const];
  });
  return constraints.length === 0 ? {} : { constraints: Object.fromEntries(constraints) };
}

/** Returns the narrowest condition that all values meet, or undefined if one is missing or they do not form a range. */
function conditionFor(values: readonly (Scalar | undefined)[]): Condition | undefined {
  const different = [...new Set(values.map((value) => (value === undefined ? undefined : plainest(value))))];
  const [first] = different;
  if (first === undefined) return undefined;
  if (different.length === 1) return { eq: first };
  if (!different.every((value) => typeof value === 'number')) return undefined;
  return { gte: Math.min(...different), lte: Math.max(...different) };
}

/** Returns a string of digits as a number, which is how the documentation writes ids. */
function plainest(value: Scalar): Scalar {
  const number = asNumber(value);
  return number === undefined || !Number.isSafeInteger(number) ? value : number;
}

/** Returns true if the values are every integer of the range, so that it allows nothing else. */
function isEveryOne(values: readonly (Scalar | undefined)[], { gte = 0, lte = 0 }: Condition): boolean {
  const numbers = new Set(values.map(Number));
  return [...numbers].every(Number.isInteger) && numbers.size === lte - gte + 1;
}
