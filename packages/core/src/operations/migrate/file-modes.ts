import { chmod, lstat, readdir } from 'node:fs/promises';
import { StorageError } from '../../base/errors.js';
import type { Paths } from '../../config/paths.js';
import { explainFileError } from '../../files/file-error.js';
import type { Change, Step } from './step.js';

const OTHERS = 0o077;
/** Actions that remove a file, whose mode then no longer matters. */
const LEAVES: ReadonlySet<Change['action']> = new Set(['move', 'drop']);

/** Sets folders to 0700 and files to 0600, so that only the owner can read keys. Windows uses access control lists instead. */
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
        note: `Mode ${octal(now.mode)} lets other users open it.`,
      });
    }
    return changes;
  },

  async apply(_context, change) {
    // Never a link: `modeOf` leaves those out of the plan.
    await chmod(change.from, Number.parseInt(change.to, 8)).catch((error) => {
      throw explainFileError('change', change.from, error);
    });
  },

  async verify(_context, change) {
    const now = await modeOf(change.from);
    if (now === undefined || (now.mode & OTHERS) === 0) return;
    throw new StorageError(
      `The mode of ${change.from} did not change.`,
      'The file system may not support modes.',
    );
  },
};

async function privatePaths(paths: Paths): Promise<string[]> {
  const { profilesFolder } = paths;
  const isReal = (await modeOf(profilesFolder))?.isFolder === true;
  const entries = isReal ? await readdir(profilesFolder, { withFileTypes: true }).catch(() => []) : [];
  // The target of a symbolic link does not belong to vastai.
  const profiles = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const ofProfiles = profiles.flatMap((name) => [
    paths.profileFolder(name),
    ...(name === 'default' ? [] : [paths.keyFile(name)]),
    paths.sessionFile(name),
  ]);
  return [
    paths.configFolder,
    paths.settingsFile,
    paths.ledgerFile,
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
