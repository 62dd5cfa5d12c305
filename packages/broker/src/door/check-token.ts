import type { IncomingMessage } from 'node:http';
import type { Fields } from '@vastai-cli/permissions/json/json-object';
import { malformed, type OwnAnswer, unauthorized } from '../answer/answers.js';
import type { RunToken } from './run-token.js';
import type { Target } from './target.js';

const WRONG =
  'This is not the token of this run. The token stops working when the program that vastai started ends.';
const NETRC =
  'The request uses Basic authentication, which the Python package requests takes from ~/.netrc. Set NETRC=/dev/null.';

/** Checks the token in the header, or else in the query, where the serverless client puts it. */
export function checkToken(
  request: IncomingMessage,
  { query }: Target,
  token: RunToken,
): OwnAnswer | undefined {
  const { authorization } = request.headers;
  const inQuery = query.filter(([name]) => name === 'api_key').map(([, value]) => value);
  if (inQuery.some((value) => !token.matches(value))) return unauthorized(WRONG);
  if (authorization === undefined)
    return inQuery.length > 0
      ? undefined
      : unauthorized('Send the token of this run: it is in VAST_API_KEY.');
  const value = /^bearer +(?<value>[!-~]+)$/iu.exec(authorization)?.groups?.value;
  if (value === undefined && /^basic /iu.test(authorization)) return unauthorized(NETRC);
  return value !== undefined && token.matches(value) ? undefined : unauthorized(WRONG);
}

/** Checks the token in a body, where some commands of the official CLI put it too. */
export function checkBodyToken(fields: Fields | undefined, token: RunToken): OwnAnswer | undefined {
  if (fields === undefined || !Object.hasOwn(fields, 'api_key')) return undefined;
  const { api_key: value } = fields;
  return typeof value === 'string' && token.matches(value)
    ? undefined
    : malformed('The api_key in the body is not the token of this run.');
}
