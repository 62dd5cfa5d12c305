import { realpathSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute } from 'node:path';
import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { executableAt } from './executable.js';
import { firstBytes } from './first-bytes.js';

/** Matches the first line of a script: `#!/usr/bin/env python3`. */
const FIRST_LINE = /^#![ \t]*(?<program>[^\s]+)(?<rest>[^\n]*)/u;

/** Matches how pip starts a Python whose path is too long for a first line, or has a space in it. */
const LONG_PATH = /^'''exec' "?(?<program>\/[^"\n]*?)"? "\$0"/mu;

/** Matches how uv starts a Python in a virtual environment that can be moved: by its path from the script. */
const BESIDE = /^'''exec' "\$\(dirname -- "\$\(realpath -- "\$0"\)"\)"\/'?(?<program>[^'"\n]+?)'? "\$0"/mu;

/**
 * Returns the programs that run a script: those in its first line, the one that `env` there finds on PATH, and Python
 * where the shell of the first line starts it. Leaves out what is not there.
 *
 * @returns nothing for a program that is not a script
 */
export function interpretersOf(script: string, { PATH = '' }: Environment): string[] {
  const text = firstBytes(script);
  const { program, rest = '' } = FIRST_LINE.exec(text)?.groups ?? {};
  if (program === undefined) return [];
  const long = LONG_PATH.exec(text)?.groups?.program;
  const beside = BESIDE.exec(text)?.groups?.program;
  const found = [
    program,
    ...(basename(program) === 'env' ? startedByEnv(rest, PATH) : []),
    ...(long === undefined ? [] : [long]),
    ...(beside === undefined ? [] : [`${dirname(realpathSync.native(script))}/${beside}`]),
  ];
  // Not "resolve": it reads ".." behind a link in another way than the system.
  return found
    .filter((path) => executableAt(path) !== undefined)
    .map((path) => (isAbsolute(path) ? path : `${process.cwd()}/${path}`));
}

/**
 * Returns the program in `env -S NAME=value "program" argument`: the first word that names one. Values of its flags, such as a
 * variable to unset, name none.
 */
function startedByEnv(rest: string, path: string): string[] {
  const words = rest.split(/\s+/u).map((word) => word.replace(SPLIT, '').replaceAll(/["']/gu, ''));
  // Unlike us, env also looks in relative folders.
  const folders = path.split(delimiter).map((folder) => (folder === '' ? '' : `${folder}/`));
  const placesOf = (word: string) => (word.includes('/') ? [word] : folders.map((folder) => folder + word));
  const named = words.filter((word) => word !== '' && !word.startsWith('-') && !word.includes('='));
  return named
    .flatMap(placesOf)
    .filter((place) => executableAt(place) !== undefined)
    .slice(0, 1);
}

/** Matches the flag of `env` that has the words of the first line as its value, where both are one word. */
const SPLIT = /^(?:-[a-zA-Z]*S|--split-string=)/u;
