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

/** Reads oclif's list of installed plugins in dataDir; `undefined` if nothing was installed yet. */
export async function readDataManifest({ dataDir }: Config): Promise<DataManifest | undefined> {
  const text = await readFile(join(dataDir, 'package.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as DataManifest);
}

/** Returns true if a plugin is linked, or installed in the version of this CLI. */
export async function isInstalled(config: Config, name: string): Promise<boolean> {
  const document = await readDataManifest(config);
  const listed = document?.oclif?.plugins?.find((plugin) => plugin.name === name);
  if (listed === undefined) return false;
  return listed.type === 'link' || (await versionOnDisk(config, name)) === config.version;
}

/** Returns the version of a package in dataDir; `undefined` if it is missing. */
export async function versionOnDisk({ dataDir }: Config, name: string): Promise<string | undefined> {
  const path = join(dataDir, 'node_modules', name, 'package.json');
  const text = await readFile(path, 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { version?: string }).version;
}

/**
 * Downloads the installed official plugins in the version of this CLI, and makes oclif install those. Otherwise it would
 * install the newest ones from the registry, unverified.
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
