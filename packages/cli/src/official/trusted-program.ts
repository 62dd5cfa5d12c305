import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Guidance } from '@vastai-cli/core/internal/base/advice';
import { isOpenToOthers, isOwnOrRoots } from '@vastai-cli/core/internal/files/ownership';

/** The most symbolic links on the way to a program, as on Linux. */
const MOST_LINKS = 40;
const STICKY = 0o1000;
/** The groups whose members can become root: `wheel` or `root` everywhere, `admin` on macOS. */
const ROOTS_GROUPS = process.platform === 'darwin' ? [0, 80] : [0];

/** Says why a program is not run, and how to fix it. */
export interface Distrust {
  readonly reason: string;
  readonly fix: Guidance;
}

/**
 * Returns why another user could put a program of theirs in the place of a file: they own it, or can write to it, a
 * folder above it, or a folder that a symbolic link on the way leads through. `undefined` if nobody can.
 */
export function distrust(program: string): Distrust | undefined {
  if (process.platform === 'win32') return undefined;
  const root = lstatSync('/');
  for (const [path, stat] of onTheWayTo(program)) {
    // In a user namespace, root's files belong to the owner of "/", whatever its number is there.
    if (!isOwnOrRoots(stat) && stat.uid !== root.uid)
      return {
        reason: `${path} belongs to another user (uid ${stat.uid})`,
        fix: [{ do: 'own', path, purpose: 'If you trust it, make yourself the owner' }],
      };
    if (isWritableByOthers(stat))
      return { reason: `other users can change ${path}`, fix: [{ do: 'restrict', paths: [path] }] };
  }
  return undefined;
}

/** The mode of a link means nothing, and in a folder with the sticky bit, only the owner of a file can replace it. */
function isWritableByOthers(stat: Stats): boolean {
  if (stat.isSymbolicLink() || (stat.isDirectory() && (stat.mode & STICKY) !== 0)) return false;
  return ROOTS_GROUPS.includes(stat.gid) ? (stat.mode & 0o002) !== 0 : isOpenToOthers(stat);
}

/** Returns everything that has a say in which file a path leads to: folders, links, folders of their targets, the file. */
function onTheWayTo(path: string): Map<string, Stats> {
  const seen = new Map<string, Stats>();
  let rest = path;
  for (let links = 0; links <= MOST_LINKS; links += 1) {
    const link = [...foldersAbove(rest).reverse(), rest].find((part) => {
      const stat = seen.get(part) ?? lstatSync(part);
      seen.set(part, stat);
      return stat.isSymbolicLink();
    });
    if (link === undefined) break;
    rest = resolve(dirname(link), readlinkSync(link), rest.slice(link.length + 1));
  }
  return seen;
}

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...foldersAbove(above)];
}
