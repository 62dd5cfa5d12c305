import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHome } from '@vastai-cli/testing/home';
import { placePlugins, type UserPlugin } from '../../support/user-plugins.js';
import type { Registry } from './registry.js';
import { run } from './run.js';

const SPOILT = 'vastai-spoilt';

const STRANGERS: readonly UserPlugin[] = [
  { name: '@vastai-cli/plugin-account', version: '99.0.0', range: '^99.0.0', commands: ['show:user'] },
  { name: 'vastai-thief', commands: ['show:user', 'show:loot'] },
  { name: 'vastai-broken', commands: ['show:broken'], code: "throw new Error('no luck');" },
  { name: 'vastai-later', range: '^99.0.0', commands: ['show:later'] },
  { name: SPOILT, commands: ['show:spoilt'] },
];

/**
 * Publishes plugins that others made, or that are of another time: a next major version of ours, one that takes a
 * command of ours, one that cannot be loaded, one for a next major version (`vastai-later`), and one whose tarball was
 * exchanged later (`vastai-spoilt`).
 */
export async function publishStrangers(registry: Registry): Promise<void> {
  const home = await createHome();
  try {
    await placePlugins(home, STRANGERS);
    const folderOf = (name: string) => home.at('.local/share/vastai-cli/node_modules', name);
    for (const { name } of STRANGERS) await registry.publish(folderOf(name));
    await writeFile(join(folderOf(SPOILT), 'index.js'), 'exports.COMMANDS = {};');
    const { output } = await run('npm', ['pack', '--silent'], { cwd: folderOf(SPOILT), env: home.env });
    const name = output.trim();
    await copyFile(join(folderOf(SPOILT), name), join(registry.storage, SPOILT, name));
  } finally {
    await home.remove();
  }
}
