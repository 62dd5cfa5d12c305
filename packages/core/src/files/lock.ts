import { randomBytes } from 'node:crypto';
import { fstatSync, futimesSync, lstatSync, rmSync } from 'node:fs';
import { type FileHandle, link, lstat, open, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainFileError } from './file-error.js';
import { isUnsupported } from './flush.js';
import { removeBeginningWith } from './leftovers.js';
import { thisProcess } from './lock-holder.js';
import { cannotRemove, doesNotFinish, waitingFor } from './lock-messages.js';
import { LockWatch, RELEASED, type SeenLock, SIGN_OF_LIFE_MS, seeLock } from './lock-watch.js';
import { isMissing } from './missing.js';
import { giveToFolderOwner } from './owner.js';
import { ensurePrivateFolder } from './private-folder.js';

/** How long to wait for another process; a save takes a few milliseconds, a keychain prompt up to a minute. */
const PATIENCE_MS = 90_000;
/** From here on a person wonders what is going on. */
const NOTICEABLE_MS = 1000;

/**
 * Runs `work` while no other process of this user changes the same: keys and settings, or plugins.
 *
 * The lock is a file that names its holder and whose time the holder keeps setting. When the holder was killed
 * the lock is taken over; so is anything else in its place that shows no life. See docs/decisions/0006.
 *
 * @param notify gets one sentence when another process makes this one wait.
 * @param patienceMs how long to wait for a holder that lives.
 * @param changed what the lock is for, as messages name it.
 * @throws StorageError when the lock cannot be made, or its holder does not finish. A lock that cannot be
 *   removed afterwards changes nothing about the outcome of `work`.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  notify?: (text: string) => void,
  patienceMs: number = PATIENCE_MS,
  changed = 'keys or settings',
): Promise<T> {
  await ensurePrivateFolder(dirname(path), dirname(path));
  const lock = await take(path, patienceMs, changed, notify);
  try {
    // It holds no key, so it may stay where it cannot be removed.
    await removeBeginningWith(dirname(path), `${basename(path)}.`).catch(() => {});
    return await work();
  } finally {
    await lock.release();
  }
}

interface HeldLock {
  release(): Promise<void>;
}

async function take(
  path: string,
  patienceMs: number,
  changed: string,
  notify?: (text: string) => void,
): Promise<HeldLock> {
  const self = await thisProcess();
  const token = JSON.stringify(self);
  const watch = new LockWatch(path, self);
  const began = performance.now();
  let isTold = false;
  let isFree = true;
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 100)) {
    const held = isFree ? await acquire(path, token) : undefined;
    if (held !== undefined) return held;
    const seen = await watch.look();
    isFree = seen === undefined || seen.isAbandoned;
    if (seen?.isAbandoned) await removeAbandoned(watch, seen, token);
    const waited = performance.now() - began;
    if (seen !== undefined && waited > patienceMs) throw doesNotFinish(path, seen, changed);
    if (seen?.isLock && waited > NOTICEABLE_MS && !isTold) {
      notify?.(waitingFor(seen, changed));
      isTold = true;
    }
    if (seen !== undefined) await sleep(pause + Math.random() * pause);
  }
}

/** Makes the lock with its holder's name in it, or not at all: a link is made in one step. */
async function acquire(path: string, token: string): Promise<HeldLock | undefined> {
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await (await writeToken(own, token)).close();
    const file = await openLinked(own, path, token);
    return file && hold(path, file);
  } catch (error) {
    throw explainFileError('write', path, error);
  } finally {
    // The next holder removes it where that fails.
    await rm(own, { force: true }).catch(() => {});
  }
}

async function writeToken(path: string, token: string): Promise<FileHandle> {
  const file = await open(path, 'wx', 0o600);
  try {
    giveToFolderOwner(file.fd, dirname(path));
    await file.writeFile(token);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openLinked(own: string, path: string, token: string): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(own, 'r');
    await link(own, path);
    return file;
  } catch (error) {
    await file?.close().catch(() => {});
    // It is missing when the holder took it for what a killed process left.
    if (isThere(error) || isMissing(error)) return undefined;
    if (hasNoLinks(error)) return openExclusive(path, token);
    throw error;
  }
}

/** Makes the lock where the file system has no hard links: empty for a moment, but still only one process can. */
async function openExclusive(path: string, token: string): Promise<FileHandle | undefined> {
  return writeToken(path, token).catch((error) => {
    if (isThere(error)) return undefined;
    throw error;
  });
}

function isThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}

/** FAT, some network and FUSE file systems, and some sandboxes have none; Linux calls that EPERM. */
function hasNoLinks(error: unknown): boolean {
  return (
    isUnsupported(error) || ['EPERM', 'EMLINK', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')
  );
}

/** Shows that the holder lives, through the open file: what others put in its place is not touched. */
function hold(path: string, file: FileHandle): HeldLock {
  const timer = setInterval(() => showLife(file), SIGN_OF_LIFE_MS).unref();
  const isOwn = async () => (await file.stat()).ino === (await lstat(path)).ino;
  // An interrupted process ends in the middle of its work; its lock then goes with it.
  const releaseNow = () => removeOwn(path, file);
  process.once('exit', releaseNow);
  return {
    async release() {
      clearInterval(timer);
      process.off('exit', releaseNow);
      try {
        if (await isOwn()) await rm(path, { force: true });
      } catch {
        // This process may live on, and want the lock again.
        if (await isOwn().catch(() => false)) await writeFile(path, RELEASED).catch(() => {});
      }
      await file.close().catch(() => {});
    },
  };
}

function removeOwn(path: string, { fd }: FileHandle): void {
  try {
    if (fstatSync(fd).ino === lstatSync(path).ino) rmSync(path, { force: true });
  } catch {
    // Others see that it shows no life.
  }
}

function showLife({ fd }: FileHandle): void {
  try {
    futimesSync(fd, new Date(), new Date());
  } catch {
    // The disk has gone, and the work will say so.
  }
}

/**
 * Removes an abandoned lock. A process that does so a moment late would remove the lock of the next holder; so
 * only the one that holds the guard may, and only while the lock is as it was seen.
 */
async function removeAbandoned(watch: LockWatch, seen: SeenLock, token: string): Promise<void> {
  const { path, guard } = watch;
  const held = await acquire(guard.path, token);
  if (held === undefined) {
    const seenGuard = await guard.look();
    if (seenGuard?.isAbandoned) await removeAbandoned(guard, seenGuard, token);
    return;
  }
  try {
    if ((await seeLock(path))?.state !== seen.state) return;
    await (seen.isFolder ? rmdir(path) : rm(path, { force: true }));
  } catch (error) {
    throw cannotRemove(path, seen, error);
  } finally {
    await held.release();
  }
}
