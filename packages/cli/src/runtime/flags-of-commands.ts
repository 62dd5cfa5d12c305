import type { Config } from '@oclif/core/config';
import type { KnownFlag } from './fast-path/read-words.js';
import type { FlagsOfCommands } from './fast-path/sort-words.js';

/** Gives the flags of every command, of plugins that are not installed yet too, by id and by alias. */
export function flagsOfCommands({ commands }: Config): FlagsOfCommands {
  return new Map(
    commands.flatMap(({ id, aliases = [], hiddenAliases = [], flags = {} }) =>
      [id, ...aliases, ...hiddenAliases].map((name): [string, KnownFlag[]] => [name, Object.values(flags)]),
    ),
  );
}
