import { existsSync, readdirSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import type { Environment } from '@vastai-cli/core/internal/base/environment';

/** The Python packages of the official CLI and SDK. */
const PACKAGES = ['vastai', 'vastai_sdk'];
const FOLDERS = ['site-packages', 'dist-packages'];

/** Returns the version of the official CLI that is installed beside a program, as pip notes it; `undefined` if it does not. */
export function versionBeside(program: string): string | undefined {
  const notes = packageFolders(dirname(dirname(program))).flatMap((folder) =>
    namesIn(folder).flatMap(
      (name) => /^vastai-(?<version>.+)\.dist-info$/u.exec(name)?.groups?.version ?? [],
    ),
  );
  return notes[0];
}

/** Returns true if a Python whose programs are on PATH has the official SDK, which reads the key file. */
export function isSdkOnPath({ PATH = '' }: Environment): boolean {
  const folders = PATH.split(delimiter).filter((folder) => isAbsolute(folder) && basename(folder) === 'bin');
  return [...new Set(folders.map(dirname))]
    .flatMap(packageFolders)
    .some((folder) => PACKAGES.some((name) => existsSync(join(folder, name))));
}

/** Returns the folders in which the Pythons below a folder keep their packages. */
function packageFolders(prefix: string): string[] {
  const lib = join(prefix, 'lib');
  const pythons = namesIn(lib).filter((name) => name.startsWith('python'));
  return pythons.flatMap((python) => FOLDERS.map((folder) => join(lib, python, folder)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
