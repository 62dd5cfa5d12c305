import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@oclif/core/config';

/** What to say of the plugins that oclif could not load: which, why, and how to be rid of them. */
export async function leftOut(config: Config, failures: readonly Error[]): Promise<string[]> {
  const loaded = new Set([...config.plugins.values()].map(({ name }) => name));
  const names = (await installed(config)).filter((name) => !loaded.has(name));
  const why = failures.map(({ message }) => message.split('\n', 1)[0]).join('; ');
  if (names.length === 0) return [`A plugin could not be loaded: ${why}`];
  return [
    `Without ${names.join(', ')}, which could not be loaded: ${why}\n` +
      `To be rid of it: vastai plugins uninstall ${names.join(' ')}`,
  ];
}

async function installed({ dataDir }: Config): Promise<string[]> {
  const text = await readFile(join(dataDir, 'package.json'), 'utf8').catch(() => '{}');
  const { oclif } = JSON.parse(text) as { oclif?: { plugins?: readonly { readonly name: string }[] } };
  return (oclif?.plugins ?? []).map(({ name }) => name);
}
