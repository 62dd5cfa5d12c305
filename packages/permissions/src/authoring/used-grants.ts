import { type Grant, grantsIn } from '../decision/grants-in.js';
import { formatPath } from '../json/json-path.js';
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
  const byOperation = grouped(possible, ({ operations }) => operations);
  const byPart = grouped(possible, ({ at }) => (at === undefined ? [] : [at]));
  return grantsIn(document).map((grant) => {
    const { operations, path } = grant;
    const uses =
      operations.length > 0
        ? operations.flatMap(({ operation }) => byOperation.get(operation) ?? [])
        : partsBelow([...byPart.keys()], formatPath(path)).flatMap((part) => byPart.get(part) ?? []);
    return { grant, calls: [...new Set(uses)] };
  });
}

function grouped(
  calls: readonly ReplayedCall[],
  keysOf: (call: ReplayedCall) => readonly string[],
): Map<string, ReplayedCall[]> {
  const groups = new Map<string, ReplayedCall[]>();
  for (const call of calls) {
    for (const key of keysOf(call)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [call]);
      else group.push(call);
    }
  }
  return groups;
}

/** Returns the parts of a document that are the one at a path, or inside of it. */
function partsBelow(parts: readonly string[], path: string): string[] {
  return parts.filter((part) => part.startsWith(path) && /^(?:$|[.[])/u.test(part.slice(path.length)));
}
