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

/** Stands before what was compiled: the stamp of its source and its own length, filled up with spaces. */
const HEAD_BYTES = 96;
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** What another version or another Node left is removed after so long. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** There is one for each command that is used, with each Node and each place of the CLI. */
const MOST_FILES = 100;

/**
 * Finds the folder of what was compiled, and makes it if need be. V8 runs what is in there without looking at the
 * source; so nothing is kept where anybody else could write to the folder, put another one in its place, or look inside.
 *
 * @param caches the folder of all programs' caches
 */
export function ownFolder(caches: string): string | undefined {
  const folder = join(caches, 'vastai', 'compiled');
  try {
    if (!isSafeAbove(lstatSync(dirname(caches)))) return undefined;
    for (const path of [caches, dirname(folder), folder]) {
      const stat = lstatSync(path, { throwIfNoEntry: false }) ?? made(path);
      // Node makes what it keeps as the umask says; so nobody else may get as far as that.
      if (!stat.isDirectory() || !isOurs(stat, path === folder ? 0o077 : 0o022)) return undefined;
    }
    return folder;
  } catch {
    return undefined;
  }
}

/** Returns what tells a file from every other one, and from itself once it is changed: the system sets the time of a change. */
export function stampOf({ ino, size, ctimeMs }: Stats): string {
  return `${ino} ${size} ${ctimeMs}`;
}

/**
 * Takes what V8 compiled of a source in an earlier run, if it was made of this source and is whole: V8 would run what is not.
 * That it is whole is known by its length, since it was on the disk before it got its name; a library for checksums would
 * take longer to load than this saves.
 *
 * @param stamp that of the source
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

/** Keeps it for the next run. Where that cannot be done nothing is said: the next run is but slower. */
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

/** Keeps the cache from growing without end; what is still used and removed is compiled once more. */
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

/** Tells whether only we and root can rename what is in a folder; the sticky bit, as in `/tmp`, keeps others from it. */
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
