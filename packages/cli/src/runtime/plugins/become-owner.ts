import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Switches to the owner of a folder if root would write to a folder of another user. oclif and npm create many files,
 * and after one `sudo vastai plugins install` the user could neither update nor remove them.
 */
export async function becomeOwnerOf(folder: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = await nearestThere(folder);
  if (uid === 0) return;
  try {
    process.setgroups?.([gid]);
    process.setgid?.(gid);
    process.setuid?.(uid);
  } catch {
    // A container may forbid it. The files then belong to root.
  }
}

async function nearestThere(folder: string): Promise<{ uid: number; gid: number }> {
  return (await lstat(folder).catch(() => undefined)) ?? nearestThere(dirname(folder));
}
