import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Environment } from '../src/base/environment.js';
import { type Paths, pathsOf } from '../src/config/paths.js';
import { type ContextRequest, openContext } from '../src/context/open.js';
import type { Context } from '../src/credentials/context.js';

/** A home, and sessions in it. */
export interface HomeFolder {
  readonly path: string;
  readonly paths: Paths;
  /** The path of something in the home. */
  at(...names: string[]): string;
  /** Writes a file there, and the folders above it. */
  put(path: string, content: string | Uint8Array, mode?: number): void;
  /** Opens a session there; no keychain is asked unless a test says so. */
  context(environment?: Environment, more?: Partial<ContextRequest>): Promise<Context>;
  /** Every file and link below the home, but not what may be thrown away (`.cache`), by its path from there with `/`, and what a file holds. */
  files(): Promise<Record<string, string>>;
}

/** The home of a test, in which there can be more. */
export interface Home extends HomeFolder {
  folder(name: string): HomeFolder;
}

/** Gives each test of a file a home of its own. */
export function useHome(create: () => string = () => mkdtempSync(join(tmpdir(), 'vastai-core-'))): Home {
  let path = '';
  beforeEach(() => {
    path = create();
  });
  afterEach(() => rmSync(path, { recursive: true, force: true }));
  return Object.defineProperties({} as Home, {
    ...Object.getOwnPropertyDescriptors(homeIn(() => path)),
    folder: { value: (name: string) => homeIn(() => join(path, name)) },
  });
}

/** A home in a folder that somebody else makes and removes. */
export function homeAt(path: string): HomeFolder {
  return homeIn(() => path);
}

function homeIn(pathOf: () => string): HomeFolder {
  return {
    get path() {
      return pathOf();
    },
    get paths() {
      return pathsOf({}, pathOf());
    },
    at: (...names) => join(pathOf(), ...names),
    put(file, content, mode = 0o600) {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, content, { mode });
    },
    context: (environment = {}, more = {}) =>
      inHome(pathOf(), () =>
        openContext({
          environment: { VASTAI_STORAGE: 'file', ...environment },
          cwd: pathOf(),
          cliRoot: pathOf(),
          interactive: false,
          ...more,
        }),
      ),
    files: () => filesBelow(pathOf()),
  };
}

/**
 * The system is asked where the home folder is, and answers with what these variables hold. It is asked before
 * anything is waited for, so that several homes do not come into each other's way.
 */
function inHome<T>(path: string, work: () => Promise<T>): Promise<T> {
  const variables = ['HOME', 'USERPROFILE'];
  const before = variables.map((name) => process.env[name]);
  for (const name of variables) process.env[name] = path;
  const working = work();
  variables.forEach((name, index) => {
    if (before[index] === undefined) delete process.env[name];
    else process.env[name] = before[index];
  });
  return working;
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
