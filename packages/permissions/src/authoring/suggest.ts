import { OPERATIONS } from '../catalogue/catalogue.js';
import { CATEGORIES, type Category } from '../catalogue/categories.js';
import type { Operation } from '../catalogue/operation.js';
import { SERVERLESS_ROUTES } from '../catalogue/other-routes.js';
import type { Action, OtherForm, Parameters } from '../decision/action.js';
import { capabilitiesOf } from '../decision/capabilities.js';
import { combineDecisions, decideOperation } from '../decision/decide.js';
import { asNumber, type Condition, type Scalar } from '../document/condition.js';
import { doubtAbout } from '../document/doubt.js';
import { judge } from '../document/judge.js';
import { quote } from '../json/quote.js';
import { excessOf, openedBy } from './excess.js';

/** Holds a suggested permission document and its limits. */
export interface Suggestion {
  readonly document: { readonly api: Readonly<Record<string, unknown>> };
  /**
   * One sentence for each thing that could not be narrowed or covered. If the document allows more than was asked for, the
   * first says what else a key with it can do.
   */
  readonly notes: readonly string[];
  /** The actions that the document does not cover, because the catalogue does not know enough about them. */
  readonly uncovered: readonly string[];
  /**
   * The operations that were asked for, sorted, if a part of the document could not be narrowed to them, or no document
   * covers one of them: what can be limited to them by name should be.
   */
  readonly only?: readonly string[];
}

/** The number of uncovered actions to name. A log can have thousands. */
const SHOWN = 5;
const SPENDING =
  'A document cannot limit how much money a key spends. To do that, keep the balance of the account low.';
const EMPTY = 'The effect of an empty "api" is not documented, so do not create a key with this document.';

/**
 * Builds the smallest document that allows some actions. It grants only the categories they need, narrowed to
 * endpoints if every endpoint name needed from a category is published, and narrowed further to the ids they name.
 *
 * Several ids for one endpoint become a range from the lowest to the highest, since a constraint takes one value or one
 * range. Checks every action with `decideOperation` before returning. What a command calls only in other forms is not
 * granted, but noted.
 */
export function suggest(actions: readonly Action[]): Suggestion {
  const uses = new Map<Operation, Parameters[]>();
  for (const { operations, parameters } of actions) {
    for (const operation of operations) {
      const calls = uses.get(operation);
      if (calls === undefined) uses.set(operation, [parameters]);
      else calls.push(parameters);
    }
  }
  const notes: string[] = [];
  const api: Record<string, unknown> = {};
  for (const category of CATEGORIES) {
    const needed = [...uses].filter(([operation]) => operation.category === category);
    if (needed.length > 0) api[category] = grantOf(category, needed, notes);
  }
  const document = { api };
  const isWide = Object.values(api).some((node) => Object.keys(node as object).length === 0);
  const uncovered = uncoveredBy(document, actions);
  const excess = excessOf(document, new Set(uses.keys()));
  const named = [...uses.keys()].map(({ operation }) => operation);
  const others = othersIn(actions);
  return {
    document,
    notes: [
      ...(excess === undefined ? [] : [excess]),
      ...notes,
      ...spendingNotes(document),
      ...otherFormNotes(document, actions),
      ...uncoveredNotes(uncovered),
      ...(Object.keys(api).length === 0 ? [EMPTY] : []),
    ],
    uncovered: [...uncovered.keys()],
    ...(isWide || others.length > 0 ? { only: [...named, ...others].sort() } : {}),
  };
}

/** Returns the names of actions that no permission covers, but that can be allowed by name. */
function othersIn(actions: readonly Action[]): string[] {
  const names = new Set(actions.map(({ name }) => name));
  return SERVERLESS_ROUTES.map(({ operation }) => operation).filter((operation) => names.has(operation));
}

/** An operation, and the parameters of each call. */
type Use = readonly [operation: Operation, calls: readonly Parameters[]];

/** Returns the names of the actions that a document does not allow, each with the reason. */
function uncoveredBy(document: unknown, actions: readonly Action[]): Map<string, string> {
  const uncovered = new Map<string, string>();
  for (const { name, operations, parameters } of actions) {
    if (uncovered.has(name)) continue;
    const { verdict, reason } = decideAll(document, operations, parameters);
    if (operations.length === 0) uncovered.set(name, 'It is not in the catalogue.');
    else if (verdict !== 'allow') uncovered.set(name, reason);
  }
  return uncovered;
}

function decideAll(document: unknown, operations: readonly Operation[], parameters: Parameters) {
  return combineDecisions(
    operations.map(({ operation }) => decideOperation(document, operation, parameters)),
  );
}

function uncoveredNotes(uncovered: ReadonlyMap<string, string>): string[] {
  const shown = [...uncovered]
    .slice(0, SHOWN)
    .map(([name, reason]) => `Not covered: ${quote(name)}. ${reason}`);
  const more = uncovered.size - shown.length;
  return more === 0 ? shown : [...shown, `Not covered: ${more} more.`];
}

/** Says what commands call in other forms, unless the document allows that anyway. */
function otherFormNotes(document: unknown, actions: readonly Action[]): string[] {
  const notes = actions.flatMap(({ name, others = [] }) =>
    others
      .filter(({ operations, parameters }) => decideAll(document, operations, parameters).verdict !== 'allow')
      .map((form) => otherFormNote(name, form)),
  );
  return [...new Set(notes)];
}

function otherFormNote(name: string, { when, instead, operations }: OtherForm): string {
  const names = operations.map(({ operation }) => operation).join(', ');
  const calls = instead ? `calls ${names} instead` : `also calls ${names}`;
  return `Not included: ${when}, ${quote(name)} ${calls}.`;
}

function grantOf(category: Category, uses: readonly Use[], notes: string[]): unknown {
  const unpublished = uses.filter(([operation]) => operation.endpoint === undefined);
  if (unpublished.length > 0) {
    const names = unpublished.map(([operation]) => operation.operation).join(', ');
    const published =
      unpublished.length === 1
        ? `the endpoint name of ${names} is not published`
        : `the endpoint names of ${names} are not published`;
    notes.push(
      `${category} cannot be narrowed: ${published}.${unenforced(uses)}${alternativeIn(category)}`,
      ...openedBy(category, new Set(uses.map(([operation]) => operation))),
    );
    return {};
  }
  const sorted = [...uses].sort(([left], [right]) =>
    (left.endpoint as string) < (right.endpoint as string) ? -1 : 1,
  );
  return Object.fromEntries(
    sorted.map(([operation, calls]) => [operation.endpoint, leafOf(operation, calls, notes)]),
  );
}

/** Says which endpoints of a category a document can grant alone. */
function alternativeIn(category: Category): string {
  const names = OPERATIONS.filter((one) => one.category === category).flatMap(
    ({ endpoint = [] }) => endpoint,
  );
  return names.length === 0 ? '' : ` In ${category}, a document can name only ${names.join(' and ')}.`;
}

/** Says what limits a key that can spend money, since no document does. */
function spendingNotes(document: Suggestion['document']): string[] {
  const spends = capabilitiesOf(document).some(
    ({ capability, can }) => capability === 'spend-money' && can.length > 0,
  );
  return spends ? [SPENDING] : [];
}

/** Says which parameters of the calls a whole category does not limit. */
function unenforced(uses: readonly Use[]): string {
  const names = uses.flatMap(([{ parameters }, calls]) =>
    parameters.filter((name) => calls.some((call) => Object.hasOwn(call, name))),
  );
  const different = [...new Set(names)].map(quote);
  return different.length === 0
    ? ''
    : ` So ${different.join(' and ')} ${different.length === 1 ? 'is' : 'are'} not enforced.`;
}

function leafOf(operation: Operation, calls: readonly Parameters[], notes: string[]): unknown {
  const constraints = operation.parameters.flatMap((name) => {
    const values = new Set(
      calls.map((parameters) => plainest(Object.hasOwn(parameters, name) ? parameters[name] : undefined)),
    );
    const condition = conditionFor(values);
    if (condition === undefined || !isSure(name, condition, values)) {
      notes.push(
        `${operation.endpoint} is allowed for every "${name}": some actions do not name one, or no constraint covers the ones that they name.`,
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
function conditionFor(values: ReadonlySet<Scalar | undefined>): Condition | undefined {
  const [first] = values;
  if (values.size === 1) return first === undefined ? undefined : { eq: first };
  let gte = Number.POSITIVE_INFINITY;
  let lte = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (typeof value !== 'number') return undefined;
    gte = Math.min(gte, value);
    lte = Math.max(lte, value);
  }
  return values.size === 0 ? undefined : { gte, lte };
}

/** Returns true if a condition surely allows all values. That of `05`, which may be read as 5 or as a string, does not. */
function isSure(name: string, condition: Condition, values: ReadonlySet<Scalar | undefined>): boolean {
  if (doubtAbout(name, condition) !== undefined) return false;
  return [...values].every((value) => value !== undefined && judge(value, condition) === 'holds');
}

/** Returns a string of digits as a number, which is how the documentation writes ids. */
function plainest(value: Scalar | undefined): Scalar | undefined {
  const number = value === undefined ? undefined : asNumber(value);
  return number === undefined || !Number.isSafeInteger(number) ? value : number;
}

/** Returns true if the values are every integer of the range, so that it allows nothing else. */
function isEveryOne(values: ReadonlySet<Scalar | undefined>, { gte = 0, lte = 0 }: Condition): boolean {
  return [...values].every(Number.isInteger) && values.size === lte - gte + 1;
}
