import type { Operation } from '../catalogue/operation.js';

/** Joins phrases as in a sentence: `a`, `a and b`, or `a, b and c`, with a comma before a last "and" that could mislead. */
export function listInWords(phrases: readonly string[]): string {
  const last = phrases.at(-1) ?? '';
  if (phrases.length < 2) return last;
  const comma = phrases.some((one) => one.includes(' and ')) ? ',' : '';
  return `${phrases.slice(0, -1).join(', ')}${comma} and ${last}`;
}

/**
 * Returns what an operation does, to follow "can", such as `destroy an instance` for the risk `destroys an instance and
 * all data on it`. Only the first clause counts.
 */
export function deedOf({ operation, risks }: Operation): string {
  const reason = risks[0]?.reason ?? `uses ${operation}`;
  const [clause = ''] = reason.split(/[,;]| and | or /u);
  const verbs = clause.includes(' ') ? /^\w+/u : /^\w+(?:(?:, | and | or )\w+)*/u;
  return (clause.includes(' ') ? clause : reason).replace(verbs, (found) =>
    found.replace(/\w+/gu, infinitiveOf),
  );
}

function infinitiveOf(verb: string): string {
  if (verb.endsWith('ies')) return verb.replace(/ies$/u, 'y');
  return verb.replace(/(?<=ch|sh|ss|x)es$|s$/u, '');
}

/** Says what the categories with each prefix are about. */
const SUBJECTS: Readonly<Record<string, string>> = {
  misc: 'offers and serverless endpoints',
  user: 'the account',
  instance: 'instances',
  billing: 'bills',
  machine: 'hosted machines',
  team: 'the team',
  agents: 'agents',
};

/** Returns what a category is about, such as `instances` for `instance_write`. */
export function subjectOf(category: string): string {
  return SUBJECTS[prefixOf(category)] ?? category;
}

/** Returns what a key with all of some categories can do, as phrases to follow "can", such as `view bills`. */
export function deedsOfCategories(categories: readonly string[]): string[] {
  const has = (category: string): boolean => categories.includes(category);
  const subjectsWith = (read: boolean, write: boolean): string[] =>
    [...new Set(categories.map(prefixOf))]
      .filter((one) => one !== 'misc' && has(`${one}_read`) === read && has(`${one}_write`) === write)
      .map(subjectOf);
  const phrase = (verb: string, subjects: string[]): string[] =>
    subjects.length === 0 ? [] : [`${verb} ${listInWords(subjects)}`];
  return [
    ...(has('misc') ? ['search offers'] : []),
    ...(has('misc') || has('instance_write') ? ['rent'] : []),
    ...phrase('view', subjectsWith(true, false)),
    ...phrase('view and change', subjectsWith(true, true)),
    ...phrase('change', subjectsWith(false, true)),
  ];
}

function prefixOf(category: string): string {
  return category.replace(/_(?:read|write)$/u, '');
}
