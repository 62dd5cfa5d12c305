import type { Call } from './call.js';

/** Limits what a run may do. Without a document and without `only`, that is everything but the sensitive operations. */
export interface Policy {
  /** A permission document, parsed and valid. Undefined, null and false limit nothing. */
  readonly document?: unknown;
  /** The operations that may be called, such as `instance.show`. */
  readonly only?: readonly string[] | undefined;
  /** True to reach only instances that this run created. */
  readonly ownInstances?: boolean | undefined;
  /** The most instances that this run may ask for. */
  readonly maxCreates?: number | undefined;
  /** True to lift the refusal of sensitive operations. */
  readonly allowSensitive?: boolean | undefined;
}

/** The part of a policy that refused a request. */
export type Rule =
  | 'unknown_route'
  /** It carries another request, which cannot be judged. */
  | 'carried'
  | 'document'
  | 'only'
  | 'sensitive'
  | 'own_instances'
  | 'max_creates';

/** A request that was refused, for a person. */
export interface Refusal {
  readonly rule: Rule;
  readonly method: string;
  /** The operation of the catalogue, or null for a route that is not in it. */
  readonly operation: string | null;
  readonly route: string | null;
  /** The path of a route that is not in it, without the query. Null for any other. */
  readonly path: string | null;
  /** The ids in its path. */
  readonly ids: Readonly<Record<string, string>>;
  /** One sentence. */
  readonly reason: string;
  /** The categories that a permission document needs to allow it, as lines inside `"api": { … }`. Empty if that is not all. */
  readonly lines: readonly string[];
  /** Those of these categories that the document has already, and that have to be replaced. */
  readonly replaces?: readonly string[];
  /** The same as the lines, each as `CATEGORY[:ENDPOINT]`. */
  readonly grants?: readonly string[];
  /** The operations that have to be added to `only` too. */
  readonly only?: readonly string[];
}

/** The reason why a rule refuses a call. */
export interface Objection {
  readonly rule: Rule;
  /** One sentence. */
  readonly reason: string;
  /** The call that the rule is about: a request can carry another one. */
  readonly call: Call;
}

/** Refuses a call of the serverless API in a run without it. */
export function noServerlessRoutes({ method, known }: Call): Refusal {
  const operation = known?.operation ?? null;
  const reason = 'The API of this run has no serverless routes.';
  return { rule: 'unknown_route', method, operation, route: null, path: null, ids: {}, reason, lines: [] };
}

/** Says to a program what is refused, and why. */
export function sentenceOf({ operation, ids, reason }: Refusal): string {
  const named = Object.entries(ids).map(([name, value]) => `${name} ${value}`);
  const what =
    operation === null
      ? 'This request'
      : [operation, ...(named.length > 0 ? [`(${named.join(', ')})`] : [])].join(' ');
  return `${what} is not allowed in this run. ${reason}`;
}
