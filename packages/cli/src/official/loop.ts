import { readFileSync, realpathSync } from 'node:fs';
import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { statOf } from '../child/process-stat.js';
import { executableAt } from './executable.js';
import { recognise } from './recognise.js';

/** Returns an environment that tells a program, and everything it starts, that we started it. */
export function marked(env: NodeJS.ProcessEnv, file: string): NodeJS.ProcessEnv {
  return { ...env, VASTAI_HANDED_OVER: file };
}

/**
 * Refuses to hand a command over inside a program that one was handed over to: it calls us back, and we would call it
 * again.
 *
 * @throws UsageError that names both programs
 */
export function refuseLoop(): void {
  const { VASTAI_HANDED_OVER: before } = readEnvironment(process.env);
  if (before !== undefined) throw handedBack(before);
}

/**
 * Refuses to hand a command over below a process of this CLI that hands the same one over: a program in between has removed
 * our mark, as `env -i` and `sudo` do. Only Linux shows these processes.
 *
 * @param file the program that the command would go to
 * @throws UsageError that names both programs
 */
export function refuseRepetition(words: readonly string[], file: string, ownRoot: string): void {
  const names = words.filter((word) => !word.startsWith('-')).slice(0, 2);
  const command = names.length === 0 ? ['official'] : names;
  const root = realpathSync(ownRoot);
  for (let pid = statOf('self')?.parent ?? 0; pid > 0; pid = statOf(pid)?.parent ?? 0) {
    const handed = handedOverBy(pid, root);
    if (handed !== undefined && command.every((word) => handed.includes(word))) throw handedBack(file);
  }
}

/** Returns the arguments of a process if it is this CLI, but not `exec`, whose programs may hand over what they want. */
function handedOverBy(pid: number, root: string): readonly string[] | undefined {
  const [, path = '', ...words] = argumentsOf(pid);
  const program = path.startsWith('/') ? executableAt(path) : undefined;
  if (program === undefined || words.includes('exec')) return undefined;
  return ['this', 'copy'].includes(recognise(program, root, readEnvironment(process.env)))
    ? words
    : undefined;
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function handedBack(file: string): UsageError {
  return new UsageError(
    `${process.argv[1]} passed this command to ${file}, which passed it back.`,
    'Set VASTAI_OFFICIAL_CLI to the path of the official CLI itself.',
  );
}
