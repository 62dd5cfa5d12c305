import { listApiKeys } from '@vastai-cli/core/internal/api/api-keys';
import { currentUser } from '@vastai-cli/core/internal/api/users';
import { type ErrorCode, isVastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { callParameters } from '@vastai-cli/permissions/decision/call-parameters';
import { decide } from '@vastai-cli/permissions/decision/decide';
import { fieldsOf } from '@vastai-cli/permissions/json/json-object';
import type { Sent } from './effects.js';

/** Says whether a key may make a request. */
export interface KeyDecision {
  readonly verdict: 'allow' | 'deny' | 'unknown';
  /** One sentence. */
  readonly reason: string;
}

/**
 * Decides by the permissions that the API lists for a key. Makes one request, and a second one if neither the settings nor the
 * list tell which of the keys it is.
 *
 * @param id the id of the key, if it is noted
 * @throws what `Client.request` throws about the key itself, unless the key may not ask
 */
export async function decideForKey(client: Client, id: number | undefined, sent: Sent): Promise<KeyDecision> {
  try {
    const { value: keys } = await listApiKeys(client);
    const known = id ?? (keys.length === 1 ? keys[0]?.id : (await currentUser(client)).value.key_id);
    const key = keys.find((one) => one.id === known);
    if (key === undefined || key.full_access === null) return UNKNOWN;
    const [path = '', query = ''] = sent.path.split('?');
    const body = fieldsOf(sent.body === undefined ? {} : JSON.parse(sent.body));
    const request = { method: sent.method, path: sent.path, parameters: callParameters(query, body) };
    const { verdict, reason } = decide(key.permissions, {
      ...request,
      path: query === '' ? path : sent.path,
    });
    return { verdict, reason };
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    if (error.code === 'forbidden')
      return { verdict: 'unknown', reason: 'The key is not allowed to read its own permissions.' };
    if (!WITHOUT_ANSWER.includes(error.code)) throw error;
    return { verdict: 'unknown', reason: error.message };
  }
}

/** The failures that say nothing about the key. The request itself can be shown without an answer. */
const WITHOUT_ANSWER: readonly ErrorCode[] = ['unreachable', 'rate_limited', 'api_error', 'not_found'];

const UNKNOWN: KeyDecision = {
  verdict: 'unknown',
  reason: 'The API does not return the permissions of the key.',
};
