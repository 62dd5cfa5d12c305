import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@oclif/core/interfaces';
import { replaceWhole } from '@vastai-cli/core/internal/files/atomic-write';
import { isReserved, verifiedSpec } from './official.js';

interface UserPlugin {
  readonly name: string;
  readonly type?: string;
  tag?: string;
  url?: string;
}

interface DataManifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly oclif?: { readonly plugins?: UserPlugin[] };
}

/** Reads what oclif notes in dataDir about the plugins that the user installed; `undefined` when there is nothing yet. */
export async function readDataManifest({ dataDir }: Config): Promise<DataManifest | undefined> {
  const text = await readFile(join(dataDir, 'package.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as DataManifest);
}

/** Says whether a plugin is in the list of oclif, and on the disk in the version of this CLI; one that is linked may have any. */
export async function isInstalled(config: Config, name: string): Promise<boolean> {
  const document = await readDataManifest(config);
  const listed = document?.oclif?.plugins?.find((plugin) => plugin.name === name);
  if (listed === undefined) return false;
  return listed.type === 'link' || (await versionOnDisk(config, name)) === config.version;
}

/** Returns the version of a package in dataDir; `undefined` when it is not there. */
export async function versionOnDisk({ dataDir }: Config, name: string): Promise<string | undefined> {
  const path = join(dataDir, 'node_modules', name, 'package.json');
  const text = await readFile(path, 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { version?: string }).version;
}

/**
 * Fetches the official plugins that are installed, in the version of this CLI, and has oclif install those: by itself it
 * would ask the registry for the newest ones, and take what it gets.
 *
 * @throws VastaiError as `verifiedSpec`
 */
export async function pinInstalled(config: Config): Promise<void> {
  const document = await readDataManifest(config);
  if (document === undefined) return;
  for (const plugin of document.oclif?.plugins ?? []) {
    if (plugin.type !== 'user' || !isReserved(config, plugin.name)) continue;
    plugin.tag = await verifiedSpec(config, plugin.name);
    delete plugin.url;
  }
  await replaceWhole(join(config.dataDir, 'package.json'), JSON.stringify(document, null, 2));
}
