import type { Config } from '@oclif/core/config';
import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { closest } from '@vastai-cli/kit/closest';
import { unknownFlags } from '@vastai-cli/kit/command/parse-failure';
import { OFFICIAL_COMMANDS, withinTwoLetters } from '@vastai-cli/kit/official-commands';
import { profileFlag, targetOf, urlFlag } from '@vastai-cli/kit/render/advice-target';
import { isOfficialCliThere } from '../official/find-cli.js';
import { MISSING, typedTheirs } from '../official/not-installed.js';
import { COMMAND_WORD, theirCommandsBelow } from '../official/their-commands.js';
import { plain, type Typed } from './fast-path/read-words.js';
import { commandForOtherWords } from './other-words.js';

/** A word with so few letters is no misspelling if two of them are wrong. */
const MOSTLY_WRONG = 3;

/**
 * Returns the error for words that name no command. Suggests the closest command, but never runs it.
 *
 * @param typed the words without flags
 * @param rest the flags, and everything after `--`
 */
export function unknownCommand(
  typed: readonly string[],
  rest: readonly Typed[],
  { commands, root }: Config,
): UsageError {
  // Repeats only what is certainly not a key.
  const end = typed.findIndex((word) => !COMMAND_WORD.test(word.toLowerCase()));
  const readable = end === -1 ? typed : typed.slice(0, end);
  const words = readable.map((word) => plain(word).toLowerCase());
  const shown = commands.filter(({ hidden }) => !hidden);
  const names = [...new Set(shown.map(({ id }) => id.replaceAll(':', ' ')))].sort();
  const typedAs = (name: string) => withTarget(`vastai ${name}`, shown);
  const message =
    words.length === 0 ? noneMessage(typed) : `Unknown command "${readable.map(plain).join(' ')}".`;
  const topic = words.join(' ');
  const below = names.filter((name) => name.startsWith(`${topic} `));
  if (below.length > 0 && words.length === typed.length) {
    const list = ['Did you mean:', ...below.map(typedAs)].join(below.length === 1 ? ' ' : '\n  ');
    const theirs = theirCommandsBelow(topic).filter((name) => !names.includes(`${topic} ${name}`));
    return new UsageError(
      `"vastai ${topic}" is not a complete command.`,
      theirs.length === 0
        ? list
        : `${list}\nMore "${topic}" commands in the official CLI: ${theirs.join(', ')}.`,
    );
  }
  const other = commandForOtherWords(readable);
  if (other !== undefined)
    return new UsageError(
      `Unknown command "${other.typed}".`,
      `Did you mean: ${withTarget(other.command, shown)}`,
    );
  // The last words may be arguments.
  const beginnings = words.map((_, count) => words.slice(0, words.length - count).join(' '));
  // Ours come first, so that they win where both are equally close.
  const all = [...names, ...OFFICIAL_COMMANDS];
  const nearest =
    beginnings.map((beginning) => closest(beginning, all)).find((name) => name !== undefined) ??
    beginnings
      // Two letters are most of "cp" or "ps".
      .filter((beginning) => beginning.length > MOSTLY_WRONG)
      .map((beginning) => withinTwoLetters(beginning, names))
      .find((name) => name !== undefined);
  const unknown = rest.flatMap(({ knownTo, flag = '' }) => (knownTo === 'nobody' ? [flag] : []));
  if (nearest === undefined && unknown.length > 0) {
    const known = shown.flatMap(({ flags }) => Object.values(flags));
    return unknownFlags(unknown, known, 'See: vastai help');
  }
  if (nearest === undefined) return new UsageError(message, `See: vastai help${topicNear(words[0], all)}`);
  if (names.includes(nearest)) return new UsageError(message, `Did you mean: ${typedAs(nearest)}`);
  const missing = isOfficialCliThere(readEnvironment(process.env), root) ? [] : MISSING;
  return new UsageError(message, [`Did you mean: ${typedTheirs(nearest)}`, ...missing].join('\n'));
}

/** Returns a command with the flags of this run that choose a profile and an API, if it takes them. */
function withTarget(line: string, commands: Config['commands']): string {
  const [name, named] = line.split(' --profile ');
  const flags = commands.find(({ id }) => `vastai ${id.replaceAll(':', ' ')}` === name)?.flags ?? {};
  const target = targetOf(process.argv.slice(2));
  const profile = named === undefined && 'profile' in flags ? profileFlag(target) : '';
  const filled = line.replace('NAME', target.profile ?? 'NAME');
  return `${filled}${profile}${'url' in flags ? urlFlag(target) : ''}`;
}

/** Returns the topic that a word is, or misspells, with a space before it; empty if it is not a topic. */
function topicNear(word: string | undefined, names: readonly string[]): string {
  const topics = new Set(names.flatMap((name) => (name.includes(' ') ? name.split(' ', 1) : [])));
  const topic = word === undefined ? undefined : closest(word, [...topics]);
  return topic === undefined ? '' : ` ${topic}`;
}

function noneMessage(typed: readonly string[]): string {
  return typed.length === 0 ? 'No command given.' : 'Unknown command.';
}
