import { ApiError, type RequestLine } from '../../base/errors.js';
import type { Fields } from '../../base/json-object.js';

/** Matches the route in `Use /api/v1/instances/ instead.`, or else the first one that is named. */
const REPLACEMENT = /\buse:?\s+[“"'`]?(?:GET |POST |PUT |DELETE )?(\/api\/[\w/{}<>.:-]*[\w/}>])/iu;
const NAMED = /(\/api\/[\w/{}<>.:-]*[\w/}>])/gu;

/** Returns true if an error says that Vast.ai has switched off a route, whatever its status: 410 and 400 were seen. */
export function isSwitchedOff(body: Fields): boolean {
  return body.error === 'deprecated_endpoint';
}

/**
 * Returns the error for a route that Vast.ai has switched off, with the route that replaces it if the response names one. It
 * is not `not_found`: what was asked for may well exist.
 *
 * @param said the message in the response, cleaned
 */
export function switchedOff(
  status: number,
  said: string,
  { request, source }: { readonly request: RequestLine; readonly source: string },
): ApiError {
  const replacement = replacementIn(said, request.path);
  const asked = `${request.method} ${request.path}`;
  const instead = replacement === undefined ? '' : ` ${replacement} replaces it.`;
  const quoted = said === '' || said === 'deprecated_endpoint' ? '' : ` It said: “${said}”`;
  return new ApiError('api_error', `Vast.ai has switched off ${asked}.${instead}${quoted}`, {
    hint: 'If a vastai command sent this request, update vastai and its plugins. In a script, call the other route.',
    status,
    source,
    request,
    switchedOff: replacement === undefined ? {} : { replacement },
  });
}

function replacementIn(said: string, path: string): string | undefined {
  const direct = REPLACEMENT.exec(said)?.[1];
  if (direct !== undefined) return direct;
  return [...said.matchAll(NAMED)].map(([route]) => route).find((route) => !path.startsWith(route));
}
