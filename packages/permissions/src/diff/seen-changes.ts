import { type FoundChange, isNew } from './access-change.js';

interface Seen {
  isNew: boolean;
  /** Made when it is needed: a document can have many endpoints, and nothing changes inside most of them. */
  inside?: Map<string, Seen>;
}

/** Tells where operations and endpoints change, by category and endpoint name. */
export class SeenChanges {
  readonly #root: Seen = { isNew: false };

  constructor(changes: readonly FoundChange[]) {
    for (const change of changes) {
      let node = this.#root;
      node.isNew ||= isNew(change);
      for (const key of stepsTo(change)) {
        node.inside ??= new Map();
        const inner: Seen = node.inside.get(key) ?? { isNew: false };
        node.inside.set(key, inner);
        inner.isNew ||= isNew(change);
        node = inner;
      }
    }
  }

  /** Returns true if something changes in a category, or in an endpoint of it; without steps, anywhere. */
  any(...steps: readonly string[]): boolean {
    const node = this.#find(steps);
    return node !== undefined && (node !== this.#root || node.inside !== undefined);
  }

  /** Returns true if something there is allowed, or may be, that was not before. */
  isNew(...steps: readonly string[]): boolean {
    return this.#find(steps)?.isNew === true;
  }

  #find(steps: readonly string[]): Seen | undefined {
    let node: Seen | undefined = this.#root;
    for (const step of steps) node = node?.inside?.get(step);
    return node;
  }
}

function stepsTo({ subject, name, category, endpoint: published }: FoundChange): string[] {
  if (category === undefined) return [];
  const endpoint = subject === 'endpoint' ? name : published;
  return endpoint === undefined ? [category] : [category, endpoint];
}
