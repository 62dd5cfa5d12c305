import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

/** A folder that stands for a person's home. */
export interface HomeFolder {
  readonly path: string;
  /** Returns the path of something in the home. */
  at(...names: string[]): string;
  /** Writes a file, given by its whole path, and makes its folders for the owner alone. */
  put(path: string, content: string | Uint8Array, mode?: number): void;
  /**
   * Reads every file and link below the home but what may be thrown away (`.cache`): by its path from there with
   * `/`, what a file holds.
   */
  files(): Promise<Record<string, string>>;
}

/** A home of a test's own: nothing of the user's is read or written. */
export interface TestHome extends HomeFolder {
  /** The environment of a process in this home; nothing else is inherited but what starts programs. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file, given by its path from the home, for its owner alone; returns its whole path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** Reads a file; `undefined` where there is none. */
  read(name: string): Promise<string | undefined>;
  remove(): Promise<void>;
}

/** Makes an empty home, which its user removes in the end. */
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
      // A keychain belongs to the person, not to the home: no test asks for one unless it brings its own.
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
 * Returns the home in a folder that somebody else makes and removes.
 *
 * @param pathOf is asked each time, so that a home that is made anew for each test keeps its object.
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
