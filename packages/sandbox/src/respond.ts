import { findOperation } from '@vastai-cli/permissions/catalogue/catalogue';
import { PUBLIC_ROUTE } from '@vastai-cli/permissions/catalogue/other-routes';
import { callParameters } from '@vastai-cli/permissions/decision/call-parameters';
import { decide } from '@vastai-cli/permissions/decision/decide';
import { isObject } from '@vastai-cli/permissions/json/json-object';
import type { KeyInfo, User } from './accounts.js';
import {
  invalidInput,
  invalidKey,
  loginRequired,
  notFound,
  notPermitted,
  tooFrequent,
  twoFactorRequired,
} from './api-errors.js';
import { parseJson } from './body.js';
import type { Handlers } from './call.js';
import type { OpenRecord } from './request-log.js';
import { apiKeyRoutes } from './routes/api-keys.js';
import { emptyLists } from './routes/lists.js';
import { newTfaMethodRoutes } from './routes/new-tfa-method.js';
import { sessionRoutes } from './routes/sessions.js';
import { teamRoleRoutes } from './routes/team-roles.js';
import { teamRoutes } from './routes/teams.js';
import { twoFactorRoutes } from './routes/two-factor.js';
import { userRoutes } from './routes/users.js';
import type { State } from './state.js';

const handlers: Handlers = {
  ...emptyLists,
  ...apiKeyRoutes,
  ...userRoutes,
  ...sessionRoutes,
  ...teamRoutes,
  ...teamRoleRoutes,
  ...twoFactorRoutes,
  ...newTfaMethodRoutes,
};

/** A request that was read to its end. */
export interface ReceivedRequest {
  readonly record: OpenRecord;
  /** The Authorization header as it came. */
  readonly authorization: string | undefined;
  readonly address: string;
}

/**
 * Carries out one request: finds out who calls, which operation, how often, and whether the key grants it, and then does
 * the operation. One that has no handler succeeds without doing anything.
 */
export function respond(state: State, { record, authorization, address }: ReceivedRequest): Response {
  const { method, path, query, bodyText } = record;
  if (method === 'GET' && path === '/api/v0/users/current' && state.quirks.withoutSlash === 'redirect') {
    return new Response(null, { status: 301, headers: { location: `${path}/${query && `?${query}`}` } });
  }
  if (method === PUBLIC_ROUTE.method && path === PUBLIC_ROUTE.route) return Response.json({ success: true });
  const caller = authenticate(state, authorization);
  if (caller instanceof Response) return caller;

  const found = findOperation(method, path);
  if (!found) return notFound('No such endpoint.');
  const { operation } = found;
  const { isSession, user } = caller;
  if (!isSession && needsSession(state, user) && !operation.operation.startsWith('tfa.')) {
    return twoFactorRequired(state.quirks.twoFactor === 'session_expired' ? 'session_expired' : 'required');
  }
  const threshold = state.limiter.check(caller.user.id, `${operation.method} ${operation.route}`);
  if (threshold !== undefined) return tooFrequent(state.quirks, threshold);

  const body = bodyText.trim() === '' ? {} : parseJson(bodyText);
  if (!isObject(body)) return invalidInput('The body must be a JSON object.');
  // A document that does not clearly allow the request denies it.
  const parameters = callParameters(query, body);
  if (decide(caller.key.permissions, { method, path, parameters }).verdict !== 'allow') {
    return notPermitted(state.quirks);
  }
  const call = {
    state,
    user,
    key: caller.key,
    path: found.parameters,
    query: new URLSearchParams(query),
    body,
  };
  const response = handlers[operation.operation]?.(call) ?? Response.json({ success: true });
  if (method !== 'GET' && response.ok) {
    state.audit.add(caller.user.id, {
      ip_address: address,
      api_key_id: caller.key.id,
      created_at: state.clock.now(),
      api_route: path,
      args: JSON.stringify(body),
    });
  }
  return response;
}

interface Caller {
  readonly user: User;
  readonly key: KeyInfo;
  /** True if a two-factor session was sent instead of the key. */
  readonly isSession: boolean;
}

function authenticate(state: State, authorization: string | undefined): Caller | Response {
  const value = /^bearer +(\S+)$/iu.exec(authorization?.trim() ?? '')?.[1];
  if (value === undefined) return loginRequired();
  const opened = state.sessions.lookUp(value);
  if (opened?.live === false) return twoFactorRequired('session_expired');
  const lookup = opened ? state.accounts.lookUpId(opened.session.keyId) : state.accounts.lookUp(value);
  const user = lookup && state.accounts.user(lookup.key.userId);
  return lookup?.live && user
    ? { user, key: lookup.key, isSession: opened !== undefined }
    : invalidKey(state.quirks);
}

function needsSession(state: State, user: User): boolean {
  return state.quirks.twoFactor !== 'off' || state.twoFactor.statusOf(user.id) !== 'disabled';
}
