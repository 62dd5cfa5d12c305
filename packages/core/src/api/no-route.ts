import { isVastaiError, type VastaiError } from '../base/errors.js';

/**
 * Returns true if the route no longer exists, or has no record with this id, but not if the key that was sent is rejected.
 * It need not be the API's own response, because the list is asked next.
 */
export function isNoRoute(error: unknown): error is VastaiError {
  if (!isVastaiError(error)) return false;
  if (error.switchedOff !== undefined) return true;
  const codes = ['not_found', 'api_error', 'unreachable'];
  return codes.includes(error.code) && [404, 405, 410].includes(error.status ?? 0);
}
