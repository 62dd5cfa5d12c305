import type { Environment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { isProfileName } from '@vastai-cli/core/internal/base/profile-name';
import { type KnownFlag, readWords, type Typed } from '../../runtime/fast-path/read-words.js';

/** The arguments of `exec`: those of its own, and the program to run, if one is given. */
export interface ExecArguments {
  readonly own: string[];
  readonly program: readonly [string, ...string[]] | undefined;
}

/** Splits the arguments of `exec` at the first `--`. Everything after it belongs to the program. */
export function splitArguments(argv: readonly string[]): ExecArguments {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const [file, ...args] = argv.slice(end + 1);
  return { own: argv.slice(0, end), program: file === undefined ? undefined : [file, ...args] };
}

/** The form of an operation: `instance.list`. */
const OPERATION = /^\w+(?:\.\w+)+$/u;

/** Says how a command takes a program: its name, and what comes after `--`. */
interface Usage {
  readonly name: 'exec' | 'official';
  readonly what: 'program' | 'command';
  readonly flags: Readonly<Record<string, object>>;
}

/**
 * Refuses a program without `--` before it: nobody could tell whose the flags are. The message says how to write it, and
 * leaves out what may be a key, or a part of one.
 *
 * @throws UsageError if the first argument that is not a flag of the command comes before `--`.
 */
export function requireSeparator(argv: readonly string[], { name, what, flags }: Usage): void {
  const known = knownFlags(flags);
  const typed = readWords(argv, known, []);
  const isValue = (index: number) =>
    isFurtherValue(typed.slice(0, index), known) &&
    // Without --, a program behind a list of operations would be taken for one of them.
    (argv.includes('--') || OPERATION.test(typed[index]?.words[0] ?? ''));
  const at = typed.findIndex(
    ({ kind, knownTo }, index) => knownTo !== 'the command' && !(kind === 'word' && isValue(index)),
  );
  if (typed[at]?.kind !== 'word') return;
  const own = typed.slice(0, at).flatMap(({ words }) => words);
  const program = argv.slice(own.length);
  const [first = ''] = program;
  const front = `vastai ${name} ${own.map((word) => (isRepeatable(word) ? `${word} ` : '… ')).join('')}`;
  const placed = `Put -- before the ${what}: ${front}-- ${isRepeatable(first) ? repeated(program) : 'COMMAND'}`;
  // As with tools that take the profile there, such as aws-vault.
  const mayBeProfile = program[1] === '--' && isProfileName(first) && isRepeatable(first);
  throw new UsageError(
    `Unexpected argument${isRepeatable(first) ? ` "${first}"` : ''}.`,
    mayBeProfile
      ? `If it is a profile: ${front}--profile ${repeated([first, ...program.slice(1)])}\n${placed}`
      : placed,
  );
}

/** Returns true for a word behind these if it is one more value of the last flag: `--only FIRST SECOND`. */
function isFurtherValue(before: readonly Typed[], known: readonly KnownFlag[]): boolean {
  const last = before.findLast(({ kind }) => kind === 'flag')?.flag?.slice(2);
  return known.some(
    ({ name, multiple = false, multipleNonGreedy = false }) =>
      name === last && multiple && !multipleNonGreedy,
  );
}

/** Returns the flags of a command with their names, as its manifest has them. */
export function knownFlags(flags: Readonly<Record<string, object>>): KnownFlag[] {
  return Object.entries(flags).map(([name, flag]) => ({ ...flag, name }) as KnownFlag);
}

function repeated(words: readonly string[]): string {
  const end = words.findIndex((word) => !isRepeatable(word));
  return end === -1 ? words.join(' ') : `${words.slice(0, end).join(' ')} …`;
}

/** Returns true for a word that needs no quotation marks and surely is no key: `-l`, `./train.py`, `python3.12`, `100`. */
function isRepeatable(word: string): boolean {
  const isShort = word.length > 0 && word.length <= 60;
  return isShort && word.split(/[-./_]+/u).every((part) => /^(?:[a-z]{0,16}\d{0,2}|\d{1,8})$/iu.test(part));
}

/** Returns the user's shell, which runs if no program is given. */
export function shellOf({ SHELL, COMSPEC }: Environment): string {
  return process.platform === 'win32' ? (COMSPEC ?? 'cmd.exe') : (SHELL ?? '/bin/sh');
}
