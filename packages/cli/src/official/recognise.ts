import { closeSync, constants, openSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { pathsOf } from '@vastai-cli/core/internal/config/paths';
import { isBelow } from '@vastai-cli/core/internal/files/home';

/** Says whose program a file is: this one, another copy of vastai-cli, the official CLI, or none that is known. */
export type ProgramKind = 'this' | 'copy' | 'official' | 'unknown';

/** Reads no more of a program than this. */
const FIRST_BYTES = 4096;

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
  return line.startsWith('#!') && !/\bnode(?:js)?\b/u.test(line) && /\b(?:python|pypy)/u.test(text);
}

/** Returns true for another installation of this package, and for the script that starts it where npm cannot link. */
function isOurs(program: string, text: string): boolean {
  if (/vastai-cli[/\\]bin[/\\]run\.js/u.test(text)) return true;
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

/** Returns the first bytes as Latin-1; empty if they cannot be read. */
function firstBytes(program: string): string {
  try {
    const file = openSync(program, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const bytes = Buffer.alloc(FIRST_BYTES);
      return bytes.toString('latin1', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
