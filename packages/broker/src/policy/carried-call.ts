import { carriesRequest } from '@vastai-cli/permissions/catalogue/carriers';
import { isObject } from '@vastai-cli/permissions/json/json-object';
import { parseTarget } from '../door/target.js';
import { bodyOf, type Call, callOf, namesMethod } from './call.js';

const METHOD = /^(?:GET|POST|PUT|DELETE)$/u;

/**
 * Returns the request that a call carries (`api_endpoint`, `request_method`, `request_body`), so that it is judged too:
 * undefined if it carries none, and `unclear` if it cannot be told which one.
 */
export function carriedCall(call: Call): Call | 'unclear' | undefined {
  if (!carriesRequest(call.known?.operation ?? '')) return undefined;
  const { api_endpoint: path, request_method: method, request_body: body } = bodyOf(call);
  const changesNoRequest = path === undefined && method === undefined && body === undefined;
  if (changesNoRequest && call.known?.operation === 'scheduled_job.update') return undefined;
  if (typeof path !== 'string' || typeof method !== 'string' || !METHOD.test(method)) return 'unclear';
  if (body !== undefined && body !== null && !isObject(body)) return 'unclear';
  const target = parseTarget(path);
  // It is sent as it was written, so only the canonical form is one that was judged.
  if (target === undefined || target.path !== path.split('?')[0]) return 'unclear';
  const carried = callOf(method, target, isObject(body) ? body : undefined);
  return carriesRequest(carried.known?.operation ?? '') || namesMethod(carried) ? 'unclear' : carried;
}
