import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hook } from '@oclif/core/hooks';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { isObject } from '@vastai-cli/core/internal/base/json-object';
import { shortName } from './fit.js';

type Config = Parameters<Hook.Prerun>[0]['config'];

/** @throws UsageError for a plugin to look at that is not here; oclif would ask the registry for it first. */
export async function requireInstalled(argv: readonly string[], config: Config): Promise<void> {
  const { aliases = {}, jitPlugins = {} } = config.pjson.oclif;
  const named = argv.filter((word) => !word.startsWith('-'));
  for (const word of named.length === 0 ? ['.'] : named) {
    const name = word === '.' ? await nameOf(word) : (aliases[word] ?? word);
    if (config.plugins.has(name)) continue;
    throw new UsageError(
      'This plugin is not installed.',
      Object.hasOwn(jitPlugins, name)
        ? `Install it: vastai plugins install ${shortName(name)}`
        : 'See which plugins there are: vastai plugins',
    );
  }
}

async function nameOf(folder: string): Promise<string> {
  const { name } = await packageIn(folder);
  return typeof name === 'string' ? name : '';
}

/** @throws UsageError for a folder to link that holds no plugin. */
export async function requirePlugin(argv: readonly string[]): Promise<void> {
  const folder = argv.find((word) => !word.startsWith('-')) ?? '.';
  const { oclif } = await packageIn(folder);
  if (isObject(oclif)) return;
  throw new UsageError(
    'The package.json of this folder has no "oclif", so it is no plugin.',
    'Give the folder of a plugin: vastai plugins link FOLDER',
  );
}

interface PackageFile {
  readonly name?: unknown;
  readonly oclif?: unknown;
}

async function packageIn(folder: string): Promise<PackageFile> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageFile;
  } catch {
    throw new UsageError(
      'This folder has no package.json that can be read.',
      'Give the name or the folder of a plugin. See which plugins there are: vastai plugins',
    );
  }
}
