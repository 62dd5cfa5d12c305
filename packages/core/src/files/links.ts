import { lstatSync, type Stats } from 'node:fs';
import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StorageError } from '../base/errors.js';
import { shellWord } from '../base/shell-word.js';
import { explainFileError } from './file-error.js';
import { homeFolder } from './home.js';
import { isOwnOrRoots } from './ownership.js';
import { userName } from './user-name.js';

/** As many links as Linux follows in one path. */
const MAX_LINKS = 40;

/** What puts links into a home, by what its targets look like. */
const MANAGERS: readonly (readonly [RegExp, string])[] = [
  [/\/nix\/store\//u, 'home-manager or Nix'],
  [/(?:^|\/)\.\.data\//u, 'Kubernetes'],
  [/chezmoi/u, 'chezmoi'],
  [/(?:stow|dotfiles)/u, 'stow or another dotfiles manager'],
];

/**
 * Makes sure that a path with symbolic links leads where only this user and root can change what is read: neither
 * the target nor a folder on the way to it may belong to anybody else. See docs/decisions/0014.
 *
 * @returns the path without links.
 * @throws StorageError when it does not, or leads nowhere.
 */
export async function requireTrustedTarget(path: string): Promise<string> {
  return follow(path, path, 0, new Set(foldersAbove(path)));
}

/** Follows the links of `path` one at a time; `known` folders are those that a path without links leads through. */
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
        `${named} leads in a circle of symbolic links.`,
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
    `${named} leads through a symbolic link, and ${part} on its way belongs to ${userName(owner.uid)}, who could change what is read.`,
    `Put a copy of your own in the place of the link: ${replaceLink(named)}`,
  );
}

/** With sudo the home is another user's, and that user's links lead to what is theirs. */
async function isTrustedByRoot({ uid }: { uid: number }, named: string): Promise<boolean> {
  return process.geteuid?.() === 0 && (await lstat(dirname(named))).uid === uid;
}

/** In a user namespace root's folders seem to belong to nobody, and `/` is always root's. */
async function isUnnamedRoot({ uid }: { uid: number }, part: string): Promise<boolean> {
  const [root, stat] = await Promise.all([lstat('/'), lstat(part)]);
  return stat.isDirectory() && root.uid === uid;
}

/**
 * Makes sure that nothing is at `path` because nothing was put there, and not because a link above it leads nowhere:
 * behind a disk that is not mounted there may be a key.
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

/** Says that something is not written through a link, or removed with one, and what to do. */
export async function linkError(
  path: string,
  what = 'keys and settings are never written through one',
): Promise<StorageError> {
  const target = await readlink(path).catch(() => 'another place');
  if (await isBroken(path))
    return new StorageError(
      `${path} is a symbolic link to ${target}, which does not exist, and ${what}.`,
      restoreOrRemove(path),
    );
  return new StorageError(`${path} is a symbolic link to ${target}, and ${what}.`, waysOut(path, target));
}

/** @throws StorageError for a symbolic link. */
export async function refuseLink(path: string, what?: string): Promise<void> {
  if (await isLink(path)) throw await linkError(path, what);
}

/** Whether a path is a symbolic link itself; one that cannot be looked at is none. */
export async function isLink(path: string): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  return stat?.isSymbolicLink() === true;
}

function restoreOrRemove(link: string): string {
  return `Restore what it leads to, or remove the link: rm ${shellWord(link)}`;
}

function waysOut(path: string, target: string): string {
  const [, manager] = MANAGERS.find(([pattern]) => pattern.test(target)) ?? [];
  const by = manager === undefined ? 'what made the link' : `${manager}, which seems to manage it`;
  return `Change it with ${by}, or put a copy of your own in its place: ${replaceLink(path)}`;
}

/** The command that makes a real file or folder of a link; `mv` replaces the link and not what it leads to. */
function replaceLink(path: string): string {
  const [link, copy] = [shellWord(path), shellWord(`${path}.copy`)];
  return `cp -RL ${link} ${copy} && chmod -R go=,u+rwX ${copy} && rm ${link} && mv ${copy} ${link}`;
}

/** The folders above a path, the nearest first. */
function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...foldersAbove(above)];
}
