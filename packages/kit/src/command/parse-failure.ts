import { stripVTControlCharacters } from 'node:util';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { closest } from '../closest.js';

/** A flag as a command or its manifest has it, as far as it is looked at here. */
interface FlagName {
  readonly name: string;
  readonly hidden?: boolean;
}

/** What oclif's parser throws, as far as it is looked at here. Its classes differ between copies of oclif. */
interface ParserError extends Error {
  readonly flags?: readonly unknown[];
  readonly args?: readonly unknown[];
  readonly parse?: { readonly input?: { readonly flags?: Readonly<Record<string, FlagName>> } };
  readonly oclif?: { readonly exit?: number };
}

/**
 * A parser error in our words. What was typed is not repeated where it could be a key: an argument too
 * many is often half of one, and a wrong value is one in the wrong place.
 */
export function usageErrorOf(error: unknown): UsageError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, flags, args, parse, oclif } = error as ParserError;
  const help = 'Add --help to see what this command takes.';
  switch (error.constructor.name) {
    case 'UnexpectedArgsError': {
      const count = args?.length ?? 1;
      return new UsageError(
        `${count === 1 ? 'There is one argument' : `There are ${count} arguments`} too many.`,
        help,
      );
    }
    case 'RequiredArgsError': {
      const names = (args ?? []).map((arg) => (arg as { name?: string }).name?.toUpperCase() ?? '');
      return new UsageError(`Missing: ${names.join(', ')}.`, help);
    }
    case 'NonExistentFlagsError':
      return unknownFlags((flags ?? []).map(String), Object.values(parse?.input?.flags ?? {}), help);
    default:
      if (oclif?.exit !== 2 && name !== 'CLIParseError') return undefined;
      // A command of oclif's own says more than what is wrong with its flags in this way.
      return new UsageError(firstSentence(message), OF_PARSER.test(message) ? help : undefined);
  }
}

/** How oclif's parser speaks of a flag or an argument. */
const OF_PARSER = /See more help with --help|^Flag --|^Parsing --/u;

/** Names flags that are not known, unless they may be keys, and the known one that is nearest to the first. */
export function unknownFlags(flags: readonly string[], known: readonly FlagName[], hint: string): UsageError {
  const names = flags.map((flag) => flag.replace(/=.*$/su, ''));
  if (!names.every((name) => /^--?[a-z][a-z_-]{0,24}$/iu.test(name)))
    return new UsageError('There is an unknown flag.', hint);
  const shown = known.filter(({ hidden }) => !hidden).map(({ name }) => `--${name}`);
  const nearest = closest(names[0] ?? '', shown);
  return new UsageError(
    `Unknown flag: ${names.join(', ')}.`,
    nearest === undefined ? hint : `Did you mean: ${nearest}\n${hint}`,
  );
}

/** A message without what the parser puts around one: where it was, and advice of its own. */
export function withoutParserWords(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/^Parsing --\S+ \n\t/u, '')
    .replace(/\s*See more help with --help\s*$/u, '');
}

function firstSentence(message: string): string {
  const text = withoutParserWords(message)
    .replace(/^The following errors? occurred:\s*/u, '')
    .replace(/^Missing required flag (\S+)/u, 'Missing: --$1')
    .replace(/^Command .* not found\.?$/su, 'There is no such command.')
    .replace(/^Expected (--[\w-]+)=.* to be one of: /su, '$1 takes one of: ')
    .replace(/\s+/gu, ' ')
    .trim();
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
