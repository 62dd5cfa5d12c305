import { isBinary, type LeakedKey, scanBytes } from '@vastai-cli/leak-scan';
import { isArchive } from './archives.js';

/** The largest file that is read. */
export const MAX_BYTES = 20 * 1024 * 1024;

/** Explains why the contents of a file were not checked. */
export type SkipReason = 'archive' | 'binary' | 'link' | 'missing' | 'special' | 'too_large' | 'unreadable';

export interface Skipped {
  /** Path of the file, as findings have it. */
  readonly path: string;
  readonly reason: SkipReason;
}

/** The commit that brought a file into a repository. */
export interface Commit {
  readonly id: string;
  /** Author date, in seconds since 1970; absent if the commit has none that can be read. */
  readonly time?: number;
}

/** Describes where some bytes come from. */
export interface Origin {
  /** The path for people: as they gave it, or relative to the repository if it comes from git. */
  readonly path: string;
  /** The path for baselines, which does not depend on the current folder. */
  readonly lasting: string;
  readonly commit?: Commit;
}

/** A key that was found, and where. */
export interface Found extends Origin {
  readonly key: LeakedKey;
}

/** Collects what a run finds, and what it could not look at. */
export class Collected {
  readonly found: Found[] = [];
  readonly skipped: Skipped[] = [];
  readonly isKnown: (word: string) => boolean;
  /** Counts the files that were checked. */
  files = 0;
  /** Counts the keys that were left out because their line says so. */
  allowed = 0;

  constructor(isKnown: (word: string) => boolean) {
    this.isKnown = isKnown;
  }

  /** Looks at the content of a file, unless it is not text. Keeps none of it. */
  take(origin: Origin, bytes: Uint8Array): void {
    if (isBinary(bytes) || isArchive(bytes)) {
      this.skip(origin, isArchive(bytes) ? 'archive' : 'binary');
      return;
    }
    const { found, allowed } = scanBytes(bytes, { path: origin.path, isKnown: this.isKnown });
    this.add(origin, found, allowed);
  }

  /** Adds what was found in one file. */
  add(origin: Origin, keys: readonly LeakedKey[], allowed: number): void {
    this.files++;
    this.allowed += allowed;
    for (const key of keys) this.found.push({ ...origin, key });
  }

  skip({ path }: Pick<Origin, 'path'>, reason: SkipReason): void {
    this.skipped.push({ path, reason });
  }
}
