import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { executableAt } from './executable.js';
import { type ProgramKind, recognise } from './recognise.js';
import { behindShim } from './shims.js';

/** A program named `vastai`. */
export interface FoundProgram {
  /** The path that a shell would start. */
  readonly path: string;
  readonly kind: ProgramKind;
  /** The programs to start in its place: itself, or those of the official CLI behind a shim. */
  readonly targets: readonly string[];
}

const NAME = process.platform === 'win32' ? 'vastai.exe' : 'vastai';

/**
 * Finds the programs named `vastai` in the folders of PATH, in their order, one by one. Skips empty and relative entries:
 * the current folder may belong to anybody.
 *
 * @param ownRoot the folder of our own package
 */
export function* programsOnPath(environment: Environment, ownRoot: string): Generator<FoundProgram> {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  // The same folder may be there as "/bin" and "/bin/".
  for (const path of new Set(folders.map(programIn))) {
    const found = lookAt(path, environment, ownRoot);
    if (found !== undefined) yield found;
  }
}

/**
 * Returns the path of the program in a folder. Keeps "..": behind a link, the system reads it in another way than "join".
 */
function programIn(folder: string): string {
  return folder.split(sep).includes('..') ? `${folder}${sep}${NAME}` : join(folder, NAME);
}

/** Recognises the program at a path; `undefined` if a shell would start nothing there. */
export function lookAt(path: string, environment: Environment, ownRoot: string): FoundProgram | undefined {
  const program = executableAt(path);
  if (program === undefined) return undefined;
  const kindOf = (one: string) => recognise(one, realpathSync(ownRoot), environment);
  const behind = behindShim(path);
  if (behind === undefined) return { path, kind: kindOf(program), targets: [path] };
  const targets = behind.filter((one) => kindOf(one) === 'official');
  if (targets.length > 0) return { path, kind: 'official', targets };
  return { path, kind: behind.map(kindOf)[0] ?? 'unknown', targets: [] };
}
