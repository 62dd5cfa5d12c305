import { OPERATIONS } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { type Doubt, isFullAccess } from '../decision/access.js';
import { describeCondition } from '../decision/subset.js';
import { undocumentedParts } from '../decision/undocumented-parts.js';
import { quote } from '../json/quote.js';
import { deedOf, deedsOfCategories, listInWords, subjectOf } from './plain-words.js';
import { isLimited, type UsableOperation, usableOperations } from './usable-operations.js';
import { atWorst, type Holder, isRisky } from './worst.js';

/** The most phrases of one kind in a sentence. */
const MOST_NAMED = 3;

/**
 * Explains a document in up to three sentences of plain English, for a reviewer: what a key can do, the worst that it can
 * do, and what is limited or uncertain.
 *
 * Operations whose category no source names are left out, since they are uncertain for every document.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access
 */
export function explainShort(document: unknown, holder: Holder = 'key'): string[] {
  if (isFullAccess(document)) {
    return [
      `This ${holder} has full access: it can do everything in the account.`,
      'At worst, it can create more keys with full access, spend all credit and delete the account.',
    ];
  }
  const { sure, unsure, isAllUnsure } = usableOperations(document);
  if (isAllUnsure) {
    return [`What this ${holder} can do is unknown: ${whyUnknown(unsure)}.`, 'At worst, it has full access.'];
  }
  if (sure.length + unsure.length === 0) {
    return [`This ${holder} can do nothing, as far as is known.`, ...withoutEffect(document)];
  }
  const limited = [...sure, ...unsure].filter(isLimited).map(operationOf);
  const worst = atWorst(sure.map(operationOf), unsure.map(operationOf), new Set(limited), holder);
  const limit = limits(sure, unsure);
  return [whatItCan(sure, unsure, holder), worst, ...(limit.length === 0 ? withoutEffect(document) : limit)];
}

/**
 * Says in one line what a new key or role can do that its owner may not expect, or undefined if that is nothing: what constraints
 * limit was asked for in so many words.
 *
 * @param document a parsed document; undefined, null and false mean full access, which needs no document to say so
 */
export function explainSurprise(document: unknown, holder: Holder = 'key'): string | undefined {
  if (isFullAccess(document)) return undefined;
  const { sure, unsure, isAllUnsure } = usableOperations(document);
  if (unsure.length === 0 && !sure.some((one) => !isLimited(one) && isRisky(one.operation))) return undefined;
  return explainShort(document, holder)
    .slice(isAllUnsure ? 0 : 1)
    .join(' ');
}

function whatItCan(
  sure: readonly UsableOperation[],
  unsure: readonly UsableOperation[],
  holder: Holder,
): string {
  if (sure.length > 0) return `This ${holder} can ${deeds(sure)}.`;
  return `This ${holder} may have access to ${subjectsOf(unsure)}, or to nothing.`;
}

/** Describes whole categories by their subjects, and the rest by what the operations do. */
function deeds(sure: readonly UsableOperation[]): string {
  const categories = [...new Set(sure.map(({ operation }) => operation.category))];
  const whole = categories.filter((category) => isWhole(category, sure));
  const single = sure.filter(({ operation }) => !whole.includes(operation.category)).map(operationOf);
  return listInWords([...deedsOfCategories(whole), ...firstOf(single.map(deedOf))]);
}

function isWhole(category: string, sure: readonly UsableOperation[]): boolean {
  const free = sure.filter((one) => one.operation.category === category && !isLimited(one));
  return free.length === OPERATIONS.filter((one) => one.category === category).length;
}

/** Says what is uncertain, or else what the constraints limit. */
function limits(sure: readonly UsableOperation[], unsure: readonly UsableOperation[]): string[] {
  const limited = sure.filter(isLimited);
  const limit = limited.length === 0 ? [] : [limitOf(limited, limited.length === sure.length)];
  if (unsure.length === 0) return limit.map((one) => `${one}.`);
  const what = sure.length === 0 ? 'what it can do' : 'what else it can do';
  const unclear = `${what} with ${subjectsOf(unsure)} is unknown${limit.length === 0 ? `: ${whyUnknown(unsure)}` : ''}`;
  return [limit.length === 0 ? `W${unclear.slice(1)}.` : `${limit[0]}; ${unclear}.`];
}

/** Says why access is unknown, by the reason for the first operation. */
function whyUnknown([first]: readonly UsableOperation[]): string {
  return WHY_UNKNOWN[first?.access.openBecause ?? 'format'];
}

const WHY_UNKNOWN: Readonly<Record<Doubt, string>> = {
  empty: 'Vast.ai does not say what an "api" without categories allows',
  category: 'a category in the document is not documented',
  format: 'the document has a form that Vast.ai does not document',
  name: 'a name in the document may be a pattern',
  endpoint_name: 'a name in the document is not published',
  undocumented_key: 'a part of the document is not documented',
  unknown_key: 'a part of the document is not documented',
  condition: 'a constraint in the document is not documented',
};

function subjectsOf(usable: readonly UsableOperation[]): string {
  return listInWords(firstOf(usable.map(({ operation }) => subjectOf(operation.category))));
}

/** Names a part of a document that no operation depends on, such as an unknown category. */
function withoutEffect(document: unknown): string[] {
  const [first, ...others] = undocumentedParts(document);
  if (first?.path === undefined) return [];
  const more = others.length === 0 ? '' : `, nor of ${others.length} more parts`;
  return [`Vast.ai does not document the effect of ${quote(String(first.path.key))} there${more}.`];
}

function limitOf(limited: readonly UsableOperation[], everything: boolean): string {
  const targets = listInWords(firstOf(limited.map(targetOf)));
  if (everything) return `It can do this only for ${targets}`;
  return `Only for ${targets}: ${listInWords(firstOf(limited.map(({ operation }) => deedOf(operation))))}`;
}

function operationOf({ operation }: UsableOperation): Operation {
  return operation;
}

/** Returns the first few of some phrases, without repetition, and "more" for the others. */
function firstOf(phrases: readonly string[]): string[] {
  const different = [...new Set(phrases)];
  return different.length <= MOST_NAMED ? different : [...different.slice(0, MOST_NAMED), 'more'];
}

/** Returns what the conditions of an operation limit it to, such as `instance 5`. */
function targetOf({ operation: { route }, access: { conditions } }: UsableOperation): string {
  const [first, ...others] = conditions;
  const id = first?.parameter === 'id' && others.length === 0 ? first.condition?.eq : undefined;
  const isInstance = /\/instances\/.*\{id\}/u.test(route) && Object.keys(first?.condition ?? {}).length === 1;
  if (isInstance && /^\d{1,15}$/u.test(String(id))) return `instance ${id}`;
  return `requests where ${conditions.map(describeCondition).join(' and ')}`;
}
