import { CATEGORIES, type Category, isCategory } from './categories.js';
import { nearest } from './spelling.js';

/** Returns the categories that an unknown name resembles. */
export function categoriesLike(name: string): string[] {
  if (name.length > 40) return [];
  const plain = plainName(name);
  const close = nearest(plain, CATEGORIES, plain.length > 6 ? 3 : 1);
  if (close.length > 0) return close;
  const [subject = ''] = plain.split('_');
  const stem = subject.replace(/s$/u, '');
  return stem.length < 4
    ? []
    : CATEGORIES.filter((category) => category.replace('s_', '_').startsWith(`${stem}_`));
}

/**
 * Returns the category that a name misspells: by case, separators, or one edit. Returns undefined if no category or
 * more than one fits, or if the name is a category.
 */
export function misspelledCategory(name: string): Category | undefined {
  if (name.length > 40 || isCategory(name)) return undefined;
  const [only, ...others] = nearest(plainName(name), CATEGORIES, 1);
  return others.length === 0 ? CATEGORIES.find((category) => category === only) : undefined;
}

function plainName(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z]+/gu, '_');
}
