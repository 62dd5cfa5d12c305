import { realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { partsOfInputFile } from '@vastai-cli/kit/input/files';
import { KeyScanner } from '@vastai-cli/leak-scan';
import type { Collected, Origin } from '../keys/collected.js';
import type { Breath } from './breath.js';
import { type DiskPath, type Entry, entriesOf } from './folder-entries.js';
import { chainAbove, IGNORE_FILE, IgnoreChain, readIgnoreFile, topOf } from './ignore-files.js';
import { readRegularFile } from './read-file.js';

/** A folder that is still to be looked through. */
interface Folder {
  /** The path for people; empty for the current folder. */
  readonly shown: string;
  readonly at: DiskPath;
  readonly name: string;
  /** The rules of the folder above. */
  readonly chain: IgnoreChain;
}

/**
 * Looks for keys in files, and in all files below folders that no `.gitignore` leaves out. Follows no link, but for one that a
 * person named.
 *
 * @param paths as a person gave them; `-` is standard input
 * @throws UsageError if one does not exist or cannot be read, before anything is looked at
 */
export async function scanFiles(paths: readonly string[], into: Collected, breath: Breath): Promise<void> {
  const roots = paths.map((path) => ({ path, stat: path === '-' ? undefined : statOf(path) }));
  const walk = new Walk(into, breath);
  for (const { path, stat } of roots) {
    if (stat?.isDirectory()) await walk.folder(path);
    else if (stat?.isFile()) walk.namedFile(path);
    else if (stat === undefined || stat.isFIFO() || stat.isSocket() || isOpenAlready(path))
      await scanStream(path, into, breath);
    else into.skip({ path }, 'special');
  }
}

/** Looks through a stream part by part, however long it is. */
async function scanStream(path: string, into: Collected, breath: Breath): Promise<void> {
  const origin = { path: path === '-' ? '<stdin>' : path, lasting: path };
  const scanner = new KeyScanner({ path: '', isKnown: into.isKnown });
  const found = [];
  for await (const part of partsOfInputFile(path)) {
    found.push(...scanner.push(part));
    await breath.take();
  }
  into.add(origin, [...found, ...scanner.end()], scanner.allowed);
}

/** Returns true for `/dev/stdin` and what a shell makes of `<(…)`. */
function isOpenAlready(path: string): boolean {
  return /^\/(?:dev\/(?:fd\/|stdin$)|proc\/self\/fd\/)/u.test(path);
}

function statOf(path: string): Stats {
  if (path === '') throw new UsageError('The file name is empty.');
  try {
    return statSync(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(missing ? `${path}: no such file` : explainFileError('read', path, error).message);
  }
}

class Walk {
  readonly #into: Collected;
  readonly #breath: Breath;
  readonly #base: string;
  readonly #roots: string[] = [];
  /** Records what was checked, so that paths inside each other count once. */
  readonly #seen = new Set<string>();

  constructor(into: Collected, breath: Breath) {
    this.#into = into;
    this.#breath = breath;
    const here = realpathSync('.');
    this.#base = topOf(here) ?? here;
  }

  namedFile(path: string): void {
    const place = realpathSync(path);
    if (this.#isSeen(place)) return;
    const content = readRegularFile(path, { followLink: true });
    if (content === 'unreadable') throw new UsageError(`Cannot read ${path}: permission denied.`);
    this.#take({ path: tidy(path), lasting: this.#lasting(place) }, content);
  }

  async folder(path: string): Promise<void> {
    const at = realpathSync(path);
    this.#roots.push(at);
    const given = tidy(path);
    const waiting: Folder[] = [
      { shown: given === '.' ? '' : given, at, name: basename(at), chain: chainAbove(at) },
    ];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const inside: Folder[] = [];
      for (const entry of this.#list(folder)) {
        const shown = joined(folder.shown, entry.name);
        if (entry.kind === 'folder') inside.push({ ...entry, shown, chain: entry.chain });
        else this.#file(entry, shown);
        await this.#breath.take();
      }
      waiting.push(...inside.reverse());
    }
  }

  /** Lists what is in a folder and not ignored. */
  #list(folder: Folder): (Entry & { readonly chain: IgnoreChain })[] {
    let entries: Entry[];
    try {
      entries = entriesOf(folder.at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.#into.skip({ path: folder.shown || '.' }, 'unreadable');
      return [];
    }
    const chain = chainOf(folder, entries);
    return entries
      .filter(({ name, kind }) => name !== '.git' && !chain.ignores(name, kind === 'folder'))
      .map((entry) => ({ ...entry, chain }));
  }

  #file({ at, kind }: Entry, shown: string): void {
    if (kind === 'file') {
      const place = typeof at === 'string' ? at : at.toString('latin1');
      if (!this.#isSeen(place))
        this.#take({ path: shown, lasting: this.#lasting(String(at)) }, readRegularFile(at));
    } else if (kind === 'special') this.#into.skip({ path: shown }, 'special');
    else if (this.#leadsOut(at)) this.#into.skip({ path: shown }, 'link');
  }

  #take(origin: Origin, content: ReturnType<typeof readRegularFile>): void {
    if (typeof content === 'string') this.#into.skip(origin, content);
    else if (content !== undefined) this.#into.take(origin, content);
  }

  #isSeen(place: string): boolean {
    if (this.#seen.has(place)) return true;
    this.#seen.add(place);
    return false;
  }

  /** Returns true for a link to something that is not looked at anyway. */
  #leadsOut(at: DiskPath): boolean {
    try {
      const target = realpathSync(at);
      return !this.#roots.some(
        (root) => target === root || target.startsWith(root.endsWith(sep) ? root : root + sep),
      );
    } catch {
      // It leads nowhere, or in a circle.
      return false;
    }
  }

  #lasting(place: string): string {
    return withSlashes(relative(this.#base, resolve(place)));
  }
}

/** Returns the rules for the files in a folder. Those of a repository do not hold in another one inside it. */
function chainOf({ name, chain }: Folder, entries: readonly Entry[]): IgnoreChain {
  const file = entries.find((entry) => entry.name === IGNORE_FILE && entry.kind === 'file');
  const rules = file === undefined ? [] : readIgnoreFile(file.at);
  const isTop = entries.some((entry) => entry.name === '.git');
  return isTop ? new IgnoreChain(rules) : chain.into(name, rules);
}

/** Returns a path as a person would write it, without `./` in front. */
function tidy(path: string): string {
  return withSlashes(join(path)).replace(/(?<=.)\/$/u, '');
}

function joined(folder: string, name: string): string {
  return folder === '' || folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

function withSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
