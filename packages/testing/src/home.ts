import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

/** Holds a folder that serves as a home. */
export interface HomeFolder {
  readonly path: string;
  /** Returns the path of a file in the home. */
  at(...names: string[]): string;
  /** Writes a file at an absolute path, and creates its folders with mode 0700. */
  put(path: string, content: string | Uint8Array, mode?: number): void;
  /**
   * Returns the content of every file and link below the home except `.cache`, by its path from the home, with `/` as
   * the separator.
   */
  files(): Promise<Record<string, string>>;
}

/** Holds a temporary home for a test, so that it reads and writes nothing of the user's. */
export interface TestHome extends HomeFolder {
  /** The environment of a process in this home. It inherits only the variables that are needed to start programs. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file at a path relative to the home, with mode 0600, and returns its absolute path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** Returns the content of a file, or `undefined` if it does not exist. */
  read(name: string): Promise<string | undefined>;
  remove(): Promise<void>;
}

/** Creates an empty home. The caller must remove it. */
export async function createHome(): Promise<TestHome> {
  const path = mkdtempSync(join(tmpdir(), 'vastai-home-'));
  const home = homeIn(() => path);
  return {
    path,
    at: home.at,
    put: home.put,
    files: home.files,
    env: {
      HOME: path,
      USERPROFILE: path,
      PATH: process.env.PATH ?? '',
      TMPDIR: tmpdir(),
      LANG: 'C.UTF-8',
      // A keychain belongs to the user, not to the home, so tests must not use it unless they start their own.
      VASTAI_STORAGE: 'file',
    },
    async write(name, content) {
      const file = home.at(name);
      home.put(file, content);
      return file;
    },
    read: (name) => readFile(home.at(name), 'utf8').catch(undefinedIfMissing),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/**
 * Returns a home in a folder that the caller creates and removes.
 *
 * @param pathOf called on each access, so that the same object works for a new folder in each test
 */
export function homeIn(pathOf: () => string): HomeFolder {
  return {
    get path() {
      return pathOf();
    },
    at: (...names) => join(pathOf(), ...names),
    put(file, content, mode = 0o600) {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, content, { mode });
    },
    files: () => filesBelow(pathOf()),
  };
}

async function filesBelow(path: string): Promise<Record<string, string>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => !entry.isDirectory())
    .filter(({ parentPath }) => relative(path, parentPath).split(sep)[0] !== '.cache')
    .map(async (entry) => {
      const at = join(entry.parentPath, entry.name);
      const text = entry.isFile() ? await readFile(at, 'utf8') : '';
      return [relative(path, at).split(sep).join('/'), text] as const;
    });
  return Object.fromEntries((await Promise.all(found)).sort());
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
