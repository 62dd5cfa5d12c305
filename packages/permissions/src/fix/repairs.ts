import { ENDPOINT_NAMES, operationOfEndpoint } from '../catalogue/catalogue.js';
import { isCategory } from '../catalogue/categories.js';
import { misspelledCategory } from '../catalogue/similar-category.js';
import { nearest } from '../catalogue/spelling.js';
import { asNumber } from '../document/condition.js';
import type { JsonNode, JsonObject, JsonProperty } from '../json/parse.js';
import { quote } from '../json/quote.js';
import { isPassedThrough } from '../validation/rules/undocumented-keys.js';
import type { Fix, Repair } from './fixed-text.js';
import { rewriteFormat, unwrap } from './rewrites.js';

/**
 * Finds the repairs for a document whose JSON is valid, one by one, since a file can need more than a million.
 *
 * @param text the text that the positions refer to
 */
export function* repairs(root: JsonNode, text: string): Generator<Repair> {
  const unwrapped = unwrap(root, text);
  if (root.type !== 'object' || unwrapped.length > 0) return yield* unwrapped;
  const api = root.properties.filter(({ key }) => key === 'api');
  if (api.length === 0) yield* [...wrapInApi(root), ...rewriteFormat(root)].slice(0, 1);
  for (const { value } of api) {
    const claims = claimsIn(value, misspelledCategory);
    for (const category of members(value)) yield* repairCategory(category, claims);
  }
}

/** Wraps the top-level keys in "api", but only if all of them are categories, so that it needs no guessing. */
function wrapInApi({ properties }: JsonObject): Repair[] {
  const [first, ...others] = properties[0]?.key === '$schema' ? properties.slice(1) : properties;
  const last = others.at(-1) ?? first;
  const areCategories = [first, ...others].every(
    (one) => one !== undefined && isCategory(one.key) && one.value?.type === 'object',
  );
  if (first === undefined || last?.value === undefined || !areCategories) return [];
  return [
    {
      code: 'VP010',
      message: 'Moved the categories into "api".',
      edits: [
        { start: first.keySpan.start, end: first.keySpan.start, text: '"api": { ' },
        { start: last.value.end, end: last.value.end, text: ' }' },
      ],
    },
  ];
}

function* repairCategory(property: JsonProperty, claims: Claims): Generator<Repair> {
  const { key, value } = property;
  if (isPassedThrough(key)) return;
  const endpointClaims = claimsIn(value, misspelledEndpoint);
  for (const endpoint of members(value)) yield* repairEndpoint(endpoint, endpointClaims);
  yield* renameUnlessTaken('VP014', property, misspelledCategory, claims);
}

function* repairEndpoint(property: JsonProperty, claims: Claims): Generator<Repair> {
  const { key, value } = property;
  if (isPassedThrough(key)) return;
  for (const member of members(value)) {
    if (member.key !== 'constraints') continue;
    for (const parameter of members(member.value)) yield* repairParameter(parameter);
  }
  yield* renameUnlessTaken('VP015', property, misspelledEndpoint, claims);
}

function misspelledEndpoint(name: string): string | undefined {
  if (operationOfEndpoint(name) !== undefined) return undefined;
  const [only, ...others] = nearest(name, ENDPOINT_NAMES, 1);
  return others.length === 0 ? only : undefined;
}

function repairParameter({ key, value }: JsonProperty): Repair[] {
  if (key === 'params' || value === undefined) return [];
  if (value.type === 'string' || value.type === 'number' || value.type === 'boolean') {
    return [
      {
        code: 'VP017',
        message: `Changed the value of ${quote(key)} to a condition with "eq".`,
        edits: [
          { start: value.start, end: value.start, text: '{ "eq": ' },
          { start: value.end, end: value.end, text: ' }' },
        ],
      },
    ];
  }
  const claims = claimsIn(value, inSmallLetters);
  return members(value).flatMap((operator) => repairOperator(operator, claims));
}

function repairOperator(property: JsonProperty, claims: Claims): Repair[] {
  const { key, value } = property;
  if ((key !== 'gte' && key !== 'lte') || value?.type !== 'string' || asNumber(value.value) === undefined) {
    return renameUnlessTaken('VP019', property, inSmallLetters, claims);
  }
  return [
    {
      code: 'VP020',
      message: `Removed the quotes around ${quote(value.value)}.`,
      edits: [{ start: value.start, end: value.end, text: value.value }],
    },
  ];
}

function inSmallLetters(operator: string): string | undefined {
  const small = operator.toLowerCase();
  return operator !== small && ['eq', 'gte', 'lte'].includes(small) ? small : undefined;
}

function members(node: JsonNode | undefined): readonly JsonProperty[] {
  return node?.type === 'object' ? node.properties : [];
}

/** Returns the name that a misspelled key stands for. */
type Meaning = (key: string) => string | undefined;

/** Counts the keys of an object that are, or misspell, each name. */
type Claims = ReadonlyMap<string, number>;

function claimsIn(parent: JsonNode | undefined, meaning: Meaning): Claims {
  const claims = new Map<string, number>();
  for (const { key } of members(parent)) {
    const name = meaning(key) ?? key;
    claims.set(name, (claims.get(name) ?? 0) + 1);
  }
  return claims;
}

function renameUnlessTaken(
  code: Fix['code'],
  property: JsonProperty,
  meaning: Meaning,
  claims: Claims,
): Repair[] {
  const name = meaning(property.key);
  if (name === undefined || claims.get(name) !== 1) return [];
  return [
    {
      code,
      message: `Renamed ${quote(property.key)} to "${name}".`,
      edits: [{ ...property.keySpan, text: `"${name}"` }],
    },
  ];
}
