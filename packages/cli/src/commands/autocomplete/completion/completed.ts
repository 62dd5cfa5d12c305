import type { Config } from '@oclif/core/config';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { OFFICIAL_COMMANDS } from '@vastai-cli/kit/official-commands';
import { type Values, valuesOfArgument, valuesOfFlag } from './values.js';

/** Holds a word that can come next, and its summary. */
export interface Candidate {
  readonly word: string;
  readonly summary: string;
}

export interface CompletedFlag extends Candidate {
  readonly char: string | undefined;
  /** Absent for a flag without a value. */
  readonly values: Values | undefined;
}

export interface CompletedCommand {
  /** The command as typed: `set api-key`. */
  readonly name: string;
  readonly flags: readonly CompletedFlag[];
  readonly args: readonly Values[];
}

/** Holds everything that a shell can complete. */
export interface Completed {
  /** The words that can follow others: `api-key` and `user` follow `show`. */
  readonly next: ReadonlyMap<string, readonly Candidate[]>;
  readonly commands: readonly CompletedCommand[];
}

/** Returns the commands to complete, by name: oclif has them in the order in which their plugins happened to load. */
export function shownCommands(config: Config): Config['commands'] {
  const shown = config.commands.filter(({ hidden }) => !hidden);
  return shown.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Returns all commands that oclif knows, including those of plugins that are not installed yet. */
export function completedOf(config: Config): Completed {
  const shown = shownCommands(config);
  const topics = new Map(config.topics.map(({ name, description }) => [name, description]));
  const next = new Map<string, Candidate[]>();
  for (const { id } of shown) {
    const words = id.split(':');
    for (const [index, word] of words.entries()) {
      const before = words.slice(0, index).join(' ');
      const own = words.slice(0, index + 1).join(':');
      const command = shown.find((one) => one.id === own);
      const summary = firstLine(command?.summary ?? command?.description ?? topics.get(own));
      const others = next.get(before) ?? [];
      if (!others.some((one) => one.word === word)) next.set(before, [...others, { word, summary }]);
    }
  }
  const commands = shown.map(
    ({ id, flags, args }): CompletedCommand => ({
      name: id.replaceAll(':', ' '),
      flags: Object.entries(flags)
        .filter(([, { hidden }]) => !hidden)
        .map(([name, flag]) => ({
          word: `--${name}`,
          summary: firstLine(flag.summary ?? flag.description),
          char: flag.char,
          values: valuesOfFlag(name, flag),
        })),
      args: Object.values(args).map((arg) => valuesOfArgument(id, arg)),
    }),
  );
  const official = officialCommands(commands);
  for (const { name } of official) addWords(name, next);
  return { next, commands: [{ name: '', flags: common(commands), args: [] }, ...commands, ...official] };
}

/** Returns the commands that are handed over to the official CLI, which knows their flags and arguments. */
export function officialCommands(ours: readonly { readonly name: string }[]): CompletedCommand[] {
  const names = new Set(ours.map(({ name }) => name));
  return OFFICIAL_COMMANDS.filter((name) => !names.has(name)).map((name) => ({
    name,
    flags: [],
    args: ['files'],
  }));
}

function addWords(name: string, next: Map<string, Candidate[]>): void {
  const words = name.split(' ');
  for (const [index, word] of words.entries()) {
    const before = words.slice(0, index).join(' ');
    const others = next.get(before) ?? [];
    const isCommand = index === words.length - 1;
    const summary = isCommand ? 'A command of the official CLI.' : 'Commands of the official CLI.';
    if (!others.some((one) => one.word === word)) next.set(before, [...others, { word, summary }]);
  }
}

/** Returns the flags that most commands take, which may come before the command. */
function common(commands: readonly CompletedCommand[]): CompletedFlag[] {
  const all = new Map(commands.flatMap(({ flags }) => flags.map((flag) => [flag.word, flag])));
  const taking = (word: string) => commands.filter(({ flags }) => flags.some((flag) => flag.word === word));
  return [...all.values()].filter(({ word }) => taking(word).length > commands.length / 3);
}

/** Returns the first line of a description, as help shows it. It may come from a third-party plugin. */
function firstLine(text = ''): string {
  const [line = ''] = text.split('\n', 1);
  return serverText(line.replace(/<%[-=] config.bin %>/gu, 'vastai'), Number.POSITIVE_INFINITY);
}
