import { ENDPOINT_NAMES } from '../catalogue/catalogue.js';
import { CATEGORIES, isCategory } from '../catalogue/categories.js';
import { categoriesLike } from '../catalogue/similar-category.js';
import { nearest } from '../catalogue/spelling.js';
import { isEndpointName } from '../decision/access.js';
import { asNumber, type Scalar } from '../document/condition.js';
import { quote } from '../json/quote.js';

/** A document made from grants, or the problems with them, one sentence each. */
export type GrantedDocument =
  | { readonly document: { readonly api: Readonly<Record<string, unknown>> } }
  | { readonly problems: readonly string[] };

/** Holds what a grant allows of one endpoint: everything, or one value for each of these parameters. */
export type Leaf = { constraints?: Record<string, { eq: Scalar }> };

/**
 * Builds a document from grants written as `CATEGORY[:ENDPOINT[:param=value]]`. Grants only add access: a whole
 * category overrides its endpoints, and a whole endpoint overrides its constraints. If an endpoint has constraints on
 * several parameters, all of them must hold.
 *
 * Digits are read as a number, `true` and `false` as booleans, and everything else as a string. This checks only the
 * form, the category, the spelling of endpoints, and that no parameter has two values, which a document cannot express.
 * Validate the result before you use it.
 */
export function documentOfGrants(grants: readonly string[]): GrantedDocument {
  const categories = new Map<string, Map<string, Leaf> | 'everything'>();
  const problems = grants.flatMap((grant) => addGrant(grant, categories) ?? []);
  if (problems.length > 0) return { problems };
  const api = CATEGORIES.flatMap((category) => {
    const endpoints = categories.get(category);
    if (endpoints === undefined) return [];
    return [[category, endpoints === 'everything' ? {} : Object.fromEntries(endpoints)] as const];
  });
  return { document: { api: Object.fromEntries(api) } };
}

/** Returns the grants that make a document of whole categories, and of endpoints for at most one value of a parameter. */
export function grantsOf(document: {
  readonly api: Readonly<Record<string, Readonly<Record<string, Leaf>>>>;
}): string[] {
  return Object.entries(document.api).flatMap(([category, endpoints]) => {
    const leaves = Object.entries(endpoints);
    if (leaves.length === 0) return [category];
    return leaves.flatMap(([endpoint, { constraints = {} }]) => {
      const values = Object.entries(constraints);
      if (values.length === 0) return [`${category}:${endpoint}`];
      return values.map(([parameter, { eq }]) => `${category}:${endpoint}:${parameter}=${eq}`);
    });
  });
}

/** Adds one grant, or returns what is wrong with it. */
function addGrant(
  grant: string,
  categories: Map<string, Map<string, Leaf> | 'everything'>,
): string | undefined {
  const [, category = '', endpoint, parameter, value = ''] =
    /^([^:]+)(?::([^:]+)(?::([^=]+)=(.+))?)?$/su.exec(grant) ?? [];
  if (category === '') return `${quote(grant)} must have the form CATEGORY[:ENDPOINT[:param=value]].`;
  if (!isCategory(category)) return unknownCategory(category);
  const known = categories.get(category);
  if (endpoint === undefined) categories.set(category, 'everything');
  if (endpoint === undefined || known === 'everything') return undefined;
  if (!isEndpointName(endpoint))
    return `${quote(endpoint)} is not an endpoint name: those start with "api.".`;
  const [meant] = ENDPOINT_NAMES.includes(endpoint) ? [] : nearest(endpoint, ENDPOINT_NAMES, 1);
  if (meant !== undefined) return `Unknown endpoint ${quote(endpoint)}. Did you mean "${meant}"?`;
  const endpoints = known ?? new Map<string, Leaf>();
  categories.set(category, endpoints);
  return addEndpoint(endpoints, endpoint, parameter, value);
}

function addEndpoint(
  endpoints: Map<string, Leaf>,
  endpoint: string,
  parameter: string | undefined,
  value: string,
): string | undefined {
  const leaf = endpoints.get(endpoint);
  if (parameter === undefined) endpoints.set(endpoint, {});
  if (parameter === undefined || (leaf !== undefined && leaf.constraints === undefined)) return undefined;
  const constraints = new Map(Object.entries(leaf?.constraints ?? {}));
  const eq = readValue(value);
  const other = constraints.get(parameter);
  if (other !== undefined && other.eq !== eq) {
    return `${endpoint} cannot be limited to two values of ${quote(parameter)}. A constraint takes one value.`;
  }
  endpoints.set(endpoint, { constraints: Object.fromEntries(constraints.set(parameter, { eq })) });
  return undefined;
}

function unknownCategory(category: string): string {
  const meant = categoriesLike(category);
  const help =
    meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : `The categories are ${CATEGORIES.join(', ')}.`;
  return `Unknown category ${quote(category)}. ${help}`;
}

/** Reads a value from the command line as a number, a boolean or, failing that, a string. */
export function readValue(text: string): Scalar {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = asNumber(text);
  return number !== undefined && Number.isSafeInteger(number) ? number : text;
}
