import type { Reason } from '@vastai-cli/leak-scan';
import type { Found, Skipped } from '../keys/collected.js';
import type { Verdict } from '../keys/verify-keys.js';

/** One key in one place, as `--json` prints it. */
export interface Finding {
  /** Path of the file as it was given, or relative to the repository if it comes from git. */
  readonly path: string;
  readonly line: number;
  /** Column of the first character, from 1, in UTF-16 code units. */
  readonly column: number;
  /** The last four characters of the key. */
  readonly suffix: string;
  readonly reason: Reason;
  /** A keyed hash of the key, with a random salt. One run, and all runs with one baseline, use the same salt. */
  readonly fingerprint: string;
  /** The commit that brought the file, with `--git`. */
  readonly commit?: string;
  /** Author date of that commit, in seconds since 1970. */
  readonly authored?: number;
  /** Says whether the API still knows the key, with `--verify`. */
  readonly verified?: Verdict['verified'];
  /** ID of a live key, if the API returned it. */
  readonly key_id?: number;
  /** The account of a live key, if the API returned it. */
  readonly account?: Verdict['account'];
}

export interface ScanReport {
  readonly findings: readonly Finding[];
  /** The files that were not looked at. */
  readonly skipped: readonly Skipped[];
}

/** Returns what was found as data, in which nothing is left of a key but its end. */
export function findingOf(found: Found, salt: string, verdict: Verdict | undefined): Finding {
  const { path, key, commit } = found;
  return {
    path,
    line: key.line,
    column: key.column,
    suffix: key.suffix,
    reason: key.reason,
    fingerprint: key.fingerprint(salt),
    ...(commit === undefined ? {} : { commit: commit.id }),
    ...(commit?.time === undefined ? {} : { authored: commit.time }),
    ...verdict,
  };
}
