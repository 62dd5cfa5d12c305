import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage } from '@vastai-cli/core/internal/files/find-package';
import { isMissing } from '@vastai-cli/core/internal/files/missing';
import type { KnownFlag } from './read-words.js';

/** Holds what is read here about a command: in oclif.manifest.json, or in the short list that the build makes of it. */
export interface KnownCommand {
  readonly args: Readonly<Record<string, unknown>>;
  readonly flags: readonly KnownFlag[];
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
  /** The text that lists its commands, as UTF-8: its short list, or its manifest if it has none. */
  readonly list: Buffer;
  readonly commands: Readonly<Record<string, KnownCommand>>;
}

/** Thrown if the fast path cannot run a command. The oclif path meets the same obstacle, and reports it. */
export class NotOnFastPath extends Error {}

/** Holds what `scripts/bundle/command-list.mjs` writes. Commands share most flags, so each has the positions of its flags. */
interface ShortList {
  readonly version: string;
  readonly flags: readonly KnownFlag[];
  readonly commands: Readonly<Record<string, Omit<KnownCommand, 'flags'> & { readonly flags: number[] }>>;
}

interface Manifest {
  readonly version: string;
  readonly flags?: undefined;
  readonly commands: Readonly<
    Record<string, Omit<KnownCommand, 'flags'> & { readonly flags?: Readonly<Record<string, KnownFlag>> }>
  >;
}

/** Reads a package. @throws NotOnFastPath, and errors from reading and parsing. */
export function readPackage(root: string): Package {
  const file = readJson(join(root, 'package.json')) as PackageFile;
  if (typeof file.oclif !== 'object') throw new NotOnFastPath();
  let list: Buffer | undefined;
  let commands: Package['commands'] | undefined;
  return {
    root,
    file,
    get list() {
      list ??= readList(root, file);
      return list;
    },
    get commands() {
      commands ??= parseCommands(this.list, file);
      return commands;
    },
  };
}

/** Most of a manifest is texts for help, which take 2 ms to parse for this CLI and two plugins. */
function readList(root: string, { oclif }: PackageFile): Buffer {
  const manifest = join(root, 'oclif.manifest.json');
  if (oclif.fastPath !== true) return readFileSync(manifest);
  try {
    return readFileSync(join(root, 'dist', 'command-list.json'));
  } catch (error) {
    if (!isMissing(error)) throw error;
    return readFileSync(manifest);
  }
}

/** @throws NotOnFastPath for a list that was made for another version. */
function parseCommands(text: Buffer, { version }: PackageFile): Package['commands'] {
  const list = JSON.parse(text.toString()) as ShortList | Manifest;
  if (list.version !== version) throw new NotOnFastPath();
  if (list.flags === undefined) {
    return withFlags(list.commands, ({ flags = {} }) => Object.values(flags));
  }
  const known = list.flags;
  return withFlags(list.commands, ({ flags }) => flags.flatMap((at) => known[at] ?? []));
}

function withFlags<T>(
  commands: Readonly<Record<string, T>>,
  flagsOf: (command: T) => readonly KnownFlag[],
): Record<string, Omit<T, 'flags'> & { flags: readonly KnownFlag[] }> {
  return Object.fromEntries(
    Object.entries(commands).map(([id, command]) => [id, { ...command, flags: flagsOf(command) }]),
  );
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
