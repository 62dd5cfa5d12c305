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
import { crc32 } from 'node:zlib';

/** Of each of the two checksums that stand before what was compiled. */
const CRC_BYTES = 4;
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** What another version or another Node left is removed after so long. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

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

/** Takes what V8 compiled of a source in an earlier run, if its checksums say that it was made of this source and is whole. */
export function readCompiled(folder: string, name: string, source: Buffer): Buffer | undefined {
  try {
    const file = openSync(join(folder, name), READ_ONLY);
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || stat.nlink !== 1 || !isOurs(stat, 0o077)) return undefined;
      const content = readFileSync(file);
      const compiled = content.subarray(2 * CRC_BYTES);
      return checksums(source, compiled).equals(content.subarray(0, 2 * CRC_BYTES)) ? compiled : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Keeps it for the next run. Where that cannot be done nothing is said: the next run is but slower. */
export function keepCompiled(folder: string, name: string, source: Buffer, compiled: Buffer): void {
  const temporary = join(folder, `${name}.${process.pid}-${Date.now()}`);
  try {
    const content = Buffer.concat([checksums(source, compiled), compiled]);
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, join(folder, name));
    removeOld(folder);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/** Keeps the cache from growing without end; what is still used and old is compiled once more. */
function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const age = Date.now() - lstatSync(path).mtimeMs;
    if (age > KEPT_MS) rmSync(path, { recursive: true, force: true });
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

function checksums(source: Buffer, compiled: Buffer): Buffer {
  const sums = Buffer.alloc(2 * CRC_BYTES);
  sums.writeUInt32BE(crc32(source), 0);
  sums.writeUInt32BE(crc32(compiled), CRC_BYTES);
  return sums;
}
