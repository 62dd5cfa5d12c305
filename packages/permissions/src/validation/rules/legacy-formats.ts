import { CATEGORIES, isCategory, UNLISTED_CATEGORIES } from '../../catalogue/categories.js';
import { pathTo } from '../../json/json-path.js';
import type { JsonProperty } from '../../json/parse.js';
import { quote } from '../../json/quote.js';
import type { Findings } from '../findings.js';

/**
 * Reports a document in one of the two formats from older pages, once, at its first switch.
 *
 * @param properties the top-level properties of a document without "api"
 * @returns the properties that belong to the legacy format, if any
 */
export function reportLegacyFormat(
  properties: readonly JsonProperty[],
  findings: Findings,
): readonly JsonProperty[] {
  const switches = properties.filter(({ key, value }) => value?.type === 'boolean' && !isCategory(key));
  const plain = switches.filter(({ key }) => key === 'read' || key === 'write');
  const legacy = plain.length > 0 ? plain : switches.filter(({ key }) => /^[a-z]+_[a-z_]+$/u.test(key));
  const [first] = legacy;
  if (first === undefined) return [];
  const on = legacy.filter(({ value }) => value?.type === 'boolean' && value.value).map(({ key }) => key);
  // The formats are older than the categories that no page lists.
  const categories = CATEGORIES.filter(
    (category) => !UNLISTED_CATEGORIES.has(category) && on.some((key) => comesClosest(key, category)),
  );
  findings.add({
    code: plain.length > 0 ? 'VP013' : 'VP012',
    span: first.keySpan,
    path: pathTo(undefined, first.key),
    message: `${quote(first.key)} is from a legacy format, which the API ignores.`,
    help: `Use instead: ${rewritten(categories)}`,
  });
  return legacy;
}

/** Returns true if a category is the closest to a switch. `misc` never is, since it can both read and rent. */
function comesClosest(key: string, category: string): boolean {
  if (category === 'misc') return false;
  if (key === 'read' || key === 'write') return category.endsWith(`_${key}`);
  const [subject, access] = category.split('_') as [string, string];
  const isAbout = key.includes(subject) || (subject === 'user' && key.includes('account'));
  const onlyReads = /^(?:view|read|show|list|see)_/u.test(key);
  return isAbout && (access === 'read' || !onlyReads);
}

function rewritten(categories: readonly string[]): string {
  return categories.length === 0
    ? '{ "api": { … } } with the categories that the key needs'
    : `{ "api": { ${categories.map((category) => `"${category}": {}`).join(', ')} } }`;
}
