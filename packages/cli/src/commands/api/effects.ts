import { carriesRequest } from '@vastai-cli/permissions/catalogue/carriers';
import { findOperation, mayReachElsewhere } from '@vastai-cli/permissions/catalogue/catalogue';
import type { Operation, RiskKind } from '@vastai-cli/permissions/catalogue/operation';
import { fieldsOf } from '@vastai-cli/permissions/json/json-object';

/** A request, as far as its effects depend on it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  /** The JSON text of the body. */
  readonly body?: string | undefined;
}

const ASKED: readonly RiskKind[] = ['destroys', 'spends_money', 'changes_access', 'mints_keys'];

/**
 * Returns why a request needs a confirmation: what it destroys, what it costs, whose access it changes, or that nobody knows
 * what it does. Empty if it needs none. A request that carries another one, which Vast.ai sends later, has the effects of both.
 */
export function reasonsToAsk({ method, path, body }: Sent): readonly string[] {
  const found = operationOf(method, path);
  if (found === undefined)
    return method === 'GET' ? [] : ['its effect is unknown, because the catalogue does not have this route'];
  return [...risksOf(found), ...(carriesRequest(found.operation) ? carriedReasons(body) : [])];
}

/** Returns true if a call of this operation needs a confirmation, whatever it carries. */
export function isAsked(operation: Pick<Operation, 'risks'>): boolean {
  return risksOf(operation).length > 0;
}

/** Returns the operation of a request, or `undefined` if nobody can tell which one it is. */
function operationOf(method: string, path: string): Operation | undefined {
  return mayReachElsewhere(method, path) ? undefined : findOperation(method, path)?.operation;
}

function risksOf({ risks }: Pick<Operation, 'risks'>): readonly string[] {
  return risks.some(({ kind }) => ASKED.includes(kind)) ? risks.map(({ reason }) => reason) : [];
}

/** Returns the reasons for the request inside a body. One that cannot be identified needs a confirmation. */
function carriedReasons(body: string | undefined): readonly string[] {
  const { api_endpoint: path, request_method: method } = fieldsOf(body === undefined ? {} : JSON.parse(body));
  const inner =
    typeof path === 'string' && typeof method === 'string'
      ? operationOf(method, path.startsWith('/') ? path : `/${path}`)
      : undefined;
  if (inner === undefined || carriesRequest(inner.operation))
    return ['the effect of the request that it schedules is unknown'];
  return risksOf(inner).map((reason) => `the request that it schedules ${reason}`);
}

/**
 * Returns what an interruption of a request leaves open, if its response has something that comes only once: a new key. Such a
 * request is waited for.
 */
export function adviceIfLost({ method, path }: Sent): string | undefined {
  const makesKey = operationOf(method, path)?.risks.some(({ kind }) => kind === 'mints_keys') ?? false;
  return makesKey ? 'a key may have been created, and only this response contains it.' : undefined;
}
