import { accessTo } from '../decision/access.js';
import { readAction } from '../decision/action.js';
import { formatPath, type Path } from '../json/json-path.js';
import { type AccessChange, type FoundChange, isNew } from './access-change.js';
import { endpointChanges } from './endpoint-changes.js';
import { Extents } from './extent.js';
import { operationChanges } from './operation-changes.js';
import { partChanges } from './part-changes.js';
import { isSameDocument } from './same-document.js';
import { SeenChanges } from './seen-changes.js';

export interface AccessDiff {
  readonly changes: readonly AccessChange[];
}

/** Returns the line of a part of a document. */
export type LineOf = (path: Path | undefined) => number | undefined;

/**
 * Compares two permission documents by what they allow, not by how they are written: every operation in the catalogue,
 * every endpoint that is not in it, and every part whose effect is not documented. Documents that differ in anything
 * but their form have at least one change. Each change that adds access has a request that shows it, if one is known.
 *
 * @param before a parsed document; undefined, null and false mean full access
 * @param lineOf returns the lines of the new document, if it has any
 */
export function diffDocuments(before: unknown, after: unknown, lineOf?: LineOf): AccessDiff {
  const [was, is] = [new Extents(before), new Extents(after)];
  const named = [...operationChanges(was, is), ...endpointChanges(was, is)];
  const all = [...named, ...otherChanges(was, is, named)];
  const found = is.grantsNothing() ? all.map(lessened) : all;
  return { changes: found.map((change) => located(change, is, lineOf)) };
}

function otherChanges(was: Extents, is: Extents, named: readonly FoundChange[]): FoundChange[] {
  if (was.isFull !== is.isFull) return [fullAccessChange(is.isFull)];
  const parts = partChanges(was, is, new SeenChanges(named));
  if (parts.length > 0 || named.length > 0 || isSameDocument(was, is)) return parts;
  const change = { change: 'widened', certain: false, before: 'present', after: 'different' } as const;
  return [{ ...change, subject: 'other', name: '$', at: undefined }];
}

function fullAccessChange(isFull: boolean): FoundChange {
  const limited = 'a permission document';
  return {
    change: isFull ? 'granted' : 'removed',
    certain: true,
    subject: 'other',
    name: '$',
    before: isFull ? limited : 'full access',
    after: isFull ? 'full access' : limited,
  };
}

/** Says of a change that it adds no access, because the new document grants nothing. */
function lessened({ at: _, request: __, ...change }: FoundChange): FoundChange {
  return isNew(change) ? { ...change, change: 'narrowed' } : change;
}

function located(
  { at, endpoint: _, ...change }: FoundChange,
  after: Extents,
  lineOf: LineOf | undefined,
): AccessChange {
  if (!isNew(change) || after.isFull) return change;
  const line = lineOf?.(at);
  return { ...change, path: formatPath(at), ...(line === undefined ? {} : { line }) };
}

/** Returns the changes that add, or may add, access. `--no-new-access` rejects these. */
export function newAccess({ changes }: AccessDiff): AccessChange[] {
  return changes.filter(isNew);
}

/**
 * Returns true if a document certainly does not grant an operation, not even with constraints, as `--not-granting`
 * requires.
 *
 * @param name an operation in the catalogue or a published endpoint name
 * @returns undefined if the name is neither
 */
export function isNotGranting(document: unknown, name: string): boolean | undefined {
  const action = readAction('operation', name);
  if ('problem' in action) return undefined;
  return action.operations.every((operation) => accessTo(document, operation).grant === 'deny');
}
