import { operationOfEndpoint } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { type Condition, readCondition } from '../document/condition.js';
import { type Fields, isObject } from '../json/json-object.js';
import { type Path, pathTo } from '../json/json-path.js';
import { quote } from '../json/quote.js';

/** Says what a document allows of an operation before the parameters of a request are known. */
export interface Access {
  /** `allow` and `unknown` hold only while none of the conditions fails. */
  readonly grant: 'allow' | 'deny' | 'unknown';
  /** One sentence. */
  readonly reason: string;
  /** The part of the document that says so; undefined for the document itself. */
  readonly at: Path | undefined;
  /** All have to hold. */
  readonly conditions: readonly ParameterCondition[];
  /** The reason why the decision is open, where it is. */
  readonly openBecause?: 'format' | 'category' | 'endpoint_name' | 'undocumented_key';
}

/** Limits one parameter as a document does. */
export interface ParameterCondition {
  readonly parameter: string;
  /** Undefined where it is written in a way that is not documented. */
  readonly condition: Condition | undefined;
  /** As written in the document. */
  readonly written: unknown;
  readonly at: Path;
}

/** The keys whose effect above endpoint level, or at all, is not documented. */
export const UNDOCUMENTED_KEYS: ReadonlySet<string> = new Set(['constraints', 'params']);

/** Returns whether a document stands for a key without limits, as in the API's answers. */
export function isFullAccess(document: unknown): boolean {
  return document === undefined || document === null || document === false;
}

/** Returns the categories of a document; undefined where it has none in the documented place. */
export function apiOf(document: unknown): Fields | undefined {
  if (!isObject(document) || !Object.hasOwn(document, 'api')) return undefined;
  return isObject(document.api) ? document.api : undefined;
}

/**
 * Finds what a document says about an operation; `decide` explains the rules.
 *
 * @param document a parsed document, valid or not; undefined, null or false stand for full access
 */
export function accessTo(document: unknown, operation: Operation): Access {
  if (isFullAccess(document)) return allow('A key without a permission document has full access.', undefined);
  const api = apiOf(document);
  if (!isObject(document) || api === undefined) {
    return open('format', 'The document is not in the format that Vast.ai documents.', undefined);
  }
  const apiPath = pathTo(undefined, 'api');
  const { category } = operation;
  if (category === 'unknown') {
    return open('category', `No source says which category ${operation.operation} is in.`, apiPath);
  }
  if (!Object.hasOwn(api, category))
    return deny(`The document does not have the category ${category}.`, apiPath);
  const access = inCategory(api[category], operation, pathTo(apiPath, category));
  return withUndocumentedKey(withUndocumentedKey(access, document, undefined), api, apiPath);
}

function inCategory(node: unknown, operation: Operation, at: Path): Access {
  const { category, endpoint } = operation;
  if (!isObject(node)) return open('format', `The value of ${category} is not an object.`, at);
  const listed = Object.keys(node).filter((key) => !UNDOCUMENTED_KEYS.has(key));
  if (listed.length === 0) {
    return withUndocumentedKey(allow(`The document allows everything in ${category}.`, at), node, at);
  }
  if (endpoint === undefined) return withoutName(operation, listed, at);
  if (!Object.hasOwn(node, endpoint)) {
    return deny(`${endpoint} is not among the endpoints that the document allows in ${category}.`, at);
  }
  return withUndocumentedKey(inEndpoint(node[endpoint], endpoint, pathTo(at, endpoint)), node, at);
}

/** Finds access where the endpoint name is not published: it can be any listed name that no other operation has. */
function withoutName({ operation, category }: Operation, listed: readonly string[], at: Path): Access {
  const candidate = listed.find((name) => operationOfEndpoint(name) === undefined);
  if (candidate === undefined) return deny(`The document allows only other endpoints in ${category}.`, at);
  return open(
    'endpoint_name',
    `The endpoint name of ${operation} is not published; ${quote(candidate)} may be it.`,
    pathTo(at, candidate),
  );
}

/** Finds what an endpoint's own part of a document says. */
export function inEndpoint(leaf: unknown, endpoint: string, at: Path): Access {
  if (!isObject(leaf)) return open('format', `The value of ${quote(endpoint)} is not an object.`, at);
  const { access, known } = constraintsOf(leaf, endpoint, at);
  const other = Object.keys(leaf).find((key) => key !== known);
  if (access.grant !== 'allow' || other === undefined) return access;
  return {
    ...open(
      'undocumented_key',
      `The effect of ${quote(other)} on an endpoint is not documented.`,
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
    condition: readCondition(condition),
    written: condition,
    at: pathTo(path, parameter),
  }));
  return {
    access: { ...allow(`The document allows ${endpoint} within its constraints.`, path), conditions },
    known: 'constraints',
  };
}

/** Opens a grant that has `constraints` or `params` above it. */
function withUndocumentedKey(access: Access, node: Fields, at: Path | undefined): Access {
  if (access.grant !== 'allow') return access;
  const key = Object.keys(node).find((one) => UNDOCUMENTED_KEYS.has(one));
  if (key === undefined) return access;
  return {
    ...open('undocumented_key', `The effect of "${key}" here is not documented.`, pathTo(at, key)),
    conditions: access.conditions,
  };
}

function allow(reason: string, at: Path | undefined): Access {
  return { grant: 'allow', reason, at, conditions: [] };
}

function deny(reason: string, at: Path | undefined): Access {
  return { grant: 'deny', reason, at, conditions: [] };
}

function open(openBecause: NonNullable<Access['openBecause']>, reason: string, at: Path | undefined): Access {
  return { grant: 'unknown', reason, at, conditions: [], openBecause };
}
