import { OPERATIONS } from '../src/catalogue/catalogue.js';
import { CATEGORIES } from '../src/catalogue/categories.js';
import type { Operation } from '../src/catalogue/operation.js';
import { holds } from './naive-condition.js';
import { couldBeName, couldStandFor, oneNameEach } from './naive-names.js';
import { type Ask, eachReading } from './readings.js';

type Fields = Readonly<Record<string, unknown>>;
export type Values = Readonly<Record<string, string | number | boolean>>;
type Effect = 'ignored' | 'refuses' | 'grants';

const NARROWING: readonly Effect[] = ['ignored', 'refuses'];
const ANYTHING: readonly Effect[] = ['ignored', 'refuses', 'grants'];
const PUBLISHED = new Set(OPERATIONS.flatMap(({ endpoint }) => endpoint ?? []));

/**
 * Decides as slowly and plainly as possible: takes each part of a document whose effect is not documented in every way
 * that it could be meant. Shares nothing with the product but the list of operations.
 */
export function naiveVerdict(
  document: unknown,
  operation: Operation,
  values: Values,
): 'allow' | 'deny' | 'unknown' {
  const seen = new Set<boolean>();
  for (const allowed of eachReading((ask) => allows(document, operation, values, oneNameEach(ask)))) {
    seen.add(allowed);
    if (seen.size === 2) return 'unknown';
  }
  return seen.has(true) ? 'allow' : 'deny';
}

/** Returns true if under some reading the second document allows a request that the first one denies. */
export function naiveNewAccess(
  before: unknown,
  after: unknown,
  operation: Operation,
  values: Values,
): boolean {
  const both = eachReading((asked) => {
    const ask = oneNameEach(asked);
    return !allows(before, operation, values, ask) && allows(after, operation, values, ask);
  });
  for (const found of both) if (found) return true;
  return false;
}

/** Decides under one reading. */
export function allows(document: unknown, operation: Operation, values: Values, ask: Ask): boolean {
  if (document === undefined || document === null || document === false) return true;
  if (!isFields(document) || !isFields(own(document, 'api')))
    return ask(`whole ${text(document)}`, [false, true]);
  const api = own(document, 'api') as Fields;
  const effects = [...topEffects(document, ask), ...undocumented('api', api, ask)];
  if (effects.includes('refuses')) return false;
  if (effects.includes('grants')) return true;
  const categories = Object.entries(api).filter(([key]) => !isUndocumented(key));
  if (categories.length === 0) return ask('an empty "api"', [false, true]);
  return categoriesAllow(categories, operation, values, ask);
}

function topEffects(document: Fields, ask: Ask): Effect[] {
  return Object.entries(document)
    .filter(([key]) => key !== 'api' && key !== '$schema')
    .map(([key, value]) =>
      ask(`top ${key} ${text(value)}`, key === 'constraints' || key === 'params' ? NARROWING : ANYTHING),
    );
}

/** Returns the effects of `constraints` and `params`, which Vast.ai names without saying what they do. */
function undocumented(where: string, node: Fields, ask: Ask): Effect[] {
  return Object.entries(node)
    .filter(([key]) => isUndocumented(key))
    .map(([key, value]) => ask(`${where} ${key} ${text(value)}`, NARROWING));
}

/** Reads Constraints and PARAMS as the two keys, too. */
function isUndocumented(key: string): boolean {
  return ['constraints', 'params'].includes(key.toLowerCase());
}

function categoriesAllow(
  categories: readonly (readonly [string, unknown])[],
  operation: Operation,
  values: Values,
  ask: Ask,
): boolean {
  const category =
    operation.category === 'unknown'
      ? ask<string>(`category of ${operation.operation}`, [...CATEGORIES, 'one that is not known'])
      : operation.category;
  let allowed = false;
  for (const [key, node] of categories) {
    if (key === category) allowed = nodeAllows(key, node, operation, values, ask);
  }
  for (const [key, node] of categories) {
    if (key === category) continue;
    const known = (CATEGORIES as readonly string[]).includes(key);
    const meant =
      category === 'one that is not known'
        ? !known && ask(`${operation.operation} is in ${key}`, [false, true])
        : !known && couldStandFor(key, category, ask);
    if (!meant) continue;
    const granted = nodeAllows(key, node, operation, values, ask);
    allowed = ask(`${key} replaces`, [false, true]) ? granted : allowed || granted;
  }
  return allowed;
}

function nodeAllows(
  category: string,
  node: unknown,
  operation: Operation,
  values: Values,
  ask: Ask,
): boolean {
  if (!isFields(node)) return ask(`${category} ${text(node)}`, [false, true]);
  const effects = undocumented(category, node, ask);
  const listed = Object.entries(node).filter(([key]) => !isUndocumented(key));
  for (const [key, leaf] of listed) {
    if (!key.startsWith('api.')) effects.push(ask(`${category} ${key} ${text(leaf)}`, ANYTHING));
  }
  if (effects.includes('refuses')) return false;
  if (effects.includes('grants') || listed.length === 0) return true;
  const exact = listed.find(([key]) => key === operation.endpoint);
  let allowed = exact !== undefined && leafAllows(`${category} ${exact[0]}`, exact[1], values, ask);
  for (const [key, leaf] of listed) {
    if (key === operation.endpoint || !couldBe(key, operation, ask)) continue;
    const granted = leafAllows(`${category} ${key}`, leaf, values, ask);
    allowed = ask(`${category} ${key} replaces`, [false, true]) ? granted : allowed || granted;
  }
  return allowed;
}

function couldBe(key: string, { operation, endpoint }: Operation, ask: Ask): boolean {
  if (PUBLISHED.has(key)) return false;
  if (endpoint !== undefined) return couldStandFor(key, endpoint, ask);
  return couldBeName(key) && ask(`${operation} is called ${key}`, [false, true]);
}

function leafAllows(where: string, leaf: unknown, values: Values, ask: Ask): boolean {
  if (!isFields(leaf)) return ask(`${where} ${text(leaf)}`, [false, true]);
  for (const [key, value] of Object.entries(leaf)) {
    if (key === 'constraints') continue;
    const effect = ask(`${where} ${key} ${text(value)}`, key === 'params' ? NARROWING : ANYTHING);
    if (effect !== 'ignored') return effect === 'grants';
  }
  const constraints = own(leaf, 'constraints');
  if (constraints === undefined) return true;
  if (!isFields(constraints)) return ask(`${where} constraints ${text(constraints)}`, [false, true]);
  return Object.entries(constraints).every(([parameter, condition]) =>
    holds(parameter, condition, own(values, parameter), ask),
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** Writes a value in one way, whatever the order of its keys, so that equal parts of two documents are the same question. */
export function text(value: unknown): string {
  return (
    JSON.stringify(value, (_, one) =>
      isFields(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
    ) ?? 'nothing'
  );
}
