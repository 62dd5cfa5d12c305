import type { Config } from '@oclif/core/config';
import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { isGiven } from '@vastai-cli/kit/command/given-flag';
import { isOfficialCliThere } from '../official/find-cli.js';
import { argvForUnknown, officialArgv } from '../official/hand-over.js';
import { misplacedKey } from './fast-path/misplaced-key.js';
import { type SortedWords, sortWords } from './fast-path/sort-words.js';
import { flagsOfCommands } from './flags-of-commands.js';
import { isPageOfHelp } from './help/first-screen.js';
import { commandForOtherWords } from './other-words.js';
import { OWN_SCOPE } from './plugins/fit.js';
import { unknownCommand } from './unknown-command.js';

/**
 * Returns the arguments in the order that oclif needs: the name of the command, then the rest. oclif shows help for an
 * incomplete name; here that is an error, so that a pipe never receives help as a result.
 *
 * @throws UsageError if the words name no command, or a key was typed in the wrong place.
 */
export function argvOf(words: readonly string[], config: Config): readonly string[] {
  const sorted = sortWords(words, flagsOfCommands(config));
  const { id, names, rest } = sorted;
  refuseMisplacedKey(sorted, config);
  const others = rest.flatMap((one) => one.words);
  const { additionalHelpFlags = [], additionalVersionFlags = [] } = config.pjson.oclif;
  const asksForHelp = ['--help', ...additionalHelpFlags].some((flag) => isGiven(flag, words));
  const isPlainHelp = id === 'help' && !rest.some(({ knownTo }) => knownTo === 'the command');
  // Any flags belong to the command that help is about.
  if (isPlainHelp && !asksForHelp) {
    if (rest.some(({ knownTo }) => knownTo === 'nobody')) throw unknownCommand([], rest, config);
    if (others.length === 1 && isPageOfHelp(others[0] ?? '')) return ['help', ...others];
    return argvOf([...others, '--help'], config);
  }
  if (id !== undefined) return [...names, ...others];
  const handedOver = officialArgv(words, flagsOfCommands(config));
  if (handedOver !== undefined) return ['official', ...handedOver];
  const isPage = names.length === 0 || config.findTopic(names.join(':')) !== undefined;
  if (words.length === 0 || (asksForHelp && isPage)) return [...names, '--help'];
  const versionFlags = ['--version', ...additionalVersionFlags];
  const isVersion = (word: string) => versionFlags.includes(word);
  // oclif's own --version allows no other flags.
  if (names.length === 0 && others.some(isVersion))
    return ['version', ...others.filter((word) => !isVersion(word))];
  return argvForWordsOfNobody(words, sorted, config);
}

/**
 * Hands words that neither CLI is known to have over to the official one, which may be newer.
 *
 * @throws UsageError if it is not there, or the words are close to a command of ours, known from elsewhere, or below a
 *   topic that only we have.
 */
function argvForWordsOfNobody(
  words: readonly string[],
  { names, rest }: SortedWords,
  config: Config,
): readonly string[] {
  const error = unknownCommand(names, rest, config);
  if (commandForOtherWords(names) !== undefined) throw error;
  const shown = config.commands.filter(({ hidden }) => !hidden);
  const ours = shown.map(({ id }) => id.replaceAll(':', ' '));
  const argv = argvForUnknown(words, flagsOfCommands(config), ours);
  if (argv === undefined || !isOfficialCliThere(readEnvironment(process.env), config.root)) throw error;
  return ['official', ...argv];
}

/** Rejects a key in the wrong place. Third-party plugins may take values that look like one, such as the hash of an image. */
function refuseMisplacedKey(sorted: SortedWords, config: Config): void {
  const { id, names } = sorted;
  const key = misplacedKey(sorted, readEnvironment(process.env).VAST_API_KEY);
  if (key === undefined || id === undefined) return;
  const { pluginName, pluginType = '' } = config.findCommand(id) ?? {};
  if (['user', 'link'].includes(pluginType) && !pluginName?.startsWith(OWN_SCOPE)) return;
  const place =
    key.flag === undefined || key.knownTo === 'nobody' ? 'An argument' : `The value of ${key.flag}`;
  throw new UsageError(
    `${place} of "${names.join(' ').replaceAll(':', ' ')}" looks like an API key, so it is not used.`,
    [
      { do: 'say', text: 'To use a key, pass it with --api-key or VAST_API_KEY.' },
      { do: 'save-key', purpose: 'To save it' },
    ],
  );
}
