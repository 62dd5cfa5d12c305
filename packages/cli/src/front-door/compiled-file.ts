import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
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

/**
 * What V8 compiled of a source in an earlier run. V8 runs it without looking at the source; so it is taken from a
 * file that nobody else can write to, and only when its checksums say that it was made of this source and is whole.
 *
 * @param caches the folder of all programs' caches
 */
export function readCompiled(caches: string, name: string, source: Buffer): Buffer | undefined {
  try {
    const file = openSync(join(folderIn(caches), name), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || !isOursAlone(stat)) return undefined;
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
export function keepCompiled(caches: string, name: string, source: Buffer, compiled: Buffer): void {
  const folder = ownFolder(caches);
  if (folder === undefined) return;
  const temporary = join(folder, `${name}.${process.pid}-${Date.now()}`);
  try {
    const content = Buffer.concat([checksums(source, compiled), compiled]);
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, join(folder, name));
  } catch {
    rmSync(temporary, { force: true });
  }
}

/** The folder of what was compiled, made if need be; `undefined` where others could write to it, or it cannot be made. */
export function ownFolder(caches: string): string | undefined {
  const folder = folderIn(caches);
  try {
    for (const part of [caches, dirname(folder), folder]) {
      if (existsSync(part)) continue;
      // `sudo` can leave HOME as it is: nothing of root's is put there.
      if (lstatSync(dirname(part)).uid !== process.getuid?.()) return undefined;
      mkdirSync(part, { mode: 0o700 });
    }
    return isOursAlone(lstatSync(folder)) ? folder : undefined;
  } catch {
    return undefined;
  }
}

const folderIn = (caches: string) => join(caches, 'vastai', 'compiled');

function isOursAlone({ uid, mode }: Stats): boolean {
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}

function checksums(source: Buffer, compiled: Buffer): Buffer {
  const sums = Buffer.alloc(2 * CRC_BYTES);
  sums.writeUInt32BE(crc32(source), 0);
  sums.writeUInt32BE(crc32(compiled), CRC_BYTES);
  return sums;
}
