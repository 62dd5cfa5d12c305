import type { Config } from '@oclif/core/config';
import type { KnownFlag } from './fast-path/read-words.js';
import type { FlagsOfCommands } from './fast-path/sort-words.js';

/** Returns the flags of every command by id and by alias, including those of plugins that are not installed yet. */
export function flagsOfCommands({ commands }: Config): FlagsOfCommands {
  return new Map(
    commands.flatMap(({ id, aliases = [], hiddenAliases = [], flags = {} }) =>
      [id, ...aliases, ...hiddenAliases].map((name): [string, KnownFlag[]] => [name, Object.values(flags)]),
    ),
  );
}
