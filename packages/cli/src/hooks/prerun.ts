import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hook } from '@oclif/core/hooks';

type HookConfig = Parameters<Hook.Prerun>[0]['config'];

interface UserPlugins {
  readonly oclif?: { readonly plugins?: { readonly name: string; tag?: string; readonly url?: string }[] };
}

/** Before the commands that start npm: the environment without keys, which no package that is installed needs. */
function hideKeys(): void {
  delete process.env.VAST_API_KEY;
  delete process.env.VAST_API_KEY_FILE;
}

/** `plugins update` brings vastai's own plugins to the newest version that fits this CLI, not to the newest. */
async function retag(config: HookConfig): Promise<void> {
  const file = join(config.dataDir, 'package.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const document = JSON.parse(text) as UserPlugins;
  for (const plugin of document.oclif?.plugins ?? []) {
    const range = config.pjson.oclif.jitPlugins?.[plugin.name];
    if (range !== undefined && plugin.url === undefined) plugin.tag = range;
  }
  await writeFile(file, JSON.stringify(document, null, 2));
}

export const PRERUN: Hook.Prerun = async ({ Command, config }) => {
  if (Command.id?.split(':', 1)[0] !== 'plugins') return;
  hideKeys();
  if (Command.id === 'plugins:update') await retag(config);
};
