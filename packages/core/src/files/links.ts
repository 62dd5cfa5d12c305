import { lstatSync, type Stats } from 'node:fs';
import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StorageError } from '../base/errors.js';
import { shellWord } from '../base/shell-word.js';
import { explainFileError } from './file-error.js';
import { homeFolder } from './home.js';
import { isOwnOrRoots } from './ownership.js';
import { userName } from './user-name.js';

/** Longest chain of links in a path, the same as on Linux. */
const MAX_LINKS = 40;

/** Programs that put links into a home, by their targets. */
const MANAGERS: readonly (readonly [RegExp, string])[] = [
  [/\/nix\/store\//u, 'home-manager or Nix'],
  [/(?:^|\/)\.\.data\//u, 'Kubernetes'],
  [/chezmoi/u, 'chezmoi'],
  [/(?:stow|dotfiles)/u, 'stow or another dotfiles manager'],
];

/**
 * Resolves a path with symbolic links, and checks that neither its target nor a folder on the way belongs to another user,
 * who could change what is read (docs/decisions/0014).
 *
 * @returns the path without links.
 * @throws StorageError if something on the way belongs to another user, or the path is broken.
 */
export async function requireTrustedTarget(path: string): Promise<string> {
  return follow(path, path, 0, new Set(foldersAbove(path)));
}

/** Follows the links of `path` one at a time. Folders in `known` are not checked: the path passes them without a link. */
async function follow(path: string, named: string, links: number, known: Set<string>): Promise<string> {
  for (const part of [...foldersAbove(path).reverse(), path]) {
    const stat = await lstat(part).catch((error) => {
      if (error.code === 'ENOENT' && part !== named)
        throw new StorageError(
          `${named} leads through a symbolic link to ${part}, which does not exist.`,
          restoreOrRemove(named),
        );
      throw explainFileError('read', named, error);
    });
    if (!known.has(part)) {
      await requireTrusted(stat, part, named);
      known.add(part);
    }
    if (!stat.isSymbolicLink()) continue;
    if (links === MAX_LINKS)
      throw new StorageError(
        `${named} leads to a loop of symbolic links.`,
        'Remove the link, then try again.',
      );
    const next = resolve(dirname(part), await readlink(part), path.slice(part.length + 1));
    return follow(next, named, links + 1, known);
  }
  return path;
}

async function requireTrusted(owner: { uid: number }, part: string, named: string): Promise<void> {
  if (isOwnOrRoots(owner) || (await isTrustedByRoot(owner, named)) || (await isUnnamedRoot(owner, part)))
    return;
  throw new StorageError(
    `${named} leads through a symbolic link to ${part}, which belongs to ${userName(owner.uid)}, who could change what is read.`,
    `Replace the link with a copy of your own: ${replaceLink(named)}`,
  );
}

/** Returns true if root runs vastai in the home of the user who owns the target, as with sudo. */
async function isTrustedByRoot({ uid }: { uid: number }, named: string): Promise<boolean> {
  return process.geteuid?.() === 0 && (await lstat(dirname(named))).uid === uid;
}

/** Returns true for a folder of root's in a user namespace, where root has no id: it has the same owner as `/`. */
async function isUnnamedRoot({ uid }: { uid: number }, part: string): Promise<boolean> {
  const [root, stat] = await Promise.all([lstat('/'), lstat(part)]);
  return stat.isDirectory() && root.uid === uid;
}

/**
 * Checks that a missing file is not missing because of a broken link above it: on a disk that is not mounted, there may be a
 * key.
 *
 * @throws StorageError that names the link.
 */
export async function requireNoBrokenLinkAbove(path: string): Promise<void> {
  const home = homeFolder();
  for (const above of foldersAbove(path)) {
    if (above === home) return;
    const there = lookAt(above);
    if (there === undefined) continue;
    if (there.isSymbolicLink() && (await isBroken(above))) await requireTrustedTarget(above);
    return;
  }
}

/** Returns the stats of a file; `undefined` if they cannot be read. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

async function isBroken(link: string): Promise<boolean> {
  return stat(link).then(
    () => false,
    (error) => error.code === 'ENOENT',
  );
}

/** Returns the error for a link that vastai does not write through. */
export async function linkError(
  path: string,
  what = 'keys and settings are never written through a link',
): Promise<StorageError> {
  const target = await readlink(path).catch(() => 'another place');
  if (await isBroken(path))
    return new StorageError(
      `${path} is a symbolic link to ${target}, which does not exist, and ${what}.`,
      restoreOrRemove(path),
    );
  return new StorageError(
    `${path} is a symbolic link to ${target}, and ${what}.`,
    recoveryHint(path, target),
  );
}

/** Throws if a path is a symbolic link. @throws StorageError */
export async function refuseLink(path: string, what?: string): Promise<void> {
  if (await isLink(path)) throw await linkError(path, what);
}

/** Returns true if a path is a symbolic link; false if it cannot be examined. */
export async function isLink(path: string): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  return stat?.isSymbolicLink() === true;
}

function restoreOrRemove(link: string): string {
  return `Restore its target, or remove the link: rm ${shellWord(link)}`;
}

function recoveryHint(path: string, target: string): string {
  const [, manager] = MANAGERS.find(([pattern]) => pattern.test(target)) ?? [];
  const by =
    manager === undefined ? 'the program that made the link' : `${manager}, which seems to manage it`;
  return `Change it with ${by}, or replace it with a copy of your own: ${replaceLink(path)}`;
}

/** Returns the command that replaces a link with a real file or folder. `mv` replaces the link, not its target. */
function replaceLink(path: string): string {
  const [link, copy] = [shellWord(path), shellWord(`${path}.copy`)];
  return `cp -RL ${link} ${copy} && chmod -R go=,u+rwX ${copy} && rm ${link} && mv ${copy} ${link}`;
}

/** Returns the folders above a path, nearest first. */
function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...foldersAbove(above)];
}
