import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage } from '@vastai-cli/core/internal/files/find-package';
import type { KnownFlag } from './read-words.js';

/** A command as oclif.manifest.json describes it, as far as it is looked at here. */
export interface KnownCommand {
  readonly args: Readonly<Record<string, unknown>>;
  readonly flags?: Readonly<Record<string, KnownFlag>>;
  readonly strict?: boolean;
  readonly hidden?: boolean;
  readonly aliases?: readonly string[];
  readonly hiddenAliases?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly pluginName?: string;
  /** `jit` for a command of a plugin that is installed when it is first needed. */
  readonly pluginType?: string;
  /** Set by a command that looks at more of `this.config` than the quick way has; see kit's `BaseCommand`. */
  readonly wholeConfig?: boolean;
}

/** `package.json`, as far as it is looked at here. */
export interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, unknown>>;
  readonly oclif: {
    readonly additionalHelpFlags?: readonly string[];
    readonly additionalVersionFlags?: readonly string[];
    readonly bin?: string;
    readonly dirname?: string;
    readonly commands?: {
      readonly strategy?: string;
      readonly target?: string;
      readonly identifier?: string;
    };
    readonly hooks?: Readonly<Record<string, unknown>>;
    readonly plugins?: readonly string[];
    readonly devPlugins?: readonly string[];
    readonly topics?: Readonly<Record<string, Topic>>;
    /** Whether commands of this package may be run on the quick way. */
    readonly fastPath?: boolean;
  };
}

export interface Topic {
  readonly description?: string;
  readonly hidden?: boolean;
  readonly subtopics?: unknown;
}

/** The CLI, or a plugin, as it lies on the disk. */
export interface Package {
  readonly root: string;
  readonly file: PackageFile;
  readonly commands: Readonly<Record<string, KnownCommand>>;
}

/** What keeps the quick way from being taken. oclif's own way meets it too, and says what there is to say. */
export class NotOnFastPath extends Error {}

/** @throws Unusual, or what reading and parsing throw. */
export function readPackage(root: string): Package {
  const file = readJson(join(root, 'package.json')) as PackageFile;
  if (typeof file.oclif !== 'object') throw new NotOnFastPath();
  let read: Package['commands'] | undefined;
  return {
    root,
    file,
    get commands() {
      read ??= readCommands(root, file);
      return read;
    },
  };
}

/** @throws NotOnFastPath for a manifest that was made for another version. */
function readCommands(root: string, { version }: PackageFile): Package['commands'] {
  const manifest = readJson(join(root, 'oclif.manifest.json')) as Pick<Package, 'commands'> &
    Pick<PackageFile, 'version'>;
  if (manifest.version !== version) throw new NotOnFastPath();
  return manifest.commands;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Finds an installed package as Node would from a folder. @throws Unusual when it is not there. */
export function folderOf(name: string, from: string): string {
  const folder = findPackage(name, from);
  if (folder === undefined) throw new NotOnFastPath();
  return realpathSync(folder);
}
