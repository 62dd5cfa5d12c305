import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Goes on as the owner of a folder, where root would write into another user's: oclif and npm make many files there,
 * and the user could neither update nor remove them after one `sudo vastai plugins install`.
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
    // A container may forbid it; the files are root's then, as they were made.
  }
}

async function nearestThere(folder: string): Promise<{ uid: number; gid: number }> {
  return (await lstat(folder).catch(() => undefined)) ?? nearestThere(dirname(folder));
}
