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

/** Longest wait for another process. A save takes a few milliseconds, a keychain prompt up to a minute. */
const PATIENCE_MS = 90_000;
/** Wait before vastai says what it is waiting for. */
const NOTICEABLE_MS = 1000;

/**
 * Runs `work` under a lock, so that no other vastai process of this user changes keys and settings, or plugins, at the same
 * time.
 *
 * The lock is a file that names its holder, who keeps updating its time. The lock of a killed holder is taken over, and so
 * is any other file in its place that shows no sign of life (docs/decisions/0006).
 *
 * @param notify receives one sentence if this process has to wait for another
 * @param patienceMs longest wait for a live holder, in milliseconds
 * @param changed what the lock protects, for messages
 * @throws StorageError if the lock cannot be made, or its holder does not finish. A lock that cannot be removed afterwards
 *   does not change the result of `work`.
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
    // A lock file holds no key, so one that cannot be removed may stay.
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
  let isNotified = false;
  let isFree = true;
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 100)) {
    const held = isFree ? await acquire(path, token) : undefined;
    if (held !== undefined) return held;
    const seen = await watch.look();
    isFree = seen === undefined || seen.isAbandoned;
    if (seen?.isAbandoned) await removeAbandoned(watch, seen, token);
    const waited = performance.now() - began;
    if (seen !== undefined && waited > patienceMs) throw doesNotFinish(path, seen, changed);
    if (seen?.isLock && waited > NOTICEABLE_MS && !isNotified) {
      notify?.(waitingFor(seen, changed));
      isNotified = true;
    }
    if (seen !== undefined) await sleep(pause + Math.random() * pause);
  }
}

/** Makes the lock, complete with its holder, in one step: a hard link. Returns `undefined` if it exists. */
async function acquire(path: string, token: string): Promise<HeldLock | undefined> {
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await (await writeToken(own, token)).close();
    const file = await openLinked(own, path, token);
    return file && hold(path, file);
  } catch (error) {
    throw explainFileError('write', path, error);
  } finally {
    // If that fails, the next holder removes it.
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
    // Missing, if the holder took it for the file of a killed process.
    if (isThere(error) || isMissing(error)) return undefined;
    if (hasNoLinks(error)) return openExclusive(path, token);
    throw error;
  }
}

/** Makes the lock on a file system without hard links. It is empty for a moment, but only one process can make it. */
async function openExclusive(path: string, token: string): Promise<FileHandle | undefined> {
  return writeToken(path, token).catch((error) => {
    if (isThere(error)) return undefined;
    throw error;
  });
}

function isThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}

/** Returns true if the file system has no hard links, like FAT, some network and FUSE file systems, and some sandboxes. */
function hasNoLinks(error: unknown): boolean {
  return (
    isUnsupported(error) || ['EPERM', 'EMLINK', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')
  );
}

/** Keeps showing that the holder is alive. It uses the open file, so that a file that others put in its place is not touched. */
function hold(path: string, file: FileHandle): HeldLock {
  const timer = setInterval(() => showLife(file), SIGN_OF_LIFE_MS).unref();
  const isOwn = async () => (await file.stat()).ino === (await lstat(path)).ino;
  // An interrupted process exits in the middle of its work, and must not leave its lock.
  const releaseNow = () => removeOwn(path, file);
  process.once('exit', releaseNow);
  return {
    async release() {
      clearInterval(timer);
      process.off('exit', releaseNow);
      try {
        if (await isOwn()) await rm(path, { force: true });
      } catch {
        // This process may go on, and need the lock again.
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
    // Other processes see that it shows no sign of life.
  }
}

function showLife({ fd }: FileHandle): void {
  try {
    futimesSync(fd, new Date(), new Date());
  } catch {
    // The disk is gone, which `work` will report.
  }
}

/**
 * Removes an abandoned lock. A process that is a moment late would remove the lock of the next holder, so only the process
 * that holds the guard may remove it, and only if the lock has not changed.
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
