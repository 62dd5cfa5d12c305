import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Harness } from '@vastai-cli/testing/harness';

/** The files, by their names in the home, of keys that could neither be saved nor printed so far. */
export async function unsavedKeys({ home }: Pick<Harness, 'home'>): Promise<string[]> {
  const folder = join('.config', 'vastai');
  const names = await readdir(home.at(folder)).catch(() => []);
  return names.filter((name) => name.startsWith('unsaved-key.')).map((name) => join(folder, name));
}
