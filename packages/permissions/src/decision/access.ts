import { operationOfEndpoint } from '../catalogue/catalogue.js';
import { isCategory } from '../catalogue/categories.js';
import type { Operation } from '../catalogue/operation.js';
import { type Condition, readCondition } from '../document/condition.js';
import { doubtAbout } from '../document/doubt.js';
import { mayBePattern, mayMean } from '../document/may-mean.js';
import { type Fields, isObject } from '../json/json-object.js';
import { type Path, pathTo } from '../json/json-path.js';
import { quote } from '../json/quote.js';

/** Describes how far a document allows an operation, before the parameters of a request are known. */
export interface Access {
  /** For `allow`, the conditions must hold too. For `unknown`, `mayExceedConditions` says whether they must. */
  readonly grant: 'allow' | 'deny' | 'unknown';
  /** One sentence. */
  readonly reason: string;
  /** The part of the document that decides, or undefined for the document as a whole. */
  readonly at: Path | undefined;
  /** All must hold. */
  readonly conditions: readonly ParameterCondition[];
  /** The reason why the grant is unknown. */
  readonly openBecause?: Doubt;
}

/**
 * Names what makes a grant unknown:
 *
 * - `format`: something is not an object
 * - `empty`: `api` has no categories
 * - `category`: no source names the category of the operation
 * - `endpoint_name`: a listed endpoint name that is not published may be the operation's
 * - `name`: a category or an endpoint may mean the operation, as a pattern or in another spelling
 * - `undocumented_key`: `constraints` above an endpoint, or `params`
 * - `unknown_key`: a key beside `api`, or in an endpoint, that Vast.ai does not mention
 * - `condition`: how a constraint compares is not documented
 */
export type Doubt =
  | 'format'
  | 'empty'
  | 'category'
  | 'endpoint_name'
  | 'name'
  | 'undocumented_key'
  | 'unknown_key'
  | 'condition';

/** Holds the constraint of a document on one parameter. */
export interface ParameterCondition {
  readonly parameter: string;
  /** Undefined if the form of the constraint is not documented, or its parameter looks like a pattern. */
  readonly condition: Condition | undefined;
  /** As written in the document. */
  readonly written: unknown;
  readonly at: Path;
}

/** Returns what one document grants for an operation. */
export type AccessReader = (operation: Operation) => Access;

/** The keys whose effect is not documented: `constraints` above endpoint level, and `params` anywhere. */
const UNDOCUMENTED_KEYS: ReadonlySet<string> = new Set(['constraints', 'params']);

/** Returns true for the keys whose effect is not documented, in any letter case. */
export function isUndocumentedKey(key: string): boolean {
  return UNDOCUMENTED_KEYS.has(key) || UNDOCUMENTED_KEYS.has(key.toLowerCase());
}

/** Returns true if a value stands for full access in the API's responses: undefined, null or false. */
export function isFullAccess(document: unknown): boolean {
  return document === undefined || document === null || document === false;
}

/** Returns true if what makes a grant unknown could also allow requests that do not meet its conditions. */
export function mayExceedConditions({ openBecause }: Pick<Access, 'openBecause'>): boolean {
  return openBecause === 'unknown_key';
}

/** Returns the categories of a document, or undefined if it has no "api" object. */
export function apiOf(document: unknown): Fields | undefined {
  if (!isObject(document) || !Object.hasOwn(document, 'api')) return undefined;
  return isObject(document.api) ? document.api : undefined;
}

/**
 * Returns what a document grants for an operation. See `decide` for the rules. For several operations, use
 * `accessReader`.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access
 */
export function accessTo(document: unknown, operation: Operation): Access {
  return accessReader(document)(operation);
}

/**
 * Prepares a document once and returns a function that says what it grants for an operation, so that many operations
 * take no longer than the document is large.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access
 */
export function accessReader(document: unknown): AccessReader {
  if (isFullAccess(document)) {
    return always(allow('A key without a permission document has full access.', undefined));
  }
  const api = apiOf(document);
  if (!isObject(document) || api === undefined) {
    return always(open('format', 'The document does not have the format that Vast.ai documents.', undefined));
  }
  const beside = Object.keys(document).find((key) => !TOP_KEYS.has(key));
  if (beside !== undefined) {
    const reason = `The effect of ${quote(beside)} beside "api" is not documented.`;
    return always(open('unknown_key', reason, pathTo(undefined, beside)));
  }
  const inApi = apiReader(api, pathTo(undefined, 'api'));
  return (operation) => withUndocumentedKey(inApi(operation), undocumentedKeyOf(document), undefined);
}

/** The keys beside "api" that are documented or mentioned. `$schema` is for editors. */
export const TOP_KEYS: ReadonlySet<string> = new Set(['api', '$schema', ...UNDOCUMENTED_KEYS]);

function apiReader(api: Fields, at: Path): AccessReader {
  const undocumented = undocumentedKeyOf(api);
  const names = Object.keys(api).filter((key) => !isUndocumentedKey(key));
  const empty = open('empty', 'What an "api" without categories grants is not documented.', at);
  const others = names.filter((name) => !isCategory(name));
  const readers = remembered((category) => categoryReader(api, category, others, at));
  return (operation) => {
    const { category } = operation;
    if (category === 'unknown') {
      return open('category', `The category of ${operation.operation} is unknown.`, at);
    }
    if (names.length === 0) return empty;
    return withUndocumentedKey(readers(category)(operation), undocumented, at);
  };
}

/** @param others the names in "api" that are no categories */
function categoryReader(api: Fields, category: string, others: readonly string[], at: Path): AccessReader {
  const like = others.find((name) => mayMean(name, category));
  if (like !== undefined) return always(openName(like, category, at));
  if (!Object.hasOwn(api, category)) return always(deny(`The document does not grant ${category}.`, at));
  const node = api[category];
  const path = pathTo(at, category);
  if (!isObject(node)) return always(open('format', `The value of ${category} is not an object.`, path));
  const undocumented = undocumentedKeyOf(node);
  const inNode = nodeReader(node, category, path);
  return (operation) => withUndocumentedKey(inNode(operation), undocumented, path);
}

function nodeReader(node: Fields, category: string, at: Path): AccessReader {
  const listed = Object.keys(node).filter((key) => !isUndocumentedKey(key));
  if (listed.length === 0) return always(allow(`The document allows everything in ${category}.`, at));
  const unpublished = listed.filter((name) => operationOfEndpoint(name) === undefined);
  const odd = unpublished.find((name) => !isEndpointName(name));
  const readers = remembered((endpoint) => {
    const like = odd ?? unpublished.find((name) => mayMean(name, endpoint));
    if (like !== undefined) return openName(like, endpoint, at);
    if (Object.hasOwn(node, endpoint)) return inEndpoint(node[endpoint], endpoint, pathTo(at, endpoint));
    return deny(`The document grants ${category} only for other endpoints, not for ${endpoint}.`, at);
  });
  const nameless = withoutName(category, unpublished, at);
  return ({ operation, endpoint }) => (endpoint === undefined ? nameless(operation) : readers(endpoint));
}

/** Returns true if a key has the form of an endpoint name. Another key could be anything, such as a short name. */
export function isEndpointName(key: string): boolean {
  return key.startsWith('api.');
}

/** Judges operations whose endpoint name is not published: any listed name that is not published could be theirs. */
function withoutName(
  category: string,
  unpublished: readonly string[],
  at: Path,
): (operation: string) => Access {
  const pattern = unpublished.find(mayBePattern);
  if (pattern !== undefined) return (operation) => openName(pattern, operation, at);
  const [candidate] = unpublished;
  if (candidate === undefined) {
    return () => deny(`The document grants ${category} only for other endpoints.`, at);
  }
  return (operation) => {
    const reason = `The endpoint name of ${operation} is not published; it may be ${quote(candidate)}.`;
    return open('endpoint_name', reason, pathTo(at, candidate));
  };
}

/** Returns what the value of an endpoint in a document grants. */
export function inEndpoint(leaf: unknown, endpoint: string, at: Path): Access {
  if (!isObject(leaf)) return open('format', `The value of ${quote(endpoint)} is not an object.`, at);
  const { access, known } = constraintsOf(leaf, endpoint, at);
  const keys = Object.keys(leaf).filter((key) => key !== known);
  const other = keys.find((key) => !UNDOCUMENTED_KEYS.has(key)) ?? keys[0];
  if (other === undefined || access.openBecause === 'format') return access;
  return {
    ...open(
      keys.every((key) => UNDOCUMENTED_KEYS.has(key)) ? 'undocumented_key' : 'unknown_key',
      `The effect of ${quote(other)} in an endpoint is not documented.`,
      pathTo(at, other),
    ),
    conditions: access.conditions,
  };
}

function constraintsOf(leaf: Fields, endpoint: string, at: Path): { access: Access; known?: string } {
  if (!Object.hasOwn(leaf, 'constraints')) return { access: allow(`The document allows ${endpoint}.`, at) };
  const path = pathTo(at, 'constraints');
  const { constraints } = leaf;
  if (!isObject(constraints)) {
    return { access: open('format', `The constraints of ${endpoint} are not an object.`, path) };
  }
  const conditions = Object.entries(constraints).map(([parameter, condition]) => ({
    parameter,
    condition: mayBePattern(parameter) ? undefined : readCondition(condition),
    written: condition,
    at: pathTo(path, parameter),
  }));
  const granted = allow(`The document allows ${endpoint} within its constraints.`, path);
  return { access: { ...(inDoubt(conditions) ?? granted), conditions }, known: 'constraints' };
}

function inDoubt(conditions: readonly ParameterCondition[]): Access | undefined {
  for (const { parameter, condition, at } of conditions) {
    const reason = doubtAbout(parameter, condition);
    if (reason !== undefined) return open('condition', reason, at);
  }
  return undefined;
}

/** Returns the first of the keys in a part of a document whose effect is not documented. */
function undocumentedKeyOf(node: Fields): string | undefined {
  return Object.keys(node).find(isUndocumentedKey);
}

/** Turns a grant with `constraints` or `params` above it into an unknown one. */
function withUndocumentedKey(access: Access, key: string | undefined, at: Path | undefined): Access {
  if (access.grant !== 'allow' || key === undefined) return access;
  return {
    ...open('undocumented_key', `The effect of ${quote(key)} here is not documented.`, pathTo(at, key)),
    conditions: access.conditions,
  };
}

/** @param meant the category, endpoint or operation that a name in the document may mean */
function openName(name: string, meant: string, at: Path): Access {
  const what = mayBePattern(name) ? `The pattern ${quote(name)} may cover` : `${quote(name)} may mean`;
  return open('name', `${what} ${meant}.`, pathTo(at, name));
}

function always(access: Access): AccessReader {
  return () => access;
}

/** Returns a function that computes its result for each name once. */
function remembered<T>(compute: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const result = compute(name);
    known.set(name, result);
    return result;
  };
}

function allow(reason: string, at: Path | undefined): Access {
  return { grant: 'allow', reason, at, conditions: [] };
}

function deny(reason: string, at: Path | undefined): Access {
  return { grant: 'deny', reason, at, conditions: [] };
}

function open(openBecause: Doubt, reason: string, at: Path | undefined): Access {
  return { grant: 'unknown', reason, at, conditions: [], openBecause };
}
