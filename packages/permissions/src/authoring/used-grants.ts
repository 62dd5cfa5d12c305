import { type Grant, grantsIn } from '../decision/grants-in.js';
import type { ReplayedCall } from './replay.js';

/** Pairs each grant of a document with the calls that used it, or may have used it. */
export interface GrantUse {
  readonly grant: Grant;
  readonly calls: readonly ReplayedCall[];
}

/**
 * Finds the calls that used each grant of a document. Where it is not known what a grant allows, a call that depends on it
 * counts as a use.
 *
 * @param calls the calls as that document decides them
 */
export function usesOf(document: unknown, calls: readonly ReplayedCall[]): GrantUse[] {
  const possible = calls.filter(({ verdict }) => verdict !== 'deny');
  return grantsIn(document).map((grant) => {
    const names = new Set(grant.operations.map(({ operation }) => operation));
    const isUse = ({ operations, at }: ReplayedCall) =>
      names.size === 0 ? isBelow(at, grant.path) : operations.some((operation) => names.has(operation));
    return { grant, calls: possible.filter(isUse) };
  });
}

/** Returns true if a part is the one at a path, or is inside of it. */
function isBelow(part: string | undefined, path: string): boolean {
  if (!part?.startsWith(path)) return false;
  return /^(?:$|[.[])/u.test(part.slice(path.length));
}
