import { type KnownFlag, plain, readWords, type Typed } from './read-words.js';

/** The flags of each command, by its id (`show:user`) and its aliases. */
export type FlagsOfCommands = ReadonlyMap<string, readonly KnownFlag[]>;

export interface SortedWords {
  /** Absent when the words name no command. */
  readonly id?: string;
  /** The words of the command's name; without a command, all words. */
  readonly names: readonly string[];
  /** Everything else, in the order in which it was typed. */
  readonly rest: readonly Typed[];
}

/**
 * Sorts what was typed into the name of a command and the rest, wherever flags stand. A command is meant when the
 * words begin with its name once its flags and their values are taken out. Of several it is the longest name, then
 * the command that knows more of the flags.
 */
export function sortWords(words: readonly string[], commands: FlagsOfCommands): SortedWords {
  const all = [...commands.values()].flat();
  const spelled = new Set(words.map(plain));
  let best: { sorted: SortedWords; length: number; strange: number } | undefined;
  for (const [id, flags] of commands) {
    const parts = id.split(':');
    if (!words.includes(id) && !parts.every((part) => spelled.has(plain(part)))) continue;
    const typed = readWords(words, flags, all);
    const names = nameAmong(typed, id, parts);
    if (names === undefined) continue;
    const strange = typed.filter(({ kind, knownTo }) => kind === 'flag' && knownTo !== 'the command').length;
    const isBetter =
      best === undefined ||
      parts.length > best.length ||
      (parts.length === best.length && strange < best.strange);
    if (isBetter)
      best = { sorted: { id, names, rest: without(typed, names) }, length: parts.length, strange };
  }
  if (best !== undefined) return best.sorted;
  const typed = readWords(words, [], all);
  const names = wordsAmong(typed);
  return { names, rest: without(typed, names) };
}

/** Gives the words of a command's name when those that were typed begin with them: `show`, `user`, or `show:user`. */
function nameAmong(
  typed: readonly Typed[],
  id: string,
  parts: readonly string[],
): readonly string[] | undefined {
  const words = wordsAmong(typed);
  if (words[0] === id) return [id];
  return parts.every((part, at) => plain(part) === plain(words[at] ?? '')) ? parts : undefined;
}

function wordsAmong(typed: readonly Typed[]): string[] {
  return typed.flatMap(({ kind, words }) => (kind === 'word' ? words : []));
}

/** Leaves out the first words, as many as the name has. */
function without(typed: readonly Typed[], names: readonly string[]): Typed[] {
  let left = names.length;
  return typed.filter(({ kind }) => kind !== 'word' || left-- <= 0);
}
