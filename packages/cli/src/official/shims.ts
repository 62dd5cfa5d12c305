import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { executableAt } from './executable.js';

/**
 * Returns the programs that a shim of pyenv, asdf, mise and the like may start, without symbolic links. Each of them keeps
 * its shims in `shims/`, and what they start beside it, in `versions/VERSION/bin/` or `installs/TOOL/VERSION/bin/`.
 *
 * @param path where the shim was found, which may be a link to the version manager
 * @returns `undefined` if the file is not a shim
 */
export function behindShim(path: string): readonly string[] | undefined {
  const folder = dirname(path);
  if (basename(folder) !== 'shims') return undefined;
  const root = dirname(folder);
  const tools = below(join(root, 'installs'));
  const versions = [join(root, 'versions'), ...tools].flatMap(below);
  const programs = versions.flatMap((version) => executableAt(join(version, 'bin', basename(path))) ?? []);
  // Versions have links beside them, such as "latest".
  return [...new Set(programs)];
}

function below(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
