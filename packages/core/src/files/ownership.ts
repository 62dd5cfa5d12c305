import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Guidance } from '../base/advice.js';

/** What the system says of who can change a file. */
export type Ownership = Pick<Stats, 'uid' | 'gid' | 'mode'>;

/** Tells whether a file is the user's own. Windows does not say, and keeps others out of a profile's folder itself. */
export function isOwn({ uid }: Pick<Ownership, 'uid'>): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

/** Tells whether a file belongs to the user or to root, who can change everything anyway. */
export function isOwnOrRoots(file: Pick<Ownership, 'uid'>): boolean {
  return isOwn(file) || file.uid === 0;
}

/**
 * Tells whether others than the owner can write to a file. On systems that give each user a group of the same number, files
 * are made for that group to write to, and nobody else is in it.
 */
export function isOpenToOthers({ uid, gid, mode }: Ownership): boolean {
  if (process.platform === 'win32') return false;
  const isPrivateGroup = uid === gid && uid !== 0;
  return (mode & (isPrivateGroup ? 0o002 : 0o022)) !== 0;
}

/**
 * Says how others could change a file or put another one in its place, and what to do about it. It is strict, also
 * about a private group: a program is run by what the file says, and vastai makes it for its owner alone.
 */
export async function reachOfOthers(
  file: string,
): Promise<{ readonly reason: string; readonly fix: Guidance } | undefined> {
  if (process.platform === 'win32') return undefined;
  const open: string[] = [];
  for (const path of [dirname(file), file]) {
    const behind = await Promise.all([lstat(path), stat(path)]);
    const other = behind.find((one) => !isOwnOrRoots(one));
    if (other !== undefined) {
      const isRoot = process.geteuid?.() === 0;
      const fix: Guidance = isRoot ? 'Run vastai as that user.' : [{ do: 'own', path, purpose: '' }];
      return { reason: `${path} belongs to another user (uid ${other.uid})`, fix };
    }
    if ((behind[1].mode & 0o022) !== 0) open.push(path);
  }
  if (open.length === 0) return undefined;
  return {
    reason: `other users can change ${open.join(' and ')}`,
    fix: [{ do: 'restrict', paths: open, purpose: '' }],
  };
}
