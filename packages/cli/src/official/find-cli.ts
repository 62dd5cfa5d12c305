import { isAbsolute } from 'node:path';
import { type Environment, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import { notInstalled } from './not-installed.js';
import { type FoundProgram, lookAt, programsOnPath } from './programs-on-path.js';
import { distrust } from './trusted-program.js';

/** Advises how to name the program where it is not recognised, or where there are several. */
const nameIt = (path: string) => `If it is the official CLI: export VASTAI_OFFICIAL_CLI=${shellWord(path)}`;

/**
 * Finds Vast.ai's own CLI: the program that VASTAI_OFFICIAL_CLI names, else the first one on PATH.
 *
 * @param ownRoot the folder of our own package
 * @param words what is to be handed over, for the message
 * @returns the path of the program to start
 * @throws UsageError if it is not installed, or another user could change it.
 */
export function findOfficialCli(ownRoot: string, words: readonly string[]): string {
  const environment = readEnvironment(process.env);
  const named = environment.VASTAI_OFFICIAL_CLI;
  if (named !== undefined) return requireTrusted(requireNamed(named, environment, ownRoot), environment);
  const others: FoundProgram[] = [];
  for (const program of programsOnPath(environment, ownRoot)) {
    if (program.kind === 'official') return requireTrusted(requireOne(program), environment);
    if (program.kind === 'unknown') others.push(program);
  }
  throw notInstalled(
    words,
    others.map(({ path }) => `${path} was not recognised. ${nameIt(path)}`),
  );
}

/** Returns true if Vast.ai's own CLI is there, whether it can be used or not. */
export function isOfficialCliThere(environment: Environment, ownRoot: string): boolean {
  if (environment.VASTAI_OFFICIAL_CLI !== undefined) return true;
  for (const { kind } of programsOnPath(environment, ownRoot)) if (kind === 'official') return true;
  return false;
}

function requireNamed(path: string, environment: Environment, ownRoot: string): string {
  const found = isAbsolute(path) ? lookAt(path, environment, ownRoot) : undefined;
  if (found === undefined)
    throw new UsageError(
      `VASTAI_OFFICIAL_CLI is not a program (${path}).`,
      'Set it to the absolute path of the official CLI, or unset it.',
    );
  if (found.kind === 'this' || found.kind === 'copy')
    throw new UsageError(
      `VASTAI_OFFICIAL_CLI is this CLI, not the official one (${path}).`,
      'Set it to the path of the official CLI, or unset it.',
    );
  // A shim that was named is started as it is.
  return path;
}

function requireOne({ path, targets }: FoundProgram): string {
  const [target, other] = targets;
  if (target !== undefined && other === undefined) return target;
  throw new UsageError(
    `${path} can start several versions of the official CLI: ${targets.join(', ')}.`,
    `Name one: export VASTAI_OFFICIAL_CLI=${shellWord(targets.at(-1) ?? path)}`,
  );
}

function requireTrusted(program: string, environment: Environment): string {
  const found = distrust(program, environment);
  if (found === undefined) return program;
  throw new UsageError(`${program} is not started: ${found.reason}.`, found.fix);
}
