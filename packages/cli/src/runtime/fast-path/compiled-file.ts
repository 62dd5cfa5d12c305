import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** The length of the head of a file: the stamp of the source and the length of the compiled code, padded with spaces. */
const HEAD_BYTES = 96;
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** The age at which compiled code of another version or another Node is removed. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** The most files to keep: one per command, version of Node and place of the CLI. */
const MOST_FILES = 100;

/**
 * Returns the folder of the compiled code, and creates it if it is missing. V8 runs that code without checking the
 * source, so the folder is not used if anybody else could write to it, replace it, or read it.
 *
 * @param caches the folder of the caches of all programs
 */
export function ownFolder(caches: string): string | undefined {
  const folder = join(caches, 'vastai-cli', 'compiled');
  try {
    if (!isSafeAbove(lstatSync(dirname(caches)))) return undefined;
    for (const path of [caches, dirname(folder), folder]) {
      const there = lstatSync(path, { throwIfNoEntry: false });
      if (there === undefined && path === folder) removeFormer(caches);
      const stat = there ?? made(path);
      // Node creates its files according to the umask, so nobody else may reach them.
      if (!stat.isDirectory() || !isOurs(stat, path === folder ? 0o077 : 0o022)) return undefined;
    }
    return folder;
  } catch {
    return undefined;
  }
}

/** Returns a string that identifies a file and changes with it, because the system sets the time of a change. */
export function stampOf({ ino, size, ctimeMs }: Stats): string {
  return `${ino} ${size} ${ctimeMs}`;
}

/**
 * Returns the code that V8 compiled in an earlier run, if it matches the source and is complete: V8 would run it otherwise.
 * The length proves that it is complete, because the file was flushed to disk before it got its name. Loading a library
 * for checksums would take longer than this saves.
 *
 * @param stamp the stamp of the source
 */
export function readCompiled(folder: string, name: string, stamp: string): Buffer | undefined {
  try {
    const file = openSync(join(folder, name), READ_ONLY);
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || stat.nlink !== 1 || !isOurs(stat, 0o077)) return undefined;
      const content = readFileSync(file);
      const compiled = content.subarray(HEAD_BYTES);
      return content.toString('latin1', 0, HEAD_BYTES) === headOf(stamp, compiled) ? compiled : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Saves the compiled code for the next run. Ignores errors: the next run is only slower. */
export function keepCompiled(folder: string, name: string, stamp: string, compiled: Buffer): void {
  const temporary = join(folder, `${name}.${process.pid}-${Date.now()}`);
  try {
    const content = Buffer.concat([Buffer.from(headOf(stamp, compiled)), compiled]);
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(temporary, join(folder, name));
    removeOld(folder);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/** Keeps the cache from growing without limit. Code that is still in use is compiled again. */
function removeOld(folder: string): void {
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, age: Date.now() - lstatSync(path).mtimeMs }))
    .sort((a, b) => a.age - b.age);
  for (const [at, { path, age }] of files.entries()) {
    if (at >= MOST_FILES || age > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}

function made(path: string): Stats {
  mkdirSync(path, { mode: 0o700 });
  return lstatSync(path);
}

/** Removes the code that earlier versions kept in a folder with another name. */
function removeFormer(caches: string): void {
  rmSync(join(caches, 'vastai', 'compiled'), { recursive: true, force: true });
}

/** Returns true if only this user and root can rename files in a folder. The sticky bit, as in `/tmp`, stops others. */
function isSafeAbove(stat: Stats): boolean {
  const isOthers = stat.uid !== process.getuid?.() && stat.uid !== 0;
  return stat.isDirectory() && !isOthers && ((stat.mode & 0o022) === 0 || (stat.mode & 0o1000) !== 0);
}

function isOurs({ uid, mode }: Stats, forbidden: number): boolean {
  return uid === process.getuid?.() && (mode & forbidden) === 0;
}

function headOf(stamp: string, { length }: Buffer): string {
  return `${stamp} ${length}`.padEnd(HEAD_BYTES);
}
