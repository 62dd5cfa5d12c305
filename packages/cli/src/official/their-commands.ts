import { closest } from '@vastai-cli/kit/closest';
import { OFFICIAL_COMMANDS } from '@vastai-cli/kit/official-commands';
import { plain } from '../runtime/fast-path/read-words.js';

/** Matches the words of commands, as `instances-v1`. Anything else may be a key, or the value of a flag that nobody knows. */
export const COMMAND_WORD = /^[a-z][a-z_-]{0,31}(?:[-_]v\d{1,2})?$/;

/** The most words that a command of the official CLI has. */
const MOST_WORDS = 2;

/** Returns the first words, as far as they can be repeated: those that may be a command, and are certainly not keys. */
export function commandWords(words: readonly string[]): string[] {
  const end = words.findIndex((word) => !COMMAND_WORD.test(word));
  return words.slice(0, end === -1 ? MOST_WORDS : Math.min(end, MOST_WORDS)).map(plain);
}

/** Returns the command of the official CLI that the words begin with, or `undefined`. */
export function theirCommand(words: readonly string[]): string | undefined {
  return beginnings(words).find((beginning) => OFFICIAL_COMMANDS.includes(beginning));
}

/** Returns the commands of the official CLI with this first word, each without it. */
export function theirCommandsBelow(topic: string): string[] {
  return OFFICIAL_COMMANDS.filter((command) => command.startsWith(`${topic} `)).map((command) =>
    command.slice(topic.length + 1),
  );
}

/**
 * Returns the command of the official CLI that the words misspell, or `undefined`.
 *
 * @param ours the names of our commands, one of which may be as close
 */
export function theirNearest(words: readonly string[], ours: readonly string[] = []): string | undefined {
  const near = beginnings(words).map((beginning) => closest(beginning, [...ours, ...OFFICIAL_COMMANDS]));
  const nearest = near.find((command) => command !== undefined);
  return nearest === undefined || ours.includes(nearest) ? undefined : nearest;
}

/** Returns the words of a command, the longest name first: the last of them may be arguments. */
function beginnings(words: readonly string[]): string[] {
  const names = commandWords(words);
  return names.map((_, count) => names.slice(0, names.length - count).join(' '));
}
