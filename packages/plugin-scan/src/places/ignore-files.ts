import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DiskPath } from './folder-entries.js';
import { type IgnoreRules, readIgnoreRules, verdictOf } from './ignore-rules.js';
import { readRegularFile } from './read-file.js';

export const IGNORE_FILE = '.gitignore';
/** A longer file is not written by people, and its rules would only take time. */
const MAX_BYTES = 256 * 1024;

/** The rules that hold in a folder: its own, and those of the folders above it. */
export class IgnoreChain {
  readonly #above: IgnoreChain | undefined;
  readonly #rules: IgnoreRules;
  /** The folder's path below that of the chain above, ending with a slash. */
  readonly #below: string;

  constructor(rules: IgnoreRules = [], above?: IgnoreChain, name?: string) {
    this.#rules = rules;
    this.#above = above;
    this.#below = name === undefined ? '' : `${name}/`;
  }

  /** Returns true if a path, relative to the folder of this chain, is ignored. */
  ignores(path: string, isFolder: boolean): boolean {
    const verdict = this.#rules.length === 0 ? undefined : verdictOf(this.#rules, path, isFolder);
    return verdict ?? this.#above?.ignores(`${this.#below}${path}`, isFolder) ?? false;
  }

  /** Returns the chain of a folder in the folder of this one. */
  into(name: string, rules: IgnoreRules): IgnoreChain {
    return new IgnoreChain(rules, this, name);
  }
}

/** Reads a `.gitignore`. One that cannot be read has no rules, as for git: then more is looked at, and nothing is missed. */
export function readIgnoreFile(path: DiskPath): IgnoreRules {
  const bytes = readRegularFile(path);
  if (bytes === undefined || typeof bytes === 'string' || bytes.length > MAX_BYTES) return [];
  return readIgnoreRules(Buffer.from(bytes).toString('utf8'));
}

/** Returns the rules above a folder, up to the top of its repository; none outside a repository. */
export function chainAbove(folder: string): IgnoreChain {
  if (isTop(folder)) return new IgnoreChain();
  const names: string[] = [];
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    names.unshift(at.slice(dirname(at).length).replace(/^[/\\]/u, ''));
    if (isTop(dirname(at))) return chainFrom(dirname(at), names);
  }
  return new IgnoreChain();
}

/** Returns the top of the repository that a folder is in, if any. */
export function topOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (isTop(at)) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** @param names the folders from the top down to the one whose chain is meant, which reads its own rules */
function chainFrom(top: string, names: readonly string[]): IgnoreChain {
  let chain = new IgnoreChain(readIgnoreFile(join(top, IGNORE_FILE)));
  let at = top;
  for (const name of names.slice(0, -1)) {
    at = join(at, name);
    chain = chain.into(name, readIgnoreFile(join(at, IGNORE_FILE)));
  }
  return chain;
}

function isTop(folder: string): boolean {
  return lstatSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined;
}
