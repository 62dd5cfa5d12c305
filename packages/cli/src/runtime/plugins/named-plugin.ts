import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hook } from '@oclif/core/hooks';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { isObject } from '@vastai-cli/core/internal/base/json-object';
import { shortName } from './fit.js';

type Config = Parameters<Hook.Prerun>[0]['config'];

/** Checks that a plugin to inspect is installed. oclif would ask the registry for it. @throws UsageError if it is not. */
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
        : 'List the plugins: vastai plugins',
    );
  }
}

async function nameOf(folder: string): Promise<string> {
  const { name } = await packageIn(folder);
  return typeof name === 'string' ? name : '';
}

/** Checks that a folder to link holds a plugin. @throws UsageError if it does not. */
export async function requirePlugin(argv: readonly string[]): Promise<void> {
  const folder = argv.find((word) => !word.startsWith('-')) ?? '.';
  const { oclif } = await packageIn(folder);
  if (isObject(oclif)) return;
  throw new UsageError(
    'The package.json of this folder has no "oclif", so it is not a plugin.',
    'Pass the folder of a plugin: vastai plugins link FOLDER',
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
      'This folder has no package.json, or it cannot be read.',
      'Pass the name or the folder of a plugin. List the plugins: vastai plugins',
    );
  }
}
