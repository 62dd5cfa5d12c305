import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Guidance } from '@vastai-cli/core/internal/base/advice';
import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import { isOpenToOthers, isOwn, isOwnOrRoots } from '@vastai-cli/core/internal/files/ownership';
import { interpretersOf } from './interpreters.js';

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
 *
 * What runs a script must not be writable for others either. It may belong to anybody: on many machines, Python is
 * installed by an account of its own, and pip wrote the path of the one that the user chose.
 */
export function distrust(program: string, environment: Environment): Distrust | undefined {
  if (process.platform === 'win32') return undefined;
  const root = lstatSync('/');
  const way = [...onTheWayTo(program)];
  for (const [path, stat] of way) {
    // In a user namespace, root's files belong to the owner of "/", whatever its number is there.
    if (!isOwnOrRoots(stat) && stat.uid !== root.uid)
      return {
        reason: `${path} belongs to another user (uid ${stat.uid})`,
        fix:
          process.geteuid?.() === 0
            ? 'Run vastai as that user.'
            : [{ do: 'own', path, purpose: 'If you trust it, make yourself the owner' }],
      };
  }
  const open = way.filter(([, stat]) => isWritableByOthers(stat));
  if (open.length > 0) return openToOthers(open);
  for (const interpreter of interpretersOf(program, environment)) {
    const openToo = [...onTheWayTo(interpreter)].filter(([, stat]) => isWritableByOthers(stat));
    if (openToo.length > 0) return openToOthers(openToo, `it is run by ${interpreter}, and `);
  }
  return undefined;
}

/** Names the first of the files that others can change, and fixes all of them. */
function openToOthers(open: readonly [string, Stats][], why = ''): Distrust {
  const paths = open.map(([path]) => path);
  const needsRoot = open.some(([, stat]) => !isOwn(stat));
  const command = `sudo chmod go-w ${paths.map(shellWord).join(' ')}`;
  return {
    reason: `${why}other users can change ${paths[0]}`,
    fix: needsRoot ? `Let only its owner write to it: ${command}` : [{ do: 'restrict', paths }],
  };
}

/** The mode of a link means nothing, and in a folder with the sticky bit, only the owner of a file can replace it. */
function isWritableByOthers(stat: Stats): boolean {
  if (stat.isSymbolicLink() || (stat.isDirectory() && (stat.mode & STICKY) !== 0)) return false;
  return ROOTS_GROUPS.includes(stat.gid) ? (stat.mode & 0o002) !== 0 : isOpenToOthers(stat);
}

/**
 * Returns everything that has a say in which file an absolute path leads to: folders, links, folders of their targets, the
 * file. Reads `..` as the system does, which follows the links in front of it first.
 */
function onTheWayTo(path: string): Map<string, Stats> {
  const seen = new Map([['/', lstatSync('/')]]);
  const left = namesIn(path);
  let at = '/';
  for (let links = 0; left.length > 0 && links <= MOST_LINKS; ) {
    const name = left.shift() as string;
    // Folders have no links in their paths here, so that this is what the system does.
    const next = join(at, name);
    const stat = lstatSync(next);
    seen.set(next, stat);
    if (!stat.isSymbolicLink()) {
      at = next;
      continue;
    }
    links += 1;
    const target = readlinkSync(next);
    left.unshift(...namesIn(target));
    if (isAbsolute(target)) at = '/';
  }
  return seen;
}

function namesIn(path: string): string[] {
  return path.split('/').filter(Boolean);
}
