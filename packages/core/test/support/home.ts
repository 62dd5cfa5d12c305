import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HomeFolder as AnyHome, homeIn as anyHomeIn } from '@vastai-cli/testing/home';
import { afterEach, beforeEach } from 'vitest';
import type { Environment } from '../../src/base/environment.js';
import { type Paths, pathsOf } from '../../src/config/paths.js';
import { type ContextRequest, openContext } from '../../src/context/open.js';
import type { Context } from '../../src/credentials/context.js';

// `testing` does not depend on core, whose tests use it. This adds what core needs of a home.

/** A home, and contexts in it. */
export interface HomeFolder extends AnyHome {
  readonly paths: Paths;
  /** Opens a context in the home. It asks no keychain unless a test says so. */
  context(environment?: Environment, more?: Partial<ContextRequest>): Promise<Context>;
}

/** Makes a home for a test, which can have several. */
export interface Home extends HomeFolder {
  folder(name: string): HomeFolder;
}

/** Makes a home for each test of a file. */
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

/** Returns the home in a folder that the caller makes and removes. */
export function homeAt(path: string): HomeFolder {
  return homeIn(() => path);
}

function homeIn(pathOf: () => string): HomeFolder {
  const context: HomeFolder['context'] = (environment = {}, more = {}) =>
    inHome(pathOf(), () =>
      openContext({
        environment: { VASTAI_STORAGE: 'file', ...environment },
        cwd: pathOf(),
        cliRoot: pathOf(),
        interactive: false,
        ...more,
      }),
    );
  return Object.defineProperties({} as HomeFolder, {
    ...Object.getOwnPropertyDescriptors(anyHomeIn(pathOf)),
    paths: { get: () => pathsOf({}, pathOf()), enumerable: true },
    context: { value: context, enumerable: true },
  });
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
