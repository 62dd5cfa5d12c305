import { lstatSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** The name of a policy file. */
export const POLICY_NAME = '.vastai-permissions.json';

/**
 * Returns the path of the policy for a document, from the working folder: the closest one in its folder or above, up to the top of the
 * repository. Outside a repository it looks up to the working folder only, so that nobody else's file counts. A policy
 * that is there but cannot be read is returned too.
 *
 * @param path the path of a file, or undefined for a document that is not a file
 */
export function findPolicy(path: string | undefined): string | undefined {
  const here = process.cwd();
  const start = path === undefined ? here : dirname(resolve(path));
  const top = topOfRepository(start) ?? (isInside(start, here) ? here : start);
  for (let folder = start; ; folder = dirname(folder)) {
    const policy = join(folder, POLICY_NAME);
    if (isThere(policy)) return relative(here, policy);
    if (folder === top || folder === dirname(folder)) return undefined;
  }
}

function topOfRepository(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isThere(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function isInside(folder: string, outer: string): boolean {
  const path = relative(outer, folder);
  return path === '' || (!path.startsWith('..') && !isAbsolute(path));
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
