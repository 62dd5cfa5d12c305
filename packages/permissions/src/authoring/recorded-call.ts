import type { Operation } from '../catalogue/operation.js';
import { PUBLIC_ROUTE } from '../catalogue/other-routes.js';
import { type Action, type Parameters, readAction, requestAction } from '../decision/action.js';
import { type Fields, fieldsOf, isObject } from '../json/json-object.js';
import { LONGEST_ID } from './recording.js';

/** A line of a recording, as it concerns a permission document. */
export interface ReadCall {
  /** False if the run refused the call, so that nothing was sent. */
  readonly wasAllowed: boolean;
  readonly method: string;
  /** The route, with the ids that were recorded in place of their parameters. */
  readonly path: string;
  /** Without operations if the catalogue does not have the route. */
  readonly action: Action;
  /** True for the route that is sent without a key, so that no document has to allow it. */
  readonly isPublic: boolean;
}

/** The longest name, method or route, in characters. None of the catalogue is as long. */
const LONGEST = 300;

/**
 * Reads one line of a recording. Fields that a later version may add are ignored. An operation that has another name in
 * this version is found by its route.
 *
 * @returns undefined if the line is not a call, or contradicts itself
 */
export function readRecordedCall(line: string): ReadCall | undefined {
  const { operation: name, method, route, ids, verdict } = fieldsOf(parsed(line));
  if (!isText(method) || !(name === null || isText(name)) || !(route === null || isText(route)))
    return undefined;
  if (!isObject(ids)) return undefined;
  if (verdict !== 'allow' && verdict !== 'deny') return undefined;
  const named = name === null ? undefined : operationCalled(name);
  const routed = route === null ? undefined : requestAction(method, route).operations[0];
  const operation = named ?? routed;
  if (operation !== undefined && (operation.method !== method || (routed ?? operation) !== operation))
    return undefined;
  const parameters = operation === undefined ? {} : parametersIn(ids, operation);
  const path = pathOf(operation?.route ?? withoutQuery(route ?? '(unknown route)'), parameters);
  return {
    wasAllowed: verdict === 'allow',
    method,
    path,
    action:
      operation === undefined
        ? { name: name ?? `${method} ${path}`, operations: [], parameters, request: { method, path } }
        : { name: operation.operation, operations: [operation], parameters },
    isPublic:
      name === PUBLIC_ROUTE.operation && method === PUBLIC_ROUTE.method && route === PUBLIC_ROUTE.route,
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function operationCalled(name: string): Operation | undefined {
  const action = readAction('operation', name);
  return 'problem' in action ? undefined : action.operations[0];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST;
}

/** Takes the parameters of an operation. A recording cuts off long values, so such a value is not known. */
function parametersIn(ids: Fields, { parameters }: Operation): Parameters {
  return Object.fromEntries(
    parameters.flatMap((name) => {
      const value = Object.hasOwn(ids, name) ? ids[name] : undefined;
      return typeof value === 'string' && value.length < LONGEST_ID ? [[name, value]] : [];
    }),
  );
}

/** Takes the query off a route, which can hold a key. A broker writes none, but anything can write such a file. */
function withoutQuery(route: string): string {
  return route.replace(/[?#].*$/su, '');
}

function pathOf(route: string, parameters: Parameters): string {
  return route.replace(/\{([^{}]+)\}/gu, (placeholder, name: string) =>
    Object.hasOwn(parameters, name) ? encodeSegment(String(parameters[name])) : placeholder,
  );
}

/** Encodes a segment of a path. Half of a surrogate pair cannot be encoded. */
function encodeSegment(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
}
