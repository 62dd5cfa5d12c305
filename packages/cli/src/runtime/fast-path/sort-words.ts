import { type KnownFlag, plain, readWords, type Typed } from './read-words.js';

/** Maps the id (`show:user`) and the aliases of each command to its flags. */
export type FlagsOfCommands = ReadonlyMap<string, readonly KnownFlag[]>;

export interface SortedWords {
  /** Absent if the words name no command. */
  readonly id?: string;
  /** The words of the command's name, or all words if they name no command. */
  readonly names: readonly string[];
  /** Everything else, in the original order. */
  readonly rest: readonly Typed[];
}

/**
 * Splits the arguments into the name of a command and the rest. Flags may be anywhere: a command matches if the words
 * begin with its name once its flags and their values are removed. The longest name wins, then the command that knows
 * more of the flags.
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

/** Returns the words of a command's name if the typed words begin with them: `show`, `user`, or `show:user`. */
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

/** Removes as many words from the front as the name has. */
function without(typed: readonly Typed[], names: readonly string[]): Typed[] {
  let left = names.length;
  return typed.filter(({ kind }) => kind !== 'word' || left-- <= 0);
}
