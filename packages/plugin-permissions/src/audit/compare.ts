import type { AccessDiff } from '@vastai-cli/permissions/diff/diff';
import { driftBetween } from '@vastai-cli/permissions/diff/drift';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { AccountCode } from '@vastai-cli/permissions/validation/account-rules';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import type { Account, Holder } from './account.js';
import type { ExpectedFile } from './expected-files.js';
import { findingAbout } from './finding-about.js';

/** Describes a key or a role that is not what the folder of `--expect` says. */
export interface Difference {
  /** Null if the account has, or lists, no key or role for the file. */
  readonly reference: string | null;
  /** Null if the folder has no file for the key or role. */
  readonly file: string | null;
  readonly name: string | null;
  /**
   * `more`, `less`: it allows, or may allow, more or less than the file. `both`: more of one thing, less of another.
   * `unknown`: the API does not return its permissions, or does not list the roles. `invalid_file`: the file has errors. `no_file`, `no_key`: one of
   * the two is missing.
   */
  readonly state: 'more' | 'less' | 'both' | 'unknown' | 'invalid_file' | 'no_file' | 'no_key';
  /** The differences in access, from the file to the key or role. */
  readonly changes: AccessDiff['changes'];
}

/** Holds a difference and what it is between. */
export interface Compared extends Difference {
  readonly holder: Holder | undefined;
  readonly expected: ExpectedFile | undefined;
  /** True if another key with the same name is what the file says. */
  readonly hasTwin: boolean;
}

/**
 * Compares every key and role with the file for its name, and finds those that have none, and files without a key or role.
 * The primary key needs no file.
 */
export function compareAll(
  { holders, hasRoles }: Pick<Account, 'holders' | 'hasRoles'>,
  files: readonly ExpectedFile[],
): Compared[] {
  const fileFor = new Map(files.map((file) => [identity(file), file]));
  const judged = holders
    .filter(({ kind }) => kind !== 'primary')
    .map((holder) => ({ holder, expected: fileFor.get(identity(holder)) }))
    .map((pair) => ({ ...pair, difference: compare(pair.holder, pair.expected) }));
  const matched = new Set(
    judged.filter(({ difference }) => difference === undefined).map(({ holder }) => identity(holder)),
  );
  const present = new Set(judged.map(({ holder }) => identity(holder)));
  const differing = judged.flatMap(({ holder, expected, difference }) =>
    difference === undefined
      ? []
      : [{ ...difference, holder, expected, hasTwin: matched.has(identity(holder)) }],
  );
  const missing = files
    .filter((file) => !present.has(identity(file)))
    .map((expected) => ({
      reference: null,
      file: expected.path,
      name: expected.name,
      state: stateOfMissing(expected, hasRoles),
      changes: [],
      holder: undefined,
      expected,
      hasTwin: false,
    }));
  return [...differing, ...missing];
}

function stateOfMissing({ kind, document }: ExpectedFile, hasRoles: boolean): Difference['state'] {
  if (document === null) return 'invalid_file';
  return kind === 'role' && !hasRoles ? 'unknown' : 'no_key';
}

function identity({ kind, name }: Pick<Holder | ExpectedFile, 'kind' | 'name'>): string {
  return JSON.stringify([kind, name]);
}

function compare(holder: Holder, expected: ExpectedFile | undefined): Difference | undefined {
  const { reference, name } = holder;
  const found = { reference, name, file: expected?.path ?? null, changes: [] };
  if (expected === undefined) return { ...found, state: 'no_file' };
  if (expected.document === null) return { ...found, state: 'invalid_file' };
  if (holder.access === 'unknown') return { ...found, state: 'unknown' };
  const drift = driftBetween(expected.document, holder.document);
  return drift && { ...found, state: drift.direction, changes: drift.changes };
}

/** Returns the findings for a difference. An invalid file has its own, and a key with unknown permissions another. */
export function findingsOf({ reference, file, state, holder, expected }: Compared): readonly Diagnostic[] {
  const path = printable(file ?? '');
  const about = (code: AccountCode, message: string, help: string) =>
    findingAbout(reference ?? file ?? '', code, message, help);
  const what = (holder?.kind ?? expected?.kind) === 'role' ? 'role' : 'key';
  const replace =
    what === 'role'
      ? `Change the role, or correct ${path}.`
      : `Create a new key from ${path}, then delete this one.`;
  const more = about('VP304', `It allows, or might allow, more than ${path}.`, replace);
  const less = about('VP305', `It allows, or might allow, less than ${path}.`, replace);
  switch (state) {
    case 'more':
      return [more];
    case 'less':
      return [less];
    case 'both':
      return [more, less];
    case 'no_file':
      return [
        about('VP306', 'No file in the folder has its name.', 'Delete it if nobody needs it, or add a file.'),
      ];
    case 'no_key':
      return [about('VP307', `No ${what} has this name.`, `Create the ${what}, or remove the file.`)];
    case 'unknown': {
      const compareByHand = 'Compare the role in the Vast.ai console.';
      return holder === undefined
        ? [about('VP302', 'The API did not list the roles, so nothing was compared.', compareByHand)]
        : [];
    }
    case 'invalid_file':
      return [];
  }
}
