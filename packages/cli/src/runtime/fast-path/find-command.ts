import { isGiven } from '@vastai-cli/kit/command/given-flag';
import type { Installation } from './installed.js';
import { misplacedKey } from './misplaced-key.js';
import { areNoCommand } from './no-command.js';
import { type KnownCommand, NotOnFastPath, type Package } from './package.js';
import type { KnownFlag } from './read-words.js';
import { sortWords } from './sort-words.js';

interface Found {
  readonly command: KnownCommand;
  readonly package: Package;
}

/** Holds the command that was typed, and the other arguments. */
export interface TypedCommand {
  readonly id: string;
  readonly package: Package;
  readonly argv: readonly string[];
  readonly wholeConfig: boolean;
}

/** Returns the arguments of our command `official` for words that name no command of ours; see official/hand-over.ts. */
export type OfficialArgv = (
  words: readonly string[],
  ours?: ReadonlyMap<string, readonly KnownFlag[]>,
) => readonly string[] | undefined;

/**
 * Returns the command that the words name, by oclif's rules for topics separated by spaces. Flags may be anywhere. Words
 * that only Vast.ai's own CLI knows are for our command `official`.
 *
 * @param loadOfficial loads what only such words need
 * @throws NotOnFastPath if they name no command or ask for help, if oclif has to choose between packages, or if a key is
 *   in the wrong place.
 */
export function findCommand(
  words: readonly string[],
  { cli, plugins }: Installation,
  env: NodeJS.ProcessEnv,
  loadOfficial: () => OfficialArgv,
): TypedCommand {
  const packages = [cli, ...plugins];
  const two = areNoCommand(words, packages) ? loadOfficial()(words) : undefined;
  if (two !== undefined) return { id: 'official', package: cli, argv: two, wholeConfig: false };
  const found = new Map<string, Found>();
  const promised = new Map<string, string | undefined>();
  const ambiguous = new Set<string>();
  const flags = new Map<string, readonly KnownFlag[]>();
  for (const one of packages) {
    for (const [id, command] of Object.entries(one.commands)) {
      const isTaken = found.has(id) || (promised.has(id) && promised.get(id) !== one.file.name);
      if (command.pluginType === 'jit') promised.set(id, command.pluginName);
      else found.set(id, { command, package: one });
      const aliases = aliasesOf(command);
      for (const other of [...(isTaken ? [id] : []), ...aliases]) ambiguous.add(other);
      for (const name of [id, ...aliases]) flags.set(name, command.flags);
    }
  }
  const sorted = sortWords(words, flags);
  const { id = '', names } = sorted;
  if (sorted.id === undefined) {
    const argv = loadOfficial()(words, flags);
    if (argv === undefined || !found.has('official')) throw new NotOnFastPath();
    return { id: 'official', package: cli, argv, wholeConfig: false };
  }
  const hit = found.get(id);
  if (hit === undefined || ambiguous.has(id) || asksForHelp(words, cli)) throw new NotOnFastPath();
  if (names[0]?.includes(':')) throw new NotOnFastPath();
  if (misplacedKey(sorted, env.VAST_API_KEY) !== undefined) throw new NotOnFastPath();
  const argv = sorted.rest.flatMap((one) => one.words);
  if (!mayFollow(argv[0], hit.command)) throw new NotOnFastPath();
  return { id, package: hit.package, argv, wholeConfig: hit.command.wholeConfig ?? false };
}

function aliasesOf({ aliases = [], hiddenAliases = [] }: KnownCommand): string[] {
  return [...aliases, ...hiddenAliases];
}

function asksForHelp(words: readonly string[], { file }: Package): boolean {
  return ['--help', ...(file.oclif.additionalHelpFlags ?? [])].some((flag) => isGiven(flag, words));
}

/** Returns false for a word after a command without arguments: oclif takes it for part of the command's name. */
function mayFollow(word: string | undefined, { args, strict }: KnownCommand): boolean {
  if (word === undefined || word.startsWith('-') || word.includes('=')) return true;
  return strict === false || Object.keys(args).length > 0;
}
