import { LONGEST_ID } from '@vastai-cli/permissions/authoring/recording';
import { findOperation } from '@vastai-cli/permissions/catalogue/catalogue';
import { OTHER_ROUTES, PUBLIC_ROUTE } from '@vastai-cli/permissions/catalogue/other-routes';
import { type Fields, fieldsOf } from '@vastai-cli/permissions/json/json-object';
import { type Target, targetText } from '../door/target.js';

/** A request as the policy sees it. `target` is exactly what is sent if it is allowed. */
export interface Call {
  readonly method: string;
  readonly target: Target;
  /** The fields of the body; undefined without one. */
  readonly body: Fields | undefined;
  /** Undefined for a route that is not known. */
  readonly known: KnownRoute | undefined;
}

/** The operation of a route, and what its path holds. */
export interface KnownRoute {
  readonly operation: string;
  readonly route: string;
  /** The decoded parameters of the path. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The API that has it. `public` needs no key. */
  readonly api: 'main' | 'public' | 'serverless';
}

/** Returns the call that a request makes. */
export function callOf(method: string, target: Target, body: Fields | undefined): Call {
  return { method, target, body, known: knownRoute(method, target.path) };
}

function knownRoute(method: string, path: string): KnownRoute | undefined {
  const found = findOperation(method, path);
  if (found !== undefined) {
    const { operation, route } = found.operation;
    return { operation, route, parameters: found.parameters, api: 'main' };
  }
  const isIt = (one: { readonly method: string; readonly route: string }) =>
    one.method === method && one.route === (path.endsWith('/') ? path : `${path}/`);
  const other = OTHER_ROUTES.find(isIt);
  if (other === undefined) return undefined;
  const { operation, route } = other;
  return { operation, route, parameters: {}, api: other === PUBLIC_ROUTE ? 'public' : 'serverless' };
}

/**
 * Returns the path of a call for a decision, with everything in its query and body that repeats a parameter of the path as a
 * query: a server could take either value, so that another one makes the decision unknown.
 */
export function contestedPath({ target, body, known }: Call): string {
  const names = Object.keys(known?.parameters ?? {});
  const inBody = Object.entries(fieldsOf(body)).flatMap(([name, value]) =>
    textsOf(value).map((text) => [name, text] as const),
  );
  return targetText(
    target.path,
    [...target.query, ...inBody].filter(([name]) => names.includes(name)),
  );
}

/** Returns a value of a body as text, and a list as that of each of its items. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap(textsOf);
  // Not every object can be a string: it may have a field named toString.
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
}

/** Returns the query of a call as it is sent. */
export function queryText({ target }: Call): string {
  return targetText('', target.query).slice(1);
}

/** Returns the ids in the path of a call. Others, such as tokens and codes, can be secret. */
export function idsOf({ known }: Call): Record<string, string> {
  const isId = (name: string) => /(?:^|_)id$/u.test(name);
  const entries = Object.entries(known?.parameters ?? {}).filter(([name]) => isId(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, value.slice(0, LONGEST_ID)]));
}

/** Returns the fields of the body, or none. */
export function bodyOf({ body }: Call): Fields {
  return fieldsOf(body);
}

/** Some servers take the method of a request from such a field, instead of the one that is judged. */
export function namesMethod({ target, body }: Call): boolean {
  const names = [...target.query.map(([name]) => name), ...Object.keys(body ?? {})];
  return names.some((name) => /^(?:_method|x[-_]http[-_]method(?:[-_]override)?)$/iu.test(name));
}
