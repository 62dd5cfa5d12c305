import { basename, delimiter, join, resolve } from 'node:path';
import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { executableAt } from './executable.js';
import { firstBytes } from './first-bytes.js';

/** Matches the first line of a script: `#!/usr/bin/env python3`. */
const FIRST_LINE = /^#![ \t]*(?<program>[^\s]+)(?<rest>[^\n]*)/u;

/** Matches how pip starts a Python whose path is too long for a first line, or has a space in it. */
const LONG_PATH = /^'''exec' "?(?<program>\/[^"\n]*?)"? "\$0"/mu;

/**
 * Returns the programs that run a script: those in its first line, the one that `env` there finds on PATH, and Python
 * where the shell of the first line starts it. Leaves out what is not there.
 *
 * @returns nothing for a program that is no script
 */
export function interpretersOf(script: string, { PATH = '' }: Environment): string[] {
  const text = firstBytes(script);
  const { program, rest = '' } = FIRST_LINE.exec(text)?.groups ?? {};
  if (program === undefined) return [];
  const long = LONG_PATH.exec(text)?.groups?.program;
  const named = basename(program) === 'env' ? afterEnv(rest) : undefined;
  // Unlike us, env also looks in relative folders.
  const places = named === undefined ? [] : PATH.split(delimiter).map((folder) => join(folder, named));
  const onPath = named?.includes('/') ? named : places.find((place) => executableAt(place) !== undefined);
  return [program, long, onPath].flatMap((path) =>
    path === undefined || executableAt(path) === undefined ? [] : [resolve(path)],
  );
}

/** Returns the name of the program in `env -S NAME=value program argument`. */
function afterEnv(rest: string): string | undefined {
  return rest.split(/\s+/u).find((word) => word !== '' && !word.startsWith('-') && !word.includes('='));
}
