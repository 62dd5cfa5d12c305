import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A path on the disk. It is bytes if some name in it is not UTF-8. */
export type DiskPath = string | Buffer;

/** A file in a folder. */
export interface Entry {
  /** The name for people. */
  readonly name: string;
  readonly at: DiskPath;
  readonly kind: 'file' | 'folder' | 'link' | 'special';
}

/** Marks bytes that are not UTF-8, as Node shows them. */
const NOT_UTF8 = '\ufffd';

/** Lists a folder, in the order of the names. A name that is not UTF-8 is kept as it is, so that nothing hides behind one. */
export function entriesOf(folder: DiskPath): Entry[] {
  const listed = typeof folder === 'string' ? readdirSync(folder, { withFileTypes: true }) : undefined;
  const entries =
    typeof folder === 'string' && listed?.every(({ name }) => !name.includes(NOT_UTF8))
      ? listed.map((entry) => entryOf(entry, entry.name, join(folder, entry.name)))
      : entriesInBytes(Buffer.from(folder));
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function entriesInBytes(folder: Buffer): Entry[] {
  return readdirSync(folder, { withFileTypes: true, encoding: 'buffer' }).map((entry) =>
    entryOf(entry, entry.name.toString('utf8'), Buffer.concat([folder, Buffer.from('/'), entry.name])),
  );
}

function entryOf(entry: Dirent<string> | Dirent<Buffer>, name: string, at: DiskPath): Entry {
  if (entry.isFile()) return { name, at, kind: 'file' };
  if (entry.isDirectory()) return { name, at, kind: 'folder' };
  return { name, at, kind: entry.isSymbolicLink() ? 'link' : 'special' };
}
