import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { pathsOf } from '@vastai-cli/core/internal/config/paths';
import { isBelow } from '@vastai-cli/core/internal/files/home';
import { firstBytes } from './first-bytes.js';

/** Says whose program a file is: this one, another copy of vastai-cli, the official CLI, or none that is known. */
export type ProgramKind = 'this' | 'copy' | 'official' | 'unknown';

/**
 * Recognises a program by its path and its first bytes. Never runs it.
 *
 * @param program the path without symbolic links
 * @param ownRoot the folder of our own package, without symbolic links
 */
export function recognise(program: string, ownRoot: string, environment: Environment): ProgramKind {
  if (isBelow(program, ownRoot)) return 'this';
  const text = firstBytes(program);
  if (isOurs(program, text)) return 'copy';
  if (isPython(text) && text.includes('vastai')) return 'official';
  return isManaged(program, environment) ? 'official' : 'unknown';
}

/** Returns true for a program in the folder of the official install script, where npm's packages of ours once were too. */
function isManaged(program: string, environment: Environment): boolean {
  const folder = realPath(pathsOf(environment).officialFolder);
  return folder !== undefined && isBelow(program, folder) && !isBelow(program, join(folder, 'node_modules'));
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Returns true for a script that Python runs, also through the shell where the path is too long for its first line. */
function isPython(text: string): boolean {
  const [line = ''] = text.split('\n', 1);
  return line.startsWith('#!') && !RUNS_NODE.test(line) && NAMES_PYTHON.test(text);
}

/** Matches Python, also in "env -Spython3", but not in "ipython". */
const NAMES_PYTHON = /(?<![a-z])(?:python|pypy)/u;

/** Matches a first line that starts Node. A folder may have that name too, such as the home of a user `node`. */
const RUNS_NODE = /[\s/]node(?:js)?(?=\s|$)/u;

/** Matches what starts this package: its own program, and a script where npm cannot link to that. */
const STARTS_OURS = /vastai-cli[/\\]bin[/\\]run\.js|require\('\.\.\/dist\/start\.js'\)/u;

/** Returns true for another installation of this package, also for its program alone, copied or as a hard link. */
function isOurs(program: string, text: string): boolean {
  if (STARTS_OURS.test(text)) return true;
  return program.endsWith(join(sep, 'bin', 'run.js')) && nameIn(dirname(dirname(program))) === 'vastai-cli';
}

function nameIn(folder: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string };
    return name;
  } catch {
    return undefined;
  }
}
