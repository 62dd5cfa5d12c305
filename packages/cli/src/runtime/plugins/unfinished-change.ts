import { rmSync } from 'node:fs';
import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@oclif/core/interfaces';
import { writePrivateFile } from '@vastai-cli/core/internal/files/private-file';
import { DOWNLOADS } from './download.js';

/** The copy of package.json in dataDir from before a change of plugins. Only a killed process leaves it. */
const BEFORE = 'package.json.before';

/**
 * Records that plugins are changing, so that the next process can repair them if this one is killed. A process that ends
 * normally removes the record before it releases the lock: npm and oclif undo what they cannot finish.
 */
export async function beginChange({ dataDir }: Config): Promise<void> {
  const note = join(dataDir, BEFORE);
  await writePrivateFile(note, (await textOf(join(dataDir, 'package.json'))) ?? '');
  process.prependOnceListener('exit', () => rmSync(note, { force: true }));
}

/**
 * Repairs what a killed process left unfinished. A truncated list of plugins gets its old content. Packages that were
 * installed during the change are removed, because their files may be incomplete; official plugins are installed again
 * when they are needed. The caller must hold the lock.
 */
export async function healChange({ dataDir }: Pick<Config, 'dataDir'>): Promise<void> {
  const note = join(dataDir, BEFORE);
  const before = await textOf(note);
  if (before === undefined) return;
  const { mtimeMs: began } = await lstat(note);
  const list = join(dataDir, 'package.json');
  if (!isDocument(await textOf(list))) {
    if (isDocument(before)) await writePrivateFile(list, before);
    else await rm(list, { force: true });
  }
  for (const path of await packagesIn(join(dataDir, 'node_modules')))
    if ((await lstat(path)).ctimeMs >= began) await rm(path, { recursive: true, force: true });
  for (const name of await namesIn(dataDir))
    if (name.startsWith(DOWNLOADS)) await rm(join(dataDir, name), { recursive: true, force: true });
  await rm(note);
}

/** Returns true if a process is changing plugins, or was killed while it did. */
export async function isChangeUnfinished({ dataDir }: Config): Promise<boolean> {
  return (await textOf(join(dataDir, BEFORE))) !== undefined;
}

/** Returns the paths of the packages, including scoped ones, and of npm's own files next to them. */
async function packagesIn(modules: string): Promise<string[]> {
  const names = await namesIn(modules);
  const paths = names.map(async (name) => {
    if (!name.startsWith('@')) return [join(modules, name)];
    return (await namesIn(join(modules, name))).map((below) => join(modules, name, below));
  });
  return (await Promise.all(paths)).flat();
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function isDocument(text: string | undefined): boolean {
  try {
    return typeof JSON.parse(text ?? '') === 'object';
  } catch {
    return false;
  }
}
