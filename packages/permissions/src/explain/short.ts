import { OPERATIONS } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { type Access, accessTo, isFullAccess, type ParameterCondition } from '../decision/access.js';
import { describeCondition } from '../decision/subset.js';
import { deedOf, deedsOfCategories, listInWords, subjectOf } from './plain-words.js';
import { unknownAsAWhole } from './unknown-effect.js';
import { atWorst } from './worst.js';

/** The most phrases of one kind in a sentence. */
const MOST_NAMED = 3;

interface Judged {
  readonly operation: Operation;
  readonly access: Access;
}

/**
 * Explains a document in up to three sentences of plain English, for a reviewer: what a key can do, the worst that it can
 * do, and what is limited or uncertain.
 *
 * Operations whose category no source names are left out, since they are uncertain for every document.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access
 */
export function explainShort(document: unknown): string[] {
  if (isFullAccess(document)) {
    return [
      'This key has full access: it can do everything in the account.',
      'At worst, it can create more keys with full access, spend all credit and delete the account.',
    ];
  }
  const unknown = unknownAsAWhole(document);
  if (unknown !== undefined) {
    return [`What this key can do is unknown: ${unknown}.`, 'At worst, it has full access.'];
  }
  const judged = OPERATIONS.filter(({ category }) => category !== 'unknown').map((operation) => ({
    operation,
    access: accessTo(document, operation),
  }));
  const sure = judged.filter(({ access }) => access.grant === 'allow' && access.conditions.every(isReadable));
  const unsure = judged.filter((one) => one.access.grant !== 'deny' && !sure.includes(one));
  if (sure.length + unsure.length === 0) return ['This key can do nothing, as far as is documented.'];
  const limited = judged.filter(isLimited).map(onlyOperation);
  const worst = atWorst(sure.map(onlyOperation), unsure.map(onlyOperation), new Set(limited));
  return [whatItCan(sure, unsure), worst, ...limits(sure, unsure)];
}

function isLimited({ access }: Judged): boolean {
  return access.conditions.length > 0;
}

function isReadable({ condition }: ParameterCondition): boolean {
  return condition !== undefined;
}

function whatItCan(sure: readonly Judged[], unsure: readonly Judged[]): string {
  if (sure.length > 0) return `This key can ${deeds(sure)}.`;
  return `This key may have access to ${subjectsOf(unsure)}, or to nothing.`;
}

/** Describes whole categories by their subjects, and the rest by what the operations do. */
function deeds(sure: readonly Judged[]): string {
  const categories = [...new Set(sure.map(({ operation }) => operation.category))];
  const whole = categories.filter((category) => isWhole(category, sure));
  const single = sure.filter(({ operation }) => !whole.includes(operation.category)).map(onlyOperation);
  return listInWords([...deedsOfCategories(whole), ...firstOf(single.map(deedOf))]);
}

function isWhole(category: string, sure: readonly Judged[]): boolean {
  const free = sure.filter(
    ({ operation, access }) => operation.category === category && access.conditions.length === 0,
  );
  return free.length === OPERATIONS.filter((one) => one.category === category).length;
}

function onlyOperation({ operation }: Judged): Operation {
  return operation;
}

/** Says what is uncertain, or else what the constraints limit. */
function limits(sure: readonly Judged[], unsure: readonly Judged[]): string[] {
  const limited = sure.filter(isLimited);
  const limit = limited.length === 0 ? [] : [limitOf(limited, limited.length === sure.length)];
  const [first] = unsure;
  if (first === undefined) return limit.map((one) => `${one}.`);
  const what = sure.length === 0 ? 'what it can do' : 'what else it can do';
  const why = WHY_UNKNOWN[first.access.openBecause ?? 'format'] ?? 'it is not documented';
  const unclear = `${what} with ${subjectsOf(unsure)} is unknown${limit.length === 0 ? `: ${why}` : ''}`;
  return [limit.length === 0 ? `W${unclear.slice(1)}.` : `${limit[0]}; ${unclear}.`];
}

const WHY_UNKNOWN: Readonly<Record<string, string>> = {
  format: 'a part of the document has an unknown form',
  name: 'a name in the document may be a pattern',
  endpoint_name: 'a name in the document is not published',
  undocumented_key: 'a part of the document is not documented',
  unknown_key: 'a part of the document is not documented',
  condition: 'a constraint in the document is not documented',
};

function subjectsOf(judged: readonly Judged[]): string {
  return listInWords(firstOf(judged.map(({ operation }) => subjectOf(operation.category))));
}

function limitOf(limited: readonly Judged[], everything: boolean): string {
  const targets = listInWords(firstOf(limited.map(targetOf)));
  if (everything) return `It can do this only for ${targets}`;
  return `Only for ${targets}: ${listInWords(firstOf(limited.map(({ operation }) => deedOf(operation))))}`;
}

/** Returns the first few of some phrases, without repetition, and "more" for the others. */
function firstOf(phrases: readonly string[]): string[] {
  const different = [...new Set(phrases)];
  return different.length <= MOST_NAMED ? different : [...different.slice(0, MOST_NAMED), 'more'];
}

/** Returns what the conditions of an operation limit it to, such as `instance 5`. */
function targetOf({ operation: { route }, access: { conditions } }: Judged): string {
  const [first, ...others] = conditions;
  const id = first?.parameter === 'id' && others.length === 0 ? first.condition?.eq : undefined;
  const isInstance = /\/instances\/.*\{id\}/u.test(route) && Object.keys(first?.condition ?? {}).length === 1;
  if (isInstance && /^\d{1,15}$/u.test(String(id))) return `instance ${id}`;
  return `requests where ${conditions.map(describeCondition).join(' and ')}`;
}
