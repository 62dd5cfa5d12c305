import type { Config } from '@oclif/core/config';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { isGiven } from '@vastai-cli/kit/command/given-flag';
import { misplacedKey } from './fast-path/misplaced-key.js';
import { type SortedWords, sortWords } from './fast-path/sort-words.js';
import { flagsOfCommands } from './flags-of-commands.js';
import { isPageOfHelp } from './help/first-screen.js';
import { OWN_SCOPE } from './plugins/fit.js';
import { unknownCommand } from './unknown-command.js';

/**
 * Gives what was typed in the order that oclif wants: the name of the command, then the rest. oclif shows help where a
 * part of the name is missing; here that is an error, so that no pipe takes help for a result.
 *
 * @throws UsageError when the words name no command, or a key stands where it must not be used
 */
export function argvOf(words: readonly string[], config: Config): readonly string[] {
  const sorted = sortWords(words, flagsOfCommands(config));
  const { id, names, rest } = sorted;
  refuseMisplacedKey(sorted, config);
  const others = rest.flatMap((one) => one.words);
  const { additionalHelpFlags = [], additionalVersionFlags = [] } = config.pjson.oclif;
  const asksForHelp = ['--help', ...additionalHelpFlags].some((flag) => isGiven(flag, words));
  const isPlainHelp = id === 'help' && !rest.some(({ knownTo }) => knownTo === 'the command');
  // Flags beside it are those of the command that is asked about.
  if (isPlainHelp && !asksForHelp) {
    if (rest.some(({ knownTo }) => knownTo === 'nobody')) throw unknownCommand([], rest, config);
    if (others.length === 1 && isPageOfHelp(others[0] ?? '')) return ['help', ...others];
    return argvOf([...others, '--help'], config);
  }
  if (id !== undefined) return [...names, ...others];
  const isPage = names.length === 0 || config.findTopic(names.join(':')) !== undefined;
  if (words.length === 0 || (asksForHelp && isPage)) return [...names, '--help'];
  const versionFlags = ['--version', ...additionalVersionFlags];
  const isVersion = (word: string) => versionFlags.includes(word);
  // oclif's own --version knows no flags beside it.
  if (names.length === 0 && others.some(isVersion))
    return ['version', ...others.filter((word) => !isVersion(word))];
  throw unknownCommand(names, rest, config);
}

/** Refuses a key in the wrong place. A plugin of somebody else may take what looks like one: the hash of an image, say. */
function refuseMisplacedKey(sorted: SortedWords, config: Config): void {
  const { id, names } = sorted;
  const key = misplacedKey(sorted, process.env.VAST_API_KEY);
  if (key === undefined || id === undefined) return;
  const { pluginName, pluginType = '' } = config.findCommand(id) ?? {};
  if (['user', 'link'].includes(pluginType) && !pluginName?.startsWith(OWN_SCOPE)) return;
  const place =
    key.flag === undefined || key.knownTo === 'nobody' ? 'An argument' : `The value of ${key.flag}`;
  throw new UsageError(
    `${place} of "${names.join(' ').replaceAll(':', ' ')}" looks like an API key, and is not used.`,
    [
      { do: 'say', text: 'To use a key, give it as --api-key or VAST_API_KEY.' },
      { do: 'save-key', purpose: 'To save it' },
    ],
  );
}
