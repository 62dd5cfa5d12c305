import { findOperation, OPERATIONS } from '@vastai-cli/permissions/catalogue/catalogue';
import { listOperations } from '@vastai-cli/permissions/catalogue/list-operations';
import { nearest } from '@vastai-cli/permissions/catalogue/spelling';
import { METHODS } from './flags.js';

/** Returns how to find the route that was meant, or `undefined` if the catalogue has this one. */
export function adviceForRoute(method: string, path: string): string | undefined {
  const [bare = ''] = path.split('?');
  if (findOperation(method, bare) !== undefined) return undefined;
  const methods = METHODS.filter((other) => findOperation(other, bare) !== undefined);
  if (methods.length > 0) return `Did you mean: ${methods.map((other) => `-X ${other}`).join(' or ')}`;
  const similar = similarRoute(method, bare);
  if (similar !== undefined) return `Did you mean: ${similar}`;
  const [word = ''] = withoutVersion(bare).split('/');
  // A longer word can be a secret in the wrong place.
  const isListed = /^[a-z][a-z_-]{2,24}$/u.test(word) && listOperations(word).length > 0;
  return isListed ? `To find routes: vastai api --list ${word}` : 'To see all routes: vastai api --list';
}

/** Returns the route that differs by the fewest letters, at most one in four, or by a version in the wrong place. */
function similarRoute(method: string, path: string): string | undefined {
  // As `v1/instances` is sent.
  const meant = `${path.replace(/^\/api\/v0\/(?=v\d+\/)/u, '/api/').replace(/\/$/u, '')}/`;
  const candidates = OPERATIONS.filter((one) => one.method === method).map(({ route }) => route);
  const most = Math.max(1, Math.floor(withoutVersion(meant).length / 4));
  return nearest(meant, candidates, most)[0];
}

function withoutVersion(path: string): string {
  return path.replace(/^\/api\/v\d+\//u, '');
}
