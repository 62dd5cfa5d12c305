import { ENDPOINT_NAMES } from '../catalogue/catalogue.js';
import { CATEGORIES } from '../catalogue/categories.js';
import { mayBePattern, mayMean } from '../document/may-mean.js';

/** Returns true if an endpoint name can be meant as a pattern, or as another spelling of a published name. */
export function mayStandForEndpoints(name: string): boolean {
  return mayStandForAny(name, ENDPOINT_NAMES);
}

/** Returns true if the name of an unknown category can be meant as a pattern, or as another spelling of a category. */
export function mayStandForCategories(name: string): boolean {
  return mayStandForAny(name, CATEGORIES);
}

function mayStandForAny(name: string, names: readonly string[]): boolean {
  if (names.includes(name)) return false;
  // A document can have many plain names, and comparing them in every spelling is slow.
  if (/^[a-z]\w*(?:\.\w+)*$/u.test(name)) {
    const letters = spelled(name);
    return names.some((one) => spelled(one).startsWith(letters));
  }
  return mayBePattern(name) || names.some((one) => mayMean(name, one));
}

function spelled(name: string): string {
  return name.toLowerCase().replace(/[._]/gu, '');
}
