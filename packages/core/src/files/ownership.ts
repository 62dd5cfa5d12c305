import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Guidance } from '../base/advice.js';

/** The owner, the group and the mode of a file. */
export type Ownership = Pick<Stats, 'uid' | 'gid' | 'mode'>;

/** Returns true if a file belongs to the user. Always true on Windows, which has no user ids and protects a home itself. */
export function isOwn({ uid }: Pick<Ownership, 'uid'>): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

/** Returns true if a file belongs to the user, or to root, who can change everything anyway. */
export function isOwnOrRoots(file: Pick<Ownership, 'uid'>): boolean {
  return isOwn(file) || file.uid === 0;
}

/**
 * Returns true if users other than the owner can write to a file. A group with the same id as the owner does not count: many
 * systems give each user a private group, and make files writable for it.
 */
export function isOpenToOthers({ uid, gid, mode }: Ownership): boolean {
  if (process.platform === 'win32') return false;
  const isPrivateGroup = uid === gid && uid !== 0;
  return (mode & (isPrivateGroup ? 0o002 : 0o022)) !== 0;
}

/**
 * Returns how other users could change or replace a file, and how to fix it; `undefined` if they cannot. It counts private
 * groups too, because the file names a program to run, and vastai makes it writable only for its owner.
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
