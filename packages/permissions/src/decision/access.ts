import { operationOfEndpoint } from '../catalogue/catalogue.js';
import type { Operation } from '../catalogue/operation.js';
import { type Condition, readCondition } from '../document/condition.js';
import { type Fields, isObject } from '../json/json-object.js';
import { type Path, pathTo } from '../json/json-path.js';
import { quote } from '../json/quote.js';

/** Describes how far a document allows an operation, before the parameters of a request are known. */
export interface Access {
  /** For `allow` and `unknown`, the conditions must hold too. */
  readonly grant: 'allow' | 'deny' | 'unknown';
  /** One sentence. */
  readonly reason: string;
  /** The part of the document that decides, or undefined for the document as a whole. */
  readonly at: Path | undefined;
  /** All must hold. */
  readonly conditions: readonly ParameterCondition[];
  /** The reason why the grant is unknown. */
  readonly openBecause?: 'format' | 'category' | 'endpoint_name' | 'undocumented_key';
}

/** Holds the constraint of a document on one parameter. */
export interface ParameterCondition {
  readonly parameter: string;
  /** Undefined if the form of the constraint is not documented. */
  readonly condition: Condition | undefined;
  /** As written in the document. */
  readonly written: unknown;
  readonly at: Path;
}

/** The keys whose effect is not documented: `constraints` above endpoint level, and `params` anywhere. */
export const UNDOCUMENTED_KEYS: ReadonlySet<string> = new Set(['constraints', 'params']);

/** Returns true if a value stands for full access in the API's responses: undefined, null or false. */
export function isFullAccess(document: unknown): boolean {
  return document === undefined || document === null || document === false;
}

/** Returns the categories of a document, or undefined if it has no "api" object. */
export function apiOf(document: unknown): Fields | undefined {
  if (!isObject(document) || !Object.hasOwn(document, 'api')) return undefined;
  return isObject(document.api) ? document.api : undefined;
}

/**
 * Returns what a document grants for an operation. See `decide` for the rules.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access
 */
export function accessTo(document: unknown, operation: Operation): Access {
  if (isFullAccess(document)) return allow('A key without a permission document has full access.', undefined);
  const api = apiOf(document);
  if (!isObject(document) || api === undefined) {
    return open('format', 'The document does not have the format that Vast.ai documents.', undefined);
  }
  const apiPath = pathTo(undefined, 'api');
  const { category } = operation;
  if (category === 'unknown') {
    return open('category', `The category of ${operation.operation} is unknown.`, apiPath);
  }
  if (!Object.hasOwn(api, category)) return deny(`The document does not grant ${category}.`, apiPath);
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
    return deny(`The document grants ${category} only for other endpoints, not for ${endpoint}.`, at);
  }
  return withUndocumentedKey(inEndpoint(node[endpoint], endpoint, pathTo(at, endpoint)), node, at);
}

/** Judges an operation whose endpoint name is not published: any listed name that is not published could be its own. */
function withoutName({ operation, category }: Operation, listed: readonly string[], at: Path): Access {
  const candidate = listed.find((name) => operationOfEndpoint(name) === undefined);
  if (candidate === undefined) return deny(`The document grants ${category} only for other endpoints.`, at);
  return open(
    'endpoint_name',
    `The endpoint name of ${operation} is not published; it may be ${quote(candidate)}.`,
    pathTo(at, candidate),
  );
}

/** Returns what the value of an endpoint in a document grants. */
export function inEndpoint(leaf: unknown, endpoint: string, at: Path): Access {
  if (!isObject(leaf)) return open('format', `The value of ${quote(endpoint)} is not an object.`, at);
  const { access, known } = constraintsOf(leaf, endpoint, at);
  const other = Object.keys(leaf).find((key) => key !== known);
  if (access.grant !== 'allow' || other === undefined) return access;
  return {
    ...open(
      'undocumented_key',
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
    condition: readCondition(condition),
    written: condition,
    at: pathTo(path, parameter),
  }));
  return {
    access: { ...allow(`The document allows ${endpoint} within its constraints.`, path), conditions },
    known: 'constraints',
  };
}

/** Turns a grant with `constraints` or `params` above it into an unknown one. */
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
