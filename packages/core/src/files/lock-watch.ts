import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { explainFileError } from './file-error.js';
import { type Holder, judge, parseHolder } from './lock-holder.js';
import { isMissing } from './missing.js';
import { readPrivateFile } from './private-file.js';

/** How often a holder sets the time of its lock, to show that it still runs. */
export const SIGN_OF_LIFE_MS = 1000;
/** So long without a sign of life, a holder whose process cannot be looked at counts as ended. */
const SILENT_MS = 10_000;
/** The same for what seems to have ended already: a lock of long ago, say, or a thing that no vastai made. */
const SOON_SILENT_MS = 3 * SIGN_OF_LIFE_MS;
const LONG_AGO_MS = 5 * 60_000;
/** No holder's name is longer. */
const MAX_BYTES = 4096;
/** No single look counts for more: this process may have been stopped or asleep, and the holder with it. */
const LONGEST_STEP_MS = 500;

/** What a holder that cannot remove its lock leaves in it. */
export const RELEASED = '{"released":true}';

/** What is in a lock's place. */
export interface SeenLock {
  /** Who holds it; `undefined` where that cannot be read. */
  readonly holder: Holder | undefined;
  readonly uid: number;
  readonly isFolder: boolean;
  /** Whether a vastai can have made it. */
  readonly isLock: boolean;
  /** Changes with every sign of life. */
  readonly state: string;
  readonly content: string | undefined;
  readonly mtimeMs: number;
}

/**
 * Looks at a lock again and again, until its holder is known to have ended.
 *
 * Time is measured by this process alone, and a lock's own time is only compared with itself, so that neither
 * a clock that jumps nor that of another machine makes a live holder look dead.
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

  /** The lock that allows one process alone to remove this one when it is abandoned. */
  get guard(): LockWatch {
    this.#guard ??= new LockWatch(`${this.path}.takeover`, this.#self);
    return this.#guard;
  }

  /** Says what is there now and whether its holder has ended; `undefined` when nothing is there. */
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

/** @throws StorageError when the folder cannot be looked into. */
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

/** Says how long a lock may show no life before its holder counts as ended. */
async function longestSilence({ holder, isLock, content, mtimeMs }: SeenLock, self: Holder): Promise<number> {
  if (content === RELEASED) return 0;
  if (!isLock) return SOON_SILENT_MS;
  const verdict = holder === undefined ? 'unknown' : await judge(holder, self);
  if (verdict === 'running') return Number.POSITIVE_INFINITY;
  if (verdict === 'ended') return 0;
  return verdict === 'silent' || Date.now() - mtimeMs > LONG_AGO_MS ? SOON_SILENT_MS : SILENT_MS;
}
