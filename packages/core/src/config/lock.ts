import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, open, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StorageError } from '../errors.js';
import { explainFileError } from './file-error.js';
import { ensurePrivateFolder, isMissing, readPrivateFile, removeBeginningWith } from './private-file.js';

/** How long to wait for another process; a save takes a few milliseconds, a keychain prompt up to a minute. */
const PATIENCE_MS = 90_000;
/** From here on a person wonders what is going on. */
const NOTICEABLE_MS = 1000;
/** A holder on another machine (a shared home) cannot be asked whether it lives. */
const FOREIGN_STALE_MS = 5 * 60_000;

/**
 * Runs `work` while no other process of this user changes keys or settings.
 *
 * The lock is a file that names its holder. A holder that was killed is noticed by its process id and
 * its lock taken over, so that a kill never locks anybody out; what it left behind is removed.
 *
 * @param notify is told once, in a sentence, when another process makes this one wait.
 * @throws StorageError when the lock cannot be made, or its holder does not finish.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  notify?: (text: string) => void,
): Promise<T> {
  await ensurePrivateFolder(dirname(path), dirname(path));
  const { pid } = process;
  const nonce = randomBytes(8).toString('hex');
  const token = JSON.stringify({ pid, since: await beginningOf(pid), host: hostname(), nonce });
  const began = Date.now();
  let isTold = false;
  for (let pause = 5; !(await acquire(path, token)); pause = Math.min(pause * 1.5, 100)) {
    if (Date.now() - began > PATIENCE_MS) {
      throw new StorageError(
        `Another vastai is changing keys or settings, and does not finish (${path}).`,
        `When no other vastai runs, remove ${path} and try again.`,
      );
    }
    if (!isTold && Date.now() - began > NOTICEABLE_MS) {
      notify?.('Waiting for another vastai that is changing keys or settings.');
      isTold = true;
    }
    await takeOverIfDead(path, token);
    await sleep(pause + Math.random() * pause);
  }
  // An interrupted process ends in the middle of its work; its lock then goes with it.
  const release = () => {
    if (isOwn(path, token)) rmSync(path, { force: true });
  };
  process.once('exit', release);
  try {
    // It holds no key, so it may stay where it cannot be removed.
    await removeBeginningWith(dirname(path), `${basename(path)}.`).catch(() => {});
    return await work();
  } finally {
    process.off('exit', release);
    if ((await contentOf(path)) === token) await rm(path, { force: true });
  }
}

function isOwn(path: string, token: string): boolean {
  try {
    return readFileSync(path, 'utf8') === token;
  } catch {
    return false;
  }
}

/** The lock appears with its holder's name in it, or not at all: a link is made in one step. */
async function acquire(path: string, token: string): Promise<boolean> {
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(own, 'wx', 0o600);
    await file.writeFile(token).finally(() => file.close());
    return await linked(own, path);
  } catch (error) {
    throw explainFileError('write', path, error);
  } finally {
    await rm(own, { force: true });
  }
}

async function linked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    // It is missing when the holder took it for what a killed process left.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || isMissing(error)) return false;
    throw error;
  }
}

async function takeOverIfDead(path: string, token: string): Promise<void> {
  const seen = await contentOf(path);
  if (seen === undefined || (await holderLives(path, seen))) return;
  // Whoever removes a dead holder's lock a moment late removes that of the next holder. So one process alone
  // may do it, the one that has this lock, which is named for the dead holder.
  const guard = `${path}.${createHash('sha256').update(seen).digest('hex').slice(0, 12)}`;
  if (!(await acquire(guard, token))) return takeOverIfDead(guard, token);
  try {
    if ((await contentOf(path)) === seen) await rm(path, { force: true });
  } catch (error) {
    throw explainFileError('remove', path, error);
  } finally {
    await rm(guard, { force: true });
  }
}

async function holderLives(path: string, content: string): Promise<boolean> {
  const holder = parseHolder(content);
  if (holder === undefined || holder.host !== hostname()) {
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    return age < FOREIGN_STALE_MS;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  // The number may be that of another process by now; in a container it often is.
  const since = await beginningOf(holder.pid);
  return since === undefined || holder.since === undefined
    ? holder.pid !== process.pid
    : since === holder.since;
}

/** When a process began, in the clock ticks of the system; `undefined` where Linux is not there to tell it. */
async function beginningOf(pid: number): Promise<string | undefined> {
  const line = await contentOf(`/proc/${pid}/stat`);
  // The name of the program, in parentheses, may hold anything. What is behind it is counted from there.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ');
  // One that was killed keeps its number until its parent asks for its status, which some never do.
  return fields?.[0] === 'Z' ? 'ended' : fields?.[19];
}

interface Holder {
  readonly pid: number;
  readonly since?: string;
  readonly host: string;
}

function parseHolder(content: string): Holder | undefined {
  try {
    const { pid, since, host } = JSON.parse(content) as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || (pid as number) < 1 || typeof host !== 'string') return undefined;
    return { pid: pid as number, host, ...(typeof since === 'string' ? { since } : {}) };
  } catch {
    return undefined;
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  const file = await readPrivateFile(path).catch(() => undefined);
  return file === undefined ? undefined : new TextDecoder().decode(file.bytes);
}
