import { CATEGORIES, type Category, isCategory, UNLISTED_CATEGORIES } from '../catalogue/categories.js';
import type { JsonNode, JsonProperty } from '../json/parse.js';
import { quote } from '../json/quote.js';
import { canMintKeys } from './side-effects.js';
import { type AccessLevel, levelNamed, readSubject } from './subjects.js';

/** Describes a document in a format that the API ignores, and the categories that it asks for. */
export interface Rewrite {
  readonly code: 'VP012' | 'VP013' | 'VP026';
  /** The top-level properties that belong to the format. Never empty. */
  readonly properties: readonly [JsonProperty, ...JsonProperty[]];
  /** In the order of `CATEGORIES`. */
  readonly categories: readonly Category[];
  /** One sentence that says what would have to be guessed, or undefined if nothing. */
  readonly open: string | undefined;
}

type Meaning = readonly Category[] | 'unknown';

/** Reads the top-level properties of a document without "api" in one of the formats of other pages and programs. */
export function rewriteOf(properties: readonly JsonProperty[]): Rewrite | undefined {
  const switches = properties.filter(({ key, value }) => value?.type === 'boolean' && !isCategory(key));
  return (
    rewrite(
      'VP013',
      switches.filter(({ key }) => key === 'read' || key === 'write'),
      readOrWrite,
      properties,
    ) ??
    rewrite(
      'VP012',
      switches.filter(({ key }) => /^[a-z]+_[a-z_]+$/u.test(key)),
      ofSwitch,
      properties,
    ) ??
    rewrite('VP026', properties.filter(isInWords), ofWords, properties)
  );
}

function rewrite(
  code: Rewrite['code'],
  own: readonly JsonProperty[],
  meaningOf: (property: JsonProperty) => Meaning,
  all: readonly JsonProperty[],
): Rewrite | undefined {
  const [first, ...others] = own;
  if (first === undefined) return undefined;
  const wanted = new Set<Category>();
  let unclear: string | undefined;
  for (const property of own) {
    const meaning = meaningOf(property);
    if (meaning === 'unknown') unclear ??= property.key;
    else for (const category of meaning) wanted.add(category);
  }
  const categories = CATEGORIES.filter((category) => wanted.has(category));
  return {
    code,
    properties: [first, ...others],
    categories,
    open: openQuestion(own, all, categories, unclear),
  };
}

/** Says why a rewrite would be a guess. A document that can create keys is never written unasked. */
function openQuestion(
  own: readonly JsonProperty[],
  all: readonly JsonProperty[],
  categories: readonly Category[],
  unclear: string | undefined,
): string | undefined {
  const known = new Set(own);
  const foreign = all.find((property) => property.key !== '$schema' && !known.has(property));
  const minting = categories.find(canMintKeys);
  if (unclear !== undefined) return `No category is equivalent to ${quote(unclear)}.`;
  if (foreign !== undefined) return `The meaning of ${quote(foreign.key)} is unclear.`;
  if (new Set(own.map(({ key }) => key)).size < own.length) return 'A key appears twice.';
  if (categories.length === 0)
    return 'It grants nothing, and what an empty document grants is not documented.';
  if (minting !== undefined)
    return `"${minting}" can create keys with any permission, so write it only if you mean that.`;
  return undefined;
}

function readOrWrite({ key, value }: JsonProperty): Meaning {
  if (value?.type !== 'boolean' || !value.value) return [];
  // `misc` can both search and rent, so neither word means it. The format is older than the unlisted categories.
  return CATEGORIES.filter((category) => category.endsWith(`_${key}`) && !UNLISTED_CATEGORIES.has(category));
}

function ofSwitch({ key, value }: JsonProperty): Meaning {
  if (value?.type !== 'boolean' || !value.value) return [];
  const named = readSubject(key);
  return named === undefined ? 'unknown' : atLevel(key, named.level);
}

function isInWords({ key, value }: JsonProperty): boolean {
  return (
    readSubject(key) !== undefined &&
    !isCategory(key) &&
    wordsIn(value).some((word) => levelNamed(word) !== undefined)
  );
}

function ofWords({ key, value }: JsonProperty): Meaning {
  const meanings = wordsIn(value).map((word) => atLevel(key, levelNamed(word)));
  return meanings.some((meaning) => meaning === 'unknown')
    ? 'unknown'
    : (meanings as (readonly Category[])[]).flat();
}

function wordsIn(value: JsonNode | undefined): readonly string[] {
  if (value?.type === 'string') return [value.value];
  if (value?.type !== 'array') return [];
  return value.items.map((item) => (item.type === 'string' ? item.value : '?'));
}

function atLevel(key: string, level: AccessLevel): Meaning {
  const subject = readSubject(key)?.subject;
  if (level === 'none') return [];
  if (subject === undefined || level === undefined || subject.read === 'misc') return 'unknown';
  if (level === 'read') return [subject.read];
  return level === 'write' ? [subject.write] : [subject.read, subject.write];
}
