import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '../../base/errors.js';
import type { Paths } from '../../config/paths.js';
import { explainFileError } from '../../files/file-error.js';
import type { Change, Step } from './step.js';

const OTHERS = 0o077;
/** What makes a file go: its mode is of no matter then. */
const LEAVES: ReadonlySet<Change['action']> = new Set(['move', 'drop']);

/** Folders to 0700 and files to 0600: what holds keys is for its owner alone. Windows keeps access lists instead. */
export const fileModes: Step = {
  id: 'file-modes',

  async plan(context, _options, before) {
    if (process.platform === 'win32') return [];
    const leaving = new Set(before.filter(({ action }) => LEAVES.has(action)).map(({ from }) => from));
    const changes: Change[] = [];
    for (const path of await privatePaths(context.paths)) {
      const now = await modeOf(path);
      if (now === undefined || (now.mode & OTHERS) === 0 || leaving.has(path)) continue;
      changes.push({
        step: 'file-modes',
        action: 'mode',
        from: path,
        to: octal(now.isFolder ? 0o700 : 0o600),
        note: `Others can open it now (${octal(now.mode)}).`,
      });
    }
    return changes;
  },

  async apply(_context, change) {
    // A link in its place was not planned: `modeOf` looks at the path itself.
    await chmod(change.from, Number.parseInt(change.to, 8)).catch((error) => {
      throw explainFileError('change', change.from, error);
    });
  },

  async verify(_context, change) {
    const now = await modeOf(change.from);
    if (now === undefined || (now.mode & OTHERS) === 0) return;
    throw new StorageError(
      `The mode of ${change.from} did not change.`,
      'This file system may not keep modes.',
    );
  },
};

async function privatePaths(paths: Paths): Promise<string[]> {
  const profilesFolder = join(paths.configFolder, 'profiles');
  const isReal = (await modeOf(profilesFolder))?.isFolder === true;
  const entries = isReal ? await readdir(profilesFolder, { withFileTypes: true }).catch(() => []) : [];
  // What a symbolic link leads to is not this program's.
  const profiles = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const ofProfiles = profiles.flatMap((name) => [
    paths.profileFolder(name),
    ...(name === 'default' ? [] : [paths.keyFile(name)]),
    paths.sessionFile(name),
  ]);
  return [
    paths.configFolder,
    paths.settingsFile,
    paths.keyFile('default'),
    paths.legacyFile,
    paths.twoFactorFile,
    profilesFolder,
    ...ofProfiles,
  ];
}

async function modeOf(path: string): Promise<{ mode: number; isFolder: boolean } | undefined> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat === undefined || stat.isSymbolicLink()) return undefined;
  return { mode: stat.mode & 0o777, isFolder: stat.isDirectory() };
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
