import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage } from '@vastai-cli/core/internal/files/find-package';
import type { KnownFlag } from './read-words.js';

/** Holds the fields of a command in oclif.manifest.json that are read here. */
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
  /** `jit` for a command whose plugin is installed when it is first needed. */
  readonly pluginType?: string;
  /** Set by a command that needs more of `this.config` than the fast path provides; see kit's `BaseCommand`. */
  readonly wholeConfig?: boolean;
}

/** Holds the fields of `package.json` that are read here. */
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
    readonly commands?: {
      readonly strategy?: string;
      readonly target?: string;
      readonly identifier?: string;
    };
    readonly hooks?: Readonly<Record<string, unknown>>;
    readonly plugins?: readonly string[];
    readonly devPlugins?: readonly string[];
    readonly topics?: Readonly<Record<string, Topic>>;
    /** True if commands of this package may run on the fast path. */
    readonly fastPath?: boolean;
  };
}

export interface Topic {
  readonly description?: string;
  readonly hidden?: boolean;
  readonly subtopics?: unknown;
}

/** Describes the CLI or a plugin on the disk. */
export interface Package {
  readonly root: string;
  readonly file: PackageFile;
  /** The text of its manifest, as UTF-8. */
  readonly manifest: Buffer;
  readonly commands: Readonly<Record<string, KnownCommand>>;
}

/** Thrown if the fast path cannot run a command. The oclif path meets the same obstacle, and reports it. */
export class NotOnFastPath extends Error {}

/** Reads a package. @throws NotOnFastPath, and errors from reading and parsing. */
export function readPackage(root: string): Package {
  const file = readJson(join(root, 'package.json')) as PackageFile;
  if (typeof file.oclif !== 'object') throw new NotOnFastPath();
  let manifest: Buffer | undefined;
  let commands: Package['commands'] | undefined;
  return {
    root,
    file,
    get manifest() {
      manifest ??= readFileSync(join(root, 'oclif.manifest.json'));
      return manifest;
    },
    get commands() {
      commands ??= parseCommands(this.manifest, file);
      return commands;
    },
  };
}

/** @throws NotOnFastPath for a manifest that was made for another version. */
function parseCommands(text: Buffer, { version }: PackageFile): Package['commands'] {
  const manifest = JSON.parse(text.toString()) as Pick<Package, 'commands'> & Pick<PackageFile, 'version'>;
  if (manifest.version !== version) throw new NotOnFastPath();
  return manifest.commands;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Finds an installed package as Node would from a folder. @throws NotOnFastPath if it is missing. */
export function folderOf(name: string, from: string): string {
  const folder = findPackage(name, from);
  if (folder === undefined) throw new NotOnFastPath();
  return realpathSync(folder);
}
