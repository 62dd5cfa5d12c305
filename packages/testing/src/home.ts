import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A home of a test's own: nothing of the user's is read or written. */
export interface TestHome {
  readonly path: string;
  /** The environment of a process in this home; nothing else is inherited but what starts programs. */
  readonly env: Readonly<Record<string, string>>;
  /** The path of something in the home. */
  at(...names: string[]): string;
  /** Writes a file, for its owner alone, and makes its folders likewise; gives its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** What a file holds; `undefined` where there is none. */
  read(name: string): Promise<string | undefined>;
  remove(): Promise<void>;
}

export async function createHome(): Promise<TestHome> {
  const path = await mkdtemp(join(tmpdir(), 'vastai-home-'));
  return {
    path,
    env: {
      HOME: path,
      USERPROFILE: path,
      PATH: process.env.PATH ?? '',
      TMPDIR: tmpdir(),
      LANG: 'C.UTF-8',
      // A keychain belongs to the person, not to the home: no test asks for one unless it brings its own.
      VASTAI_STORAGE: 'file',
    },
    at: (...names) => join(path, ...names),
    async write(name, content) {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, content, { mode: 0o600 });
      return file;
    },
    read: (name) => readFile(join(path, name), 'utf8').catch(absent),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
