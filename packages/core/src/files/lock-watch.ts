import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { explainFileError } from './file-error.js';
import { type Holder, livenessOf, parseHolder } from './lock-holder.js';
import { isMissing } from './missing.js';
import { readPrivateFile } from './private-file.js';

/** Interval at which a holder updates the time of its lock, to show that it is still running. */
export const SIGN_OF_LIFE_MS = 1000;
/** Time without a sign of life after which a holder counts as ended, if its process cannot be examined. */
const SILENT_MS = 10_000;
/** The same for a holder that seems to have ended already, an old lock, or a file that vastai did not make. */
const SOON_SILENT_MS = 3 * SIGN_OF_LIFE_MS;
const LONG_AGO_MS = 5 * 60_000;
/** Upper limit of the size of a lock file. */
const MAX_BYTES = 4096;
/** Longest time that counts between two looks: this process, and the holder with it, may have been suspended. */
const LONGEST_STEP_MS = 500;

/** Content that a holder writes into a lock that it cannot remove. */
export const RELEASED = '{"released":true}';

/** The file, or whatever else, that is in place of a lock. */
export interface SeenLock {
  /** Process that holds it; `undefined` if that cannot be read. */
  readonly holder: Holder | undefined;
  readonly uid: number;
  readonly isFolder: boolean;
  /** True if vastai can have made it. */
  readonly isLock: boolean;
  /** Fingerprint, which changes with every sign of life. */
  readonly state: string;
  readonly content: string | undefined;
  readonly mtimeMs: number;
}

/**
 * Watches a lock until its holder is known to have ended.
 *
 * It measures time in this process only, and compares a lock's time only with itself, so that neither a clock that jumps nor
 * the clock of another machine makes a live holder look dead.
 */
export class LockWatch {
  readonly path: string;
  readonly #self: Holder;
  #guard: LockWatch | undefined;
  #state: string | undefined;
  #silentMs = 0;
  #lookedAt = 0;

  constructor(path: string, self: Holder) {
    this.path = path;
    this.#self = self;
  }

  /** Returns the lock that a process must hold to remove this one when it is abandoned. */
  get guard(): LockWatch {
    this.#guard ??= new LockWatch(`${this.path}.takeover`, this.#self);
    return this.#guard;
  }

  /** Returns the lock as it is now, and whether its holder has ended; `undefined` if the lock does not exist. */
  async look(): Promise<(SeenLock & { readonly isAbandoned: boolean }) | undefined> {
    const seen = await seeLock(this.path);
    const now = performance.now();
    const step = Math.min(now - this.#lookedAt, LONGEST_STEP_MS);
    this.#silentMs = seen !== undefined && seen.state === this.#state ? this.#silentMs + step : 0;
    this.#lookedAt = now;
    this.#state = seen?.state;
    return seen && { ...seen, isAbandoned: this.#silentMs >= (await longestSilence(seen, this.#self)) };
  }
}

/** Reads a lock; returns `undefined` if it does not exist. @throws StorageError if its folder cannot be searched. */
export async function seeLock(path: string): Promise<SeenLock | undefined> {
  let stat: Stats;
  try {
    stat = await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw explainFileError('look at', path, error);
  }
  const file = stat.isFile() ? await readPrivateFile(path).catch(() => undefined) : undefined;
  const content = file && new TextDecoder().decode(file.bytes);
  const holder = content === undefined ? undefined : parseHolder(content);
  return {
    holder,
    uid: stat.uid,
    isFolder: stat.isDirectory(),
    isLock: holder !== undefined || (stat.isFile() && content === undefined && stat.size <= MAX_BYTES),
    state: [stat.ino, stat.mtimeMs, stat.ctimeMs, stat.size, content].join(),
    content,
    mtimeMs: stat.mtimeMs,
  };
}

/** Returns the time without a sign of life, in milliseconds, after which a lock's holder counts as ended. */
async function longestSilence({ holder, isLock, content, mtimeMs }: SeenLock, self: Holder): Promise<number> {
  if (content === RELEASED) return 0;
  if (!isLock) return SOON_SILENT_MS;
  const liveness = holder === undefined ? 'unknown' : await livenessOf(holder, self);
  if (liveness === 'running') return Number.POSITIVE_INFINITY;
  if (liveness === 'ended') return 0;
  return liveness === 'silent' || Date.now() - mtimeMs > LONG_AGO_MS ? SOON_SILENT_MS : SILENT_MS;
}
