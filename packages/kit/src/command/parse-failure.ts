import { stripVTControlCharacters } from 'node:util';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { closest } from '../closest.js';

/** Holds the fields of a flag, from a command or its manifest, that are read here. */
interface FlagName {
  readonly name: string;
  readonly hidden?: boolean;
  readonly helpValue?: string | readonly string[];
}

/** Holds the fields of a parser error that are read here. Each copy of oclif has its own error classes. */
interface ParserError extends Error {
  readonly flags?: readonly unknown[];
  readonly args?: readonly unknown[];
  readonly parse?: {
    readonly input?: {
      readonly flags?: Readonly<Record<string, FlagName>>;
      readonly context?: { readonly id?: string | undefined };
    };
  };
  readonly oclif?: { readonly exit?: number };
}

type ParserInput = NonNullable<NonNullable<ParserError['parse']>['input']>;

/** Matches an argument that is safe to repeat: a short word or number. Anything else may be a key, or half of one. */
const HARMLESS = /^(?:[a-z][a-z_-]{0,15}|\d{1,8})$/u;

/**
 * Returns the usage error for an error of oclif's parser, or `undefined` for any other error. The message repeats
 * nothing that may be a key: an unexpected argument is often half of one, and a wrong value is often one in the wrong
 * place.
 */
export function usageErrorOf(error: unknown): UsageError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, flags, args = [], parse: { input = {} } = {}, oclif } = error as ParserError;
  const help = 'Add --help to see what this command takes.';
  switch (error.constructor.name) {
    case 'UnexpectedArgsError':
      return new UsageError(unexpected(args.map(String)), help);
    case 'RequiredArgsError':
      return new UsageError(
        needs(
          args.map((arg) => (arg as { name?: string }).name?.toUpperCase() ?? ''),
          input,
        ),
        help,
      );
    case 'NonExistentFlagsError':
      return unknownFlags((flags ?? []).map(String), Object.values(input.flags ?? {}), help);
    default:
      if (oclif?.exit !== 2 && name !== 'CLIParseError') return undefined;
      // oclif's own commands throw usage errors like these for other reasons too, and --help does not explain those.
      return new UsageError(sentenceOf(message, input), OF_PARSER.test(message) ? help : undefined);
  }
}

/** Matches the messages of oclif's parser about a flag or an argument. */
const OF_PARSER = /See more help with --help|^Flag --|^Parsing --/u;

/**
 * Returns the error for unknown flags. It names them, unless they may be keys, and suggests the known flag that is
 * closest to the first.
 */
export function unknownFlags(flags: readonly string[], known: readonly FlagName[], hint: string): UsageError {
  const names = flags.map((flag) => flag.replace(/=.*$/su, ''));
  if (!names.every((name) => /^--?[a-z][a-z_-]{0,24}$/iu.test(name)))
    return new UsageError('Unknown flag.', hint);
  const shown = known.filter(({ hidden }) => !hidden).map(({ name }) => `--${name}`);
  const nearest = closest(names[0] ?? '', shown);
  return new UsageError(
    `Unknown flag: ${names.join(', ')}.`,
    nearest === undefined ? hint : `Did you mean: ${nearest}\n${hint}`,
  );
}

/** Removes what the parser adds to the message of an error that a flag threw: a prefix, and advice. */
export function withoutParserWords(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/^Parsing --\S+ \n\t/u, '')
    .replace(/\s*See more help with --help\s*$/u, '');
}

/** Returns the message about unexpected arguments. It repeats them, unless one may be a key. */
export function unexpected(args: readonly string[]): string {
  const subject = args.length === 1 ? 'Unexpected argument' : 'Unexpected arguments';
  if (!args.every((arg) => HARMLESS.test(arg))) return `${subject}.`;
  return `${subject} ${inList(args.map((arg) => `"${arg}"`))}.`;
}

function needs(what: readonly string[], { context }: ParserInput): string {
  const command = context?.id?.replaceAll(':', ' ') ?? 'This command';
  return `${command} needs ${inList(what)}.`;
}

function inList(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

/** Says which flag takes a number. The words of the parser leave that to the prefix. */
function withNamedNumber(message: string): string {
  return stripVTControlCharacters(message)
    .replace(
      /^Parsing (--\S+) \n\tExpected an integer greater than or equal to (\d+) .*$/su,
      '$1 must be a whole number, $2 or more.',
    )
    .replace(/^Parsing (--\S+) \n\tExpected an integer.*$/su, '$1 takes a whole number.');
}

function sentenceOf(message: string, input: ParserInput): string {
  const missing = [...stripVTControlCharacters(message).matchAll(/Missing required flag (\S+)/gu)].map(
    ([, name = '']) => {
      const value = input.flags?.[name]?.helpValue ?? name.toUpperCase();
      return `--${name} ${value}`;
    },
  );
  if (missing.length > 0) return needs(missing, input);
  const text = withoutParserWords(withNamedNumber(message))
    .replace(/^The following errors? occurred:\s*/u, '')
    .replace(/^All of the following must be provided when using (--[\w-]+): /su, '$1 needs ')
    // The parser repeats the value, which may be a key.
    .replace(
      /^(--[\w-]+)=.*? cannot also be provided when using (--[\w-]+).*$/su,
      '$2 and $1 cannot be combined.',
    )
    .replace(/^Command .* not found\.?$/su, 'No such command.')
    .replace(/^Expected (--[\w-]+)=.* to be one of: /su, '$1 takes one of: ')
    .replace(/\s+/gu, ' ')
    .trim();
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
