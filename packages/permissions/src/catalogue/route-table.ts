import type { Operation } from './operation.js';

interface RouteNode {
  readonly literals: Map<string, RouteNode>;
  parameter?: RouteNode;
  /** By method. Empty if no route ends here. */
  readonly operations: Map<string, Operation>;
}

const emptyNode = (): RouteNode => ({ literals: new Map(), operations: new Map() });

/** Finds operations by method and path. */
export class RouteTable {
  readonly #operations: readonly Operation[];
  #tree: RouteNode | undefined;

  constructor(operations: readonly Operation[]) {
    this.#operations = operations;
  }

  /** Returns the tree of segments. It is made at the first lookup, because many runs have none. */
  get #root(): RouteNode {
    this.#tree ??= this.#treeOf(this.#operations);
    return this.#tree;
  }

  #treeOf(operations: readonly Operation[]): RouteNode {
    const root = emptyNode();
    for (const operation of operations) {
      let node = root;
      for (const segment of routeSegments(operation.route)) node = this.#child(node, segment);
      node.operations.set(operation.method, operation);
    }
    return root;
  }

  #child(node: RouteNode, segment: string): RouteNode {
    if (isPlaceholder(segment)) {
      node.parameter ??= emptyNode();
      return node.parameter;
    }
    const known = node.literals.get(segment);
    if (known !== undefined) return known;
    const made = emptyNode();
    node.literals.set(segment, made);
    return made;
  }

  /** Returns the operation for a request and its path parameters; see `findOperation`. */
  find(
    method: string,
    path: string,
  ): { operation: Operation; parameters: Record<string, string> } | undefined {
    const segments = pathSegments(path);
    const end = segments && walk(this.#root, segments, 0);
    const operation = end?.operations.get(method.toUpperCase());
    if (segments === undefined || operation === undefined) return undefined;
    const parameters: Record<string, string> = {};
    for (const [index, name] of routeSegments(operation.route).entries()) {
      const value = segments[index] as string;
      if (isPlaceholder(name) && !isPlaceholder(value)) parameters[name.slice(1, -1)] = value;
    }
    return { operation, parameters };
  }

  /** Returns true if a request reaches elsewhere for a server that decodes a path before it splits it; see `mayReachElsewhere`. */
  mayReachElsewhere(method: string, path: string): boolean {
    const segments = pathSegments(path);
    if (segments === undefined || !segments.some((segment) => /[/\\]/u.test(segment))) return false;
    const split = segments.join('/').replaceAll('\\', '/').replace(/\/$/u, '').split('/');
    if (split.some(isNoSegment)) return true;
    const end = walk(this.#root, split, 0)?.operations.get(method.toUpperCase());
    return end !== undefined && end !== this.find(method, path)?.operation;
  }
}

/** Returns the node for a path. Tries a literal child first, then the parameter if the literal leads nowhere. */
function walk(node: RouteNode, segments: readonly string[], index: number): RouteNode | undefined {
  const segment = segments[index];
  if (segment === undefined) return node.operations.size === 0 ? undefined : node;
  const literal = node.literals.get(segment);
  const found = literal && walk(literal, segments, index + 1);
  return found ?? (node.parameter && walk(node.parameter, segments, index + 1));
}

function routeSegments(route: string): string[] {
  return route.split('/').filter((segment) => segment !== '');
}

function pathSegments(path: string): string[] | undefined {
  const bare = path.replace(/[?#].*$/su, '');
  if (!bare.startsWith('/')) return undefined;
  const segments = bare.slice(1).replace(/\/$/u, '').split('/').map(decodeSegment);
  return segments.some(isNoSegment) ? undefined : segments;
}

function isNoSegment(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}

/** Decodes a segment, or returns it unchanged if its percent-encoding is malformed. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function isPlaceholder(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('}');
}
