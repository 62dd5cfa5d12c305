import { rmSync } from 'node:fs';
import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@oclif/core/interfaces';
import { writePrivateFile } from '@vastai-cli/core/internal/files/private-file';
import { DOWNLOADS } from './download.js';

/** What package.json in dataDir held before a change of plugins; only a process that was killed leaves it. */
const BEFORE = 'package.json.before';

/**
 * Notes that plugins are changed, so that the next process can put it right if this one is killed. A process that ends by
 * itself removes the note, before it gives the lock back: npm and oclif undo what they cannot finish.
 */
export async function beginChange({ dataDir }: Config): Promise<void> {
  const note = join(dataDir, BEFORE);
  await writePrivateFile(note, (await textOf(join(dataDir, 'package.json'))) ?? '');
  process.prependOnceListener('exit', () => rmSync(note, { force: true }));
}

/**
 * Puts right what a killed process left half-done. A list of plugins that was cut off gets its old content. Packages
 * that arrived during the change are removed, since their files may be incomplete: a plugin of vastai counts as missing
 * then, and is installed when it is next needed. Only under the lock.
 */
export async function healChange({ dataDir }: Config): Promise<void> {
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

/** Says whether plugins are being changed, or a process was killed while it did that. */
export async function isChangeUnfinished({ dataDir }: Config): Promise<boolean> {
  return (await textOf(join(dataDir, BEFORE))) !== undefined;
}

/** Finds the packages, those of scopes too, and npm's own notes beside them. */
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
