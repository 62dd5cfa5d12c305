import { chown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Harness } from '@vastai-cli/testing/harness';

/** User ids that no system of ours has a name for. */
export const NAMELESS = 12_345;
export const THIRD = 23_456;

/** Only root on Linux can become somebody else. */
export const canBeOthers = process.platform === 'linux' && process.getuid?.() === 0;

/** The command that starts a program as a user without a name and without root's rights. */
export const AS_NAMELESS: readonly string[] = [
  'setpriv',
  '--reuid',
  String(NAMELESS),
  '--regid',
  String(NAMELESS),
  '--clear-groups',
];

/** Gives the home, and all that is in it, to a user. */
export async function giveHome({ home }: Harness, uid: number): Promise<void> {
  for (const path of await allBelow(home.path)) await chown(path, uid, uid).catch(() => {});
}

/** The owners of everything in the home. */
export async function ownersIn({ home }: Harness): Promise<number[]> {
  const stats = await Promise.all((await allBelow(home.path)).map((path) => lstat(path)));
  return [...new Set(stats.map(({ uid }) => uid))];
}

async function allBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true });
  return [path, ...entries.map((name) => join(path, name))];
}
