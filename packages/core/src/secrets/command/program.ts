import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/** The program to start for a key command, and its arguments. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** True if Windows must not quote the arguments, because they are already quoted. */
  readonly verbatim: boolean;
}

/** The reason why a key command cannot be started, as the end of a sentence that begins with its name. */
export interface NoProgram {
  readonly failure: string;
  readonly code: string;
  readonly fix?: string;
}

export type FileKind = 'program' | 'folder' | 'other' | 'missing';

/** The system that a program is searched on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly kindOf: (path: string) => FileKind;
}

const BATCH_FILE = /\.(?:bat|cmd)$/iu;
/** Matches what `cmd.exe` interprets inside quotation marks too, and what ends them. */
const UNSAFE_IN_BATCH = /["%\r\n]/u;

/**
 * Finds the program of a key command, by its absolute path or by its name in PATH. It ignores relative folders in PATH, so
 * that a program in the current folder, which may be somebody else's repository, never runs.
 */
export function findProgram(
  [name = '', ...args]: readonly string[],
  { platform, env, kindOf }: Surroundings = {
    platform: process.platform,
    env: process.env,
    kindOf: kindOfFile,
  },
): Program | NoProgram {
  if (name === '') return { failure: 'could not be started: its name is empty', code: 'command_failed' };
  const onWindows = platform === 'win32';
  const { isAbsolute, join } = onWindows ? win32 : posix;
  const isPath = /\//u.test(name) || (onWindows && /[\\:]/u.test(name));
  if (!isAbsolute(name) && /^[~$%]/u.test(name)) {
    return {
      failure: 'was not found: it runs without a shell, so "~" and variables are not expanded',
      code: 'command_missing',
      fix: 'Use an absolute path in config.json.',
    };
  }
  if (isPath && !isAbsolute(name)) {
    return {
      failure: 'is not run: a relative path leads to a different program in each folder',
      code: 'command_not_safe',
      fix: 'Use an absolute path in config.json.',
    };
  }
  const folders = isPath ? [''] : foldersOf(env, onWindows).filter((folder) => isAbsolute(folder));
  const names = onWindows ? withExtensions(name, env) : [name];
  const paths = folders.flatMap((folder) => names.map((one) => (folder === '' ? one : join(folder, one))));
  const found = paths.find((path) => kindOf(path) === 'program');
  if (found === undefined) return explainAbsence(paths, kindOf);
  return onWindows && BATCH_FILE.test(found)
    ? throughShell(found, args, env)
    : { file: found, args, verbatim: false };
}

function foldersOf({ PATH, Path = '' }: Surroundings['env'], onWindows: boolean): string[] {
  const folders = (PATH ?? Path).split(onWindows ? win32.delimiter : posix.delimiter);
  return onWindows ? folders.map((folder) => folder.replaceAll('"', '')) : folders;
}

function withExtensions(name: string, { PATHEXT = '.COM;.EXE;.BAT;.CMD' }: Surroundings['env']): string[] {
  const extensions = PATHEXT.split(';').filter((extension) => extension.startsWith('.'));
  const hasOne = extensions.some((extension) => name.toLowerCase().endsWith(extension.toLowerCase()));
  return [...(hasOne ? [name] : []), ...extensions.map((extension) => name + extension)];
}

function explainAbsence(paths: readonly string[], kindOf: Surroundings['kindOf']): NoProgram {
  const there = paths.find((path) => kindOf(path) !== 'missing');
  if (there === undefined) return { failure: 'was not found', code: 'command_missing' };
  const why = kindOf(there) === 'folder' ? 'is a folder' : 'is not executable';
  return { failure: `could not be started: ${there} ${why}`, code: 'command_failed' };
}

/**
 * Returns the call of `cmd.exe` that runs a batch file, which Node refuses to run itself. `cmd.exe` parses the arguments
 * again, so arguments that quotation marks do not make safe are rejected.
 */
function throughShell(file: string, args: readonly string[], env: Surroundings['env']): Program | NoProgram {
  const words = [file, ...args];
  if (words.some((word) => UNSAFE_IN_BATCH.test(word))) {
    return {
      failure:
        'is not run: it is a batch file, and quotation marks, % and line breaks cannot be passed to one safely',
      code: 'command_not_safe',
      fix: 'Use the program that the batch file starts.',
    };
  }
  // A backslash would escape the quotation mark after it.
  const quoted = words.map((word) => `"${word.replace(/\\+$/u, '$&$&')}"`);
  return {
    file: win32.join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'cmd.exe'),
    args: ['/e:on', '/v:off', '/d', '/s', '/c', `"${quoted.join(' ')}"`],
    verbatim: true,
  };
}

function kindOfFile(path: string): FileKind {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return stat.isDirectory() ? 'folder' : 'other';
    accessSync(path, constants.X_OK);
    return 'program';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'other' : 'missing';
  }
}
