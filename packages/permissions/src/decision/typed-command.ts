import { SWITCHES } from '../catalogue/command-data.js';
import { type Command, commandNamed } from '../catalogue/commands.js';

/** Holds a command of the official CLI as somebody typed it. */
export interface TypedCommand {
  readonly command: Command;
  /** The words after the command's own, without flags and their values. */
  readonly words: readonly string[];
  /** The flags, in the spelling with hyphens, with their values. */
  readonly flags: ReadonlyMap<string, string | undefined>;
}

/**
 * Reads a command as it is typed in a shell, such as `vastai destroy instance 5 --yes`, with or without the program in
 * front. The words of a command also match with underscores, as the official CLI shows them in Python.
 *
 * @returns undefined if no command starts this way
 */
export function readTypedCommand(text: string): TypedCommand | undefined {
  const { words, flags } = sortWords(withoutProgram(shellWords(text)));
  for (const count of [2, 1]) {
    const command = words.length < count ? undefined : commandNamed(commandWords(words, count));
    if (command !== undefined) return { command, words: words.slice(count), flags };
  }
  return undefined;
}

/** Returns the longest and the shortest name that a typed command could have, to find one that is close. */
export function possibleCommandNames(text: string): readonly string[] {
  const { words } = sortWords(withoutProgram(shellWords(text)));
  return [...new Set([commandWords(words, 2), commandWords(words, 1)])];
}

function commandWords(words: readonly string[], count: number): string {
  return words.slice(0, count).join(' ').replaceAll('_', '-');
}

/** Leaves out the program and the variables in front of it. Those can hold a key, and names are printed. */
function withoutProgram(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/u.test(word));
  const typed = first < 0 ? [] : words.slice(first);
  return /^(?:.*\/)?vast(?:ai|\.py)$/u.test(typed[0] ?? '') ? typed.slice(1) : typed;
}

/** Returns true if a line holds more than one command for a shell: by an operator, or a line break, outside quotation marks. */
export function isSeveralCommands(text: string): boolean {
  const unquoted = onOneLine(text).replace(/\\.|'[^']*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)/gsu, '');
  return /[;&|\n\r]/u.test(unquoted);
}

/** Joins the lines of a command that a backslash continues. */
function onOneLine(text: string): string {
  return text.trim().replace(/\\\r?\n/gu, ' ');
}

/** Separates flags and their values from the other words. A flag takes the next word unless it is known to be a switch. */
function sortWords(all: readonly string[]): Pick<TypedCommand, 'words' | 'flags'> {
  const words: string[] = [];
  const flags = new Map<string, string | undefined>();
  for (let index = 0; index < all.length; index += 1) {
    const word = all[index] as string;
    if (word === '--') return { words: [...words, ...all.slice(index + 1)], flags };
    if (!/^-./u.test(word)) {
      words.push(word);
      continue;
    }
    const [, typed = '', value] = /^([^=]+)(?:=(.*))?$/su.exec(word) ?? [];
    const flag = typed.replaceAll('_', '-');
    const next = all[index + 1];
    const takesNext =
      value === undefined && next !== undefined && !next.startsWith('-') && !SWITCHES.includes(flag);
    flags.set(flag, takesNext ? next : value);
    if (takesNext) index += 1;
  }
  return { words, flags };
}

/** Splits a line into words as a shell does: at white space, outside quotation marks, without expanding anything. */
function shellWords(line: string): string[] {
  const words: string[] = [];
  for (const [word] of onOneLine(line).matchAll(
    /(?:[^\s'"\\]|\\.|'[^']*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)|\\$)+/gsu,
  )) {
    words.push(
      word.replace(
        /\\(.)|'([^']*)(?:'|$)|"((?:[^"\\]|\\.)*)(?:"|$)/gsu,
        (_, escaped?: string, single?: string, double?: string) =>
          escaped ?? single ?? (double ?? '').replace(/\\(["\\$`])/gu, '$1'),
      ),
    );
  }
  return words;
}
