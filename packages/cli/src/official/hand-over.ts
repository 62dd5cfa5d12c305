import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { OFFICIAL_COMMANDS, withinTwoLetters } from '@vastai-cli/kit/official-commands';
import { misplacedKey } from '../runtime/fast-path/misplaced-key.js';
import { plain, readWords, type Typed } from '../runtime/fast-path/read-words.js';
import { type FlagsOfCommands, sortWords } from '../runtime/fast-path/sort-words.js';
import { commandForOtherWords } from '../runtime/other-words.js';
import { FRONT_FLAGS, USEFUL_FRONT_FLAGS } from './front-flags.js';
import { COMMAND_WORD, theirNearest } from './their-commands.js';

/** Arguments that are split at the name of a command. */
interface SplitWords {
  /** The flags before the last word of the name. */
  readonly front: readonly Typed[];
  readonly names: readonly string[];
  /** Everything after the name, unread. */
  readonly behind: readonly string[];
}

/**
 * Returns the arguments of our command `official` for words that name a command of Vast.ai's own CLI:
 * `--profile work search offers --raw` becomes `--profile work -- search offers --raw`. A topic that only that CLI has
 * counts too, because that CLI says best what can follow.
 *
 * @param ours the flags of all our commands, by their ids and aliases. None of them may match the words. Without it, only two
 * words in front count, of which ours have none
 * @returns `undefined` if the words name no such command
 * @throws UsageError if a flag is in front that neither side takes there
 */
export function officialArgv(words: readonly string[], ours?: FlagsOfCommands): string[] | undefined {
  if (ours === undefined) return isOfficial(words.slice(0, 2)) ? ['--', ...words] : undefined;
  const help = splitAt(words, ours, 1);
  const isHelp = help?.names[0] === 'help';
  const asked = isHelp ? [...help.front.flatMap((one) => one.words), ...help.behind] : words;
  if (isHelp && sortWords(asked, ours).id !== undefined) return undefined;
  const split = splitOfficial(asked, ours);
  if (split !== undefined) return argvFor(split, isHelp);
  return misspelled(isHelp ? [...asked, '--help'] : asked, ours);
}

/** Returns the arguments for words that misspell a command of the official CLI, which knows best what is wrong with them. */
function misspelled(words: readonly string[], ours: FlagsOfCommands): string[] | undefined {
  const names = namesOf(ours);
  const typed = (splitAt(words, ours, 2) ?? splitAt(words, ours, 1))?.names ?? [];
  const isTheirs = commandForOtherWords(typed) === undefined && theirNearest(typed, names) !== undefined;
  return isTheirs ? argvForUnknown(words, ours, names) : undefined;
}

/**
 * Returns the arguments of our command `official` for words that neither CLI is known to have: a newer version of the
 * official one may. A word that is close to a command of ours is a typing error, and a topic that only we have is ours.
 *
 * @param names the names of our commands, such as `show user`
 * @returns `undefined` if the words are no command
 */
export function argvForUnknown(
  words: readonly string[],
  ours: FlagsOfCommands,
  names: readonly string[],
): string[] | undefined {
  const split = splitAt(words, ours, 1);
  if (split === undefined || !COMMAND_WORD.test(split.names[0] ?? '')) return undefined;
  if (split.front.some(({ flag = '' }) => !isAllowedInFront(flag))) return undefined;
  const [next = ''] = split.behind;
  const two = COMMAND_WORD.test(next) ? [`${split.names[0]} ${next}`] : [];
  const isBelow = (name: string) => name.startsWith(`${plain(split.names[0] ?? '')} `);
  if (names.some(isBelow) && (two.length === 0 || !OFFICIAL_COMMANDS.some(isBelow))) return undefined;
  const isClose = [...two, ...split.names].some((word) => withinTwoLetters(plain(word), names) !== undefined);
  return isClose ? undefined : argvFor(split, false);
}

function splitOfficial(words: readonly string[], ours: FlagsOfCommands): SplitWords | undefined {
  const long = splitAt(words, ours, 2);
  if (long !== undefined && isOfficial(long.names)) return long;
  const short = splitAt(words, ours, 1);
  if (short === undefined) return undefined;
  // In "update team-rol", the second word is a typing error and no argument of "update".
  const names = namesOf(ours);
  const isClose =
    long !== undefined && withinTwoLetters(long.names.map(plain).join(' '), names) !== undefined;
  if (isOfficial(short.names)) return isClose ? undefined : short;
  if (commandForOtherWords((long ?? short).names) !== undefined) return undefined;
  const topic = `${plain(short.names[0] ?? '')} `;
  const isOurs = names.some((name) => name.startsWith(topic));
  return !isOurs && OFFICIAL_COMMANDS.some((command) => command.startsWith(topic)) ? short : undefined;
}

function namesOf(ours: FlagsOfCommands): string[] {
  return [...ours.keys()].map((id) => id.replaceAll(':', ' '));
}

function isOfficial(names: readonly string[]): boolean {
  return OFFICIAL_COMMANDS.includes(names.map(plain).join(' '));
}

function splitAt(words: readonly string[], ours: FlagsOfCommands, count: number): SplitWords | undefined {
  const front: Typed[] = [];
  const names: string[] = [];
  let read = 0;
  for (const one of readWords(words, [], [...ours.values()].flat())) {
    read += one.words.length;
    if (one.kind === 'behind') return undefined;
    if (one.kind === 'flag') front.push(one);
    else names.push(one.value ?? '');
    if (names.length === count) return { front, names, behind: words.slice(read) };
  }
  return undefined;
}

function argvFor({ front, names, behind }: SplitWords, isHelp: boolean): string[] {
  const strange = front.find(({ flag = '' }) => !isAllowedInFront(flag));
  if (strange !== undefined)
    throw new UsageError(
      `${strange.flag} cannot come before "${names.join(' ')}", a command of the official CLI.`,
      `Put its flags after the command. Only these can come before it: ${USEFUL_FRONT_FLAGS.join(', ')}.`,
    );
  refuseKeyIn(front, names);
  const asksForHelp = isHelp || front.some(({ flag = '' }) => HELP.includes(flag));
  return [
    ...front.filter(({ flag = '' }) => FRONT_FLAGS.includes(flag)).flatMap((one) => one.words),
    '--',
    ...front.filter(({ flag }) => flag === '--version').flatMap((one) => one.words),
    ...names,
    ...(asksForHelp ? ['--help'] : []),
    ...behind,
  ];
}

const HELP = ['--help', '-h'];

function isAllowedInFront(flag: string): boolean {
  return [...FRONT_FLAGS, ...HELP, '--version'].includes(flag);
}

/** Refuses a key in the place of another value, such as a profile: a message or a process list would show it. */
function refuseKeyIn(front: readonly Typed[], names: readonly string[]): void {
  const { VAST_API_KEY } = readEnvironment(process.env);
  const key = misplacedKey({ id: 'official', names, rest: front }, VAST_API_KEY);
  if (key === undefined) return;
  throw new UsageError(`The value of ${key.flag} looks like an API key, so it is not used.`, [
    { do: 'say', text: 'To use a key, pass it with --api-key or VAST_API_KEY.' },
    { do: 'save-key', purpose: 'To save it' },
  ]);
}
