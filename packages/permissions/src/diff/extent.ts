import { operationOfEndpoint } from '../catalogue/catalogue.js';
import { isCategory } from '../catalogue/categories.js';
import type { Operation } from '../catalogue/operation.js';
import {
  type Access,
  apiOf,
  inEndpoint,
  isFullAccess,
  isUndocumentedKey,
  type ParameterCondition,
} from '../decision/access.js';
import { type Fields, fieldsOf, isObject } from '../json/json-object.js';
import { type Path, pathTo } from '../json/json-path.js';

/**
 * Says how much a document grants, apart from its parts whose effect is not documented; those are compared as they
 * are. `listed` is what only endpoint names grant that no source assigns to an operation.
 */
export type Extent =
  | { readonly kind: 'nothing' | 'listed' }
  | { readonly kind: 'granted'; readonly conditions: readonly ParameterCondition[] };

/** Says what one document grants for one operation or endpoint. */
export interface Granted {
  readonly extent: Extent;
  /** The decision, which also considers the parts whose effect is not documented. */
  readonly access: Pick<Access, 'grant' | 'at' | 'openBecause'>;
}

/** Says what a document grants in one category. */
export interface CategoryExtent {
  /** `open` if it may be all of the category, because the document has another form here than the documented one. */
  readonly whole: 'no' | 'yes' | 'open';
  /** The listed endpoints by name. Empty for a whole category. */
  readonly endpoints: ReadonlyMap<string, unknown>;
  readonly at: Path | undefined;
}

const NOTHING: Extent = { kind: 'nothing' };
const LISTED: Extent = { kind: 'listed' };
const EVERYTHING: Extent = { kind: 'granted', conditions: [] };
const API = pathTo(undefined, 'api');

/** Answers how much a document grants. Reads each category once, since a document can list many endpoints. */
export class Extents {
  readonly isFull: boolean;
  /** Undefined if the document may grant everything: it is malformed, or names no category. */
  readonly api: Fields | undefined;
  readonly #categories = new Map<string, CategoryExtent>();
  /** Shared by all categories without any, of which a document can have many. */
  readonly #noEndpoints: ReadonlyMap<string, unknown> = new Map();

  /** The document without a `$schema` for editors. */
  readonly document: unknown;

  constructor(document: unknown) {
    this.isFull = isFullAccess(document);
    this.document = withoutSchema(document);
    const api = apiOf(document);
    this.api = api !== undefined && Object.keys(api).some((key) => !isUndocumentedKey(key)) ? api : undefined;
  }

  /** Returns the categories that the document names, including unknown ones. */
  categoryNames(): string[] {
    return Object.keys(this.api ?? {}).filter((key) => !isUndocumentedKey(key));
  }

  category(name: string): CategoryExtent {
    const known = this.#categories.get(name) ?? this.#categoryExtent(name);
    this.#categories.set(name, known);
    return known;
  }

  #categoryExtent(name: string): CategoryExtent {
    if (this.isFull) return { whole: 'yes', endpoints: this.#noEndpoints, at: undefined };
    if (this.api === undefined) return { whole: 'open', endpoints: this.#noEndpoints, at: undefined };
    if (!Object.hasOwn(this.api, name)) return { whole: 'no', endpoints: this.#noEndpoints, at: API };
    const [node, at] = [this.api[name], pathTo(API, name)];
    if (!isObject(node)) return { whole: 'open', endpoints: this.#noEndpoints, at };
    const endpoints = new Map<string, unknown>();
    for (const key of Object.keys(node)) if (!isUndocumentedKey(key)) endpoints.set(key, node[key]);
    return { whole: endpoints.size === 0 ? 'yes' : 'no', endpoints, at };
  }

  /** Returns true if the document surely grants nothing: it only lists published endpoints in other categories than theirs. */
  grantsNothing(): boolean {
    const others = Object.keys(fieldsOf(this.document)).filter((key) => key !== 'api');
    if (this.isFull || this.api === undefined || others.length > 0) return false;
    return Object.keys(this.api).every((category) => {
      const { whole, endpoints } = this.category(category);
      const isElsewhere = (name: string) =>
        ![undefined, category].includes(operationOfEndpoint(name)?.category);
      return isCategory(category) && whole === 'no' && [...endpoints.keys()].every(isElsewhere);
    });
  }

  /** Returns how much of an operation the document grants. */
  operation({ category, endpoint }: Operation): Extent {
    if (category === 'unknown') return this.isFull ? EVERYTHING : LISTED;
    const extent = this.category(category);
    if (extent.whole !== 'no') return EVERYTHING;
    if (endpoint !== undefined) return endpointExtent(extent, endpoint);
    for (const name of extent.endpoints.keys()) if (operationOfEndpoint(name) === undefined) return LISTED;
    return NOTHING;
  }
}

function withoutSchema(document: unknown): unknown {
  const isForEditors =
    isObject(document) && Object.hasOwn(document, '$schema') && apiOf(document) !== undefined;
  if (!isForEditors) return document;
  const { $schema: _, ...rest } = document;
  return rest;
}

/** Returns how much of an endpoint is granted by what a document grants of its category. */
export function endpointExtent({ whole, endpoints, at }: CategoryExtent, name: string): Extent {
  if (whole !== 'no') return EVERYTHING;
  if (!endpoints.has(name)) return NOTHING;
  return { kind: 'granted', conditions: inEndpoint(endpoints.get(name), name, pathTo(at, name)).conditions };
}

/** Returns true if the value of an endpoint has the documented form. */
export function isDocumentedLeaf(leaf: unknown): boolean {
  if (!isObject(leaf)) return false;
  return Object.entries(leaf).every(([key, value]) => key === 'constraints' && isObject(value));
}

/** Returns true if the value of an endpoint surely allows everything in it. */
export function isUnlimited(leaf: unknown): boolean {
  return isDocumentedLeaf(leaf) && Object.keys(fieldsOf(fieldsOf(leaf).constraints)).length === 0;
}
