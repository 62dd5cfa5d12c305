/** Holds the fields of a flag in a manifest that are read here. */
export interface KnownFlag {
  readonly name: string;
  readonly type: string;
  readonly char?: string;
  readonly aliases?: readonly string[];
  readonly charAliases?: readonly string[];
  readonly allowNo?: boolean;
  readonly multiple?: boolean;
  /** True if each value of a `multiple` flag needs the flag again. */
  readonly multipleNonGreedy?: boolean;
}

/** Holds one part of the command line: a word, or a flag with its value. */
export interface Typed {
  /** `behind` for `--` and everything after it, which is neither a flag nor part of a command's name. */
  readonly kind: 'word' | 'flag' | 'behind';
  /** The arguments for the command's parser: a flag in a spelling that the command knows. */
  readonly words: readonly string[];
  /** The flag alone: `--api-key`, `-y`. */
  readonly flag?: string;
  /** The word itself, or the value of the flag. */
  readonly value?: string;
  readonly knownTo?: 'the command' | 'another command' | 'nobody';
}

/**
 * Reads arguments as oclif's parser does, so that the value of a flag does not count as a word.
 *
 * @param flags the flags of the command that may be meant
 * @param all the flags of every command, which show if a flag that this command does not know takes a value
 */
export function readWords(
  words: readonly string[],
  flags: readonly KnownFlag[],
  all: readonly KnownFlag[],
): Typed[] {
  const typed: Typed[] = [];
  for (let at = 0; at < words.length; at += typed.at(-1)?.words.length ?? 1) {
    const [word = '', next] = words.slice(at, at + 2);
    if (word === '--') return [...typed, ...words.slice(at).map((value) => simple('behind', value))];
    typed.push(
      word.startsWith('-') && word !== '-' ? readFlag(word, next, flags, all) : simple('word', word),
    );
  }
  return typed;
}

/** Makes `-` and `_` equal, so that either can be typed for the other. */
export function plain(name: string): string {
  return name.replaceAll('_', '-');
}

function simple(kind: 'word' | 'behind', value: string): Typed {
  return { kind, words: [value], value };
}

function readFlag(
  word: string,
  next: string | undefined,
  flags: readonly KnownFlag[],
  all: readonly KnownFlag[],
): Typed {
  const read = word.startsWith('--') ? readLong : readShort;
  const own = read(word, next, flags);
  if (own !== undefined) return { kind: 'flag', ...own, knownTo: 'the command' };
  const other = read(word, next, all);
  if (other !== undefined) return { kind: 'flag', ...other, knownTo: 'another command' };
  if (/^-\d/u.test(word)) return simple('word', word);
  const { flag, value } = /^(?<flag>[^=]*)(?:=(?<value>.*))?$/su.exec(word)?.groups ?? {};
  return { kind: 'flag', words: [word], ...valued(flag ?? word, value), knownTo: 'nobody' };
}

type Read = Pick<Typed, 'words' | 'flag' | 'value'>;

/** Reads `--name`, `--name=value`, `--name value`, and `--no-name` of a flag that has it. */
function readLong(word: string, next: string | undefined, flags: readonly KnownFlag[]): Read | undefined {
  const end = word.includes('=') ? word.indexOf('=') : word.length;
  const typed = word.slice(2, end);
  const known = find(typed, flags);
  if (known === undefined) return undefined;
  const flag = `--${known.name}`;
  const words = [`${flag}${word.slice(end)}`];
  if (end < word.length) return { words, ...valued(flag, word.slice(end + 1)) };
  if (!known.takesValue || next === undefined) return { words, flag };
  return { words: [flag, next], ...valued(flag, next) };
}

/** Finds a flag by the name that was typed, and returns how the command spells it. */
function find(typed: string, flags: readonly KnownFlag[]): { name: string; takesValue: boolean } | undefined {
  for (const isSame of [(name: string) => name === typed, (name: string) => plain(name) === plain(typed)]) {
    for (const { name, aliases = [], allowNo = false, type } of flags) {
      const spelling = [name, ...aliases, ...(allowNo ? [`no-${name}`] : [])].find(isSame);
      if (spelling !== undefined) return { name: spelling, takesValue: type === 'option' };
    }
  }
  return undefined;
}

/** Reads `-y`, `-yx`, `-t value`, `-tvalue` and `-t=value`. */
function readShort(word: string, next: string | undefined, flags: readonly KnownFlag[]): Read | undefined {
  for (let at = 1; at < word.length; at++) {
    const char = word.charAt(at);
    const known = flags.find((one) => one.char === char || one.charAliases?.includes(char));
    if (known === undefined) return at === 1 ? undefined : { words: [word], flag: `-${char}` };
    if (known.type !== 'option') continue;
    const flag = `-${char}`;
    const attached = word.slice(at + 1).replace(/^=/u, '');
    if (at + 1 < word.length) return { words: [word], ...valued(flag, attached) };
    return next === undefined ? { words: [word], flag } : { words: [word, next], ...valued(flag, next) };
  }
  return { words: [word], flag: word };
}

function valued(flag: string, value: string | undefined): Pick<Typed, 'flag' | 'value'> {
  return value === undefined ? { flag } : { flag, value };
}
