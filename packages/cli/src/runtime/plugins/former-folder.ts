import { existsSync, lstatSync } from 'node:fs';
import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DOWNLOADS } from './download.js';
import { withPluginLock } from './one-at-a-time.js';
import { isLeft, LIST, pluginFolders } from './plugin-folders.js';

/** Lists what npm and vastai put into a folder of plugins. Its list of plugins comes last: until it is moved, the move is not over. */
const OURS = ['node_modules', 'verified', 'package-lock.json', 'yarn.lock', 'package.json.before'];

/**
 * Moves plugins out of the folder in which earlier versions installed them. The official CLI's installer has the same
 * folder, and its `uninstall` removes all of it. Where they cannot be moved, this run uses them from there.
 *
 * @param note receives a sentence about the move
 */
export async function leaveFormerFolder(env: NodeJS.ProcessEnv, note: (text: string) => void): Promise<void> {
  const { current, former } = pluginFolders(env) ?? {};
  if (current === undefined || former === undefined || !isLeft(current, former)) return;
  try {
    // Root would leave a folder that the user cannot change.
    const isOthers = process.geteuid?.() === 0 && lstatSync(former).uid !== 0;
    if (!isOthers) await withPluginLock({ dataDir: current }, note, () => move(former, current, note));
  } catch {
    // It may be read-only.
  }
  if (isLeft(current, former)) env.VASTAI_DATA_DIR = former;
}

async function move(former: string, current: string, note: (text: string) => void): Promise<void> {
  // Another process may have moved them in the meantime.
  if (!isLeft(current, former)) return;
  const downloads = (await readdir(former)).filter((name) => name.startsWith(DOWNLOADS));
  const names = [...OURS, ...downloads, LIST];
  try {
    for (const name of names) await moveOne(name, former, current);
  } catch (error) {
    // The list is still in the former folder, so everything else has to be there too.
    for (const name of names.toReversed())
      if (!existsSync(join(former, name))) await moveOne(name, current, former).catch(() => {});
    throw error;
  }
  await rmdir(former).catch(() => {});
  note(`Moved the installed plugins from ${former} to ${current}.`);
}

async function moveOne(name: string, from: string, to: string): Promise<void> {
  if (!existsSync(join(from, name))) return;
  // Without a list, what is there belongs to no plugin.
  await rm(join(to, name), { recursive: true, force: true });
  await rename(join(from, name), join(to, name));
}
