import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { targetText } from '../door/target.js';
import type { Call } from '../policy/call.js';
import type { OutgoingRequest } from './send.js';

/** The operations whose body has to contain the key, because their servers look for it there. */
const WANTS_KEY_IN_BODY: ReadonlySet<string> = new Set([
  'endpoint.list',
  'workergroup.list',
  'workergroup.list_v0',
]);

/**
 * Writes the request that is sent for a call: anew, from what was parsed and judged. Nothing of the original is passed on as
 * it came, and of its headers only the name of the program.
 *
 * @param userAgent the `User-Agent` of the caller
 */
export function outgoingRequest(
  call: Call,
  {
    origin,
    key,
    userAgent = '',
  }: { readonly origin: URL; readonly key: ApiKey; readonly userAgent?: string | undefined },
): OutgoingRequest {
  const { method, target, body, known } = call;
  const isPublic = known?.api === 'public';
  const wantsKey = known?.api === 'serverless' || WANTS_KEY_IN_BODY.has(known?.operation ?? '');
  const written =
    body === undefined ? undefined : JSON.stringify(withKey(body, wantsKey ? key.reveal() : undefined));
  return {
    method,
    origin,
    target: targetText(target.path, target.query),
    headers: {
      Accept: 'application/json',
      'Accept-Encoding': 'gzip',
      ...(isPublic ? {} : { Authorization: `Bearer ${key.reveal()}` }),
      'User-Agent': /^[ -~]{1,200}$/u.test(userAgent) ? userAgent : 'vastai-broker',
      ...(written === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(written === undefined ? {} : { body: written }),
  };
}

/** Replaces the token in a body, or leaves it out. */
function withKey(body: Readonly<Record<string, unknown>>, key: string | undefined): object {
  if (!Object.hasOwn(body, 'api_key')) return body;
  const { api_key: _, ...rest } = body;
  return key === undefined ? rest : { ...rest, api_key: key };
}
