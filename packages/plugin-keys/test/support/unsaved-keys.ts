import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Harness } from '@vastai-cli/testing/harness';

/** Returns the paths, relative to the home folder, of files with keys that were neither saved nor printed. */
export async function unsavedKeys({ home }: Pick<Harness, 'home'>): Promise<string[]> {
  const folder = join('.config', 'vastai');
  const names = await readdir(home.at(folder)).catch(() => []);
  return names.filter((name) => name.startsWith('unsaved-key.')).map((name) => join(folder, name));
}
