import { operationOfEndpoint, operationsOfCategory } from '../catalogue/catalogue.js';
import { CATEGORIES, isCategory } from '../catalogue/categories.js';
import type { Operation } from '../catalogue/operation.js';
import { isObject } from '../json/json-object.js';
import { type Path, pathTo } from '../json/json-path.js';
import { apiOf, isFullAccess, isUndocumentedKey } from './access.js';

/** One thing that a document grants: a whole category, or an endpoint. */
export interface Grant {
  /** As written: `instance_read`, or `instance_write:api.instance.destroy`. */
  readonly name: string;
  /** The part of the document. Undefined for full access, which has none. */
  readonly path: Path | undefined;
  /** The operations that it is about. Empty if the catalogue does not know the name. */
  readonly operations: readonly Operation[];
}

/**
 * Lists what a document grants, in its order. Full access grants every category.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access
 */
export function grantsIn(document: unknown): Grant[] {
  if (isFullAccess(document)) {
    return CATEGORIES.map((name) => ({ name, path: undefined, operations: operationsOfCategory(name) }));
  }
  const api = pathTo(undefined, 'api');
  return namedIn(apiOf(document)).flatMap(([category, node]) => {
    const at = pathTo(api, category);
    const endpoints = namedIn(node);
    if (endpoints.length === 0) {
      const operations = isCategory(category) ? operationsOfCategory(category) : [];
      return [{ name: category, path: at, operations }];
    }
    return endpoints.map(([endpoint]) => {
      const operation = operationOfEndpoint(endpoint);
      const operations = operation?.category === category ? [operation] : [];
      return { name: `${category}:${endpoint}`, path: pathTo(at, endpoint), operations };
    });
  });
}

function namedIn(node: unknown): [name: string, value: unknown][] {
  return isObject(node) ? Object.entries(node).filter(([name]) => !isUndocumentedKey(name)) : [];
}
