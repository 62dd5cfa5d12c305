import { type Program, thisProgram } from './program.js';
import { type Values, valuesOfArgument, valuesOfFlag } from './values.js';

/** Holds the fields of a command that completion needs. */
export interface CompletedCommand {
  /** The words of the command, separated by colons. */
  readonly id: string;
  readonly summary?: string | undefined;
  readonly flags: Readonly<Record<string, CompletedFlag>>;
  readonly args?: Readonly<Record<string, CompletedArgument>>;
}

interface CompletedArgument {
  readonly name?: string | undefined;
  readonly options?: readonly string[] | undefined;
}

interface CompletedFlag {
  readonly type: 'boolean' | 'option';
  readonly char?: string | undefined;
  readonly description?: string | undefined;
  readonly options?: readonly string[] | undefined;
  readonly hidden?: boolean | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
}

/**
 * The functions that the completions call: one checks if the words so far, without flags and their values, are exactly
 * the given ones, one if they begin with them, and one lists the profiles.
 */
function questions(commands: readonly CompletedCommand[], { node, script }: Program): string {
  const flags = commands.flatMap((command) => Object.entries(command.flags));
  const spellings = flags.flatMap(([name, { type, char }]) => {
    if (type === 'boolean') return [];
    const long = [`--${name}`, `--${name.replaceAll('_', '-')}`, `--${name.replaceAll('-', '_')}`];
    return char === undefined ? long : [...long, `-${char}`];
  });
  return `function __vastai_words
    set -l words (commandline -opc)
    set -l is_value no
    for word in $words[2..-1]
        if test $is_value = yes
            set is_value no
            continue
        end
        switch $word
            case ${[...new Set(spellings)].map(quote).join(' ') || "''"}
                set is_value yes
            case '-*'
            case '*'
                string replace --all _ - -- $word
        end
    end
    # The value of a flag is no word of a command.
    test $is_value = yes; and echo -
end
function __vastai_at
    set -l words (__vastai_words)
    test "$words" = "$argv"
end
function __vastai_in
    set -l words (__vastai_words)
    string match --quiet -- "$argv *" "$words "
end
function __vastai_profiles
    if type --quiet vastai
        command vastai autocomplete profiles </dev/null 2>/dev/null
    else
        ${quote(node)} ${quote(script)} autocomplete profiles </dev/null 2>/dev/null
    end
end
complete -c vastai -e
`;
}

/**
 * Returns the completion script for fish.
 *
 * @param topics the summaries of topics, by their id
 * @param program the command that lists the profiles if fish finds no `vastai`
 */
export function fishCompletion(
  commands: readonly CompletedCommand[],
  topics: ReadonlyMap<string, string | undefined>,
  program: Program = thisProgram(),
): string {
  const ids = new Map(commands.map((command) => [command.id, command]));
  const lines = new Set<string>();
  for (const { id } of ids.values()) {
    const words = id.split(':');
    for (const [index, word] of words.entries()) {
      const path = words.slice(0, index).join(' ');
      const own = words.slice(0, index + 1).join(':');
      const summary = ids.get(own)?.summary ?? topics.get(own);
      // A file can follow a command, but not the words before it.
      lines.add(
        `complete -c vastai -f -n ${quote(`__vastai_at ${path}`.trim())} -a ${word}${describe(summary)}`,
      );
    }
  }
  for (const command of ids.values())
    for (const line of [...flagLines(command), ...argumentLines(command)]) lines.add(line);
  // Flags may come before the command.
  if (commands.some(({ flags }) => flags.profile !== undefined))
    lines.add(
      `complete -c vastai -n '__vastai_at; or __vastai_at -' -l profile${given('profiles')} -d 'The profile to use.'`,
    );
  return `${questions(commands, program)}${[...lines].join('\n')}\n`;
}

function flagLines({ id, flags }: CompletedCommand): string[] {
  const condition = `-n ${quote(`__vastai_in ${id.replaceAll(':', ' ')}`)}`;
  return Object.entries(flags)
    .filter(([, { hidden }]) => !hidden)
    .map(([name, flag]) => {
      const short = flag.char === undefined ? '' : ` -s ${flag.char}`;
      const value = given(valuesOfFlag(name, flag));
      return `complete -c vastai ${condition} -l ${name}${short}${value}${describe(flag.description)}`;
    });
}

function argumentLines({ id, args = {} }: CompletedCommand): string[] {
  const name = id.replaceAll(':', ' ');
  const [first] = Object.values(args).map((arg) => valuesOfArgument(id, arg));
  if (first === undefined) return [`complete -c vastai -f -n ${quote(`__vastai_in ${name}`)}`];
  if (first === 'files') return [];
  return [`complete -c vastai -n ${quote(`__vastai_at ${name}`)}${given(first).replace(' -x', ' -f')}`];
}

/** Returns fish's option for the value of a flag: `-r` for any file, `-x` for only the given values. */
function given(values: Values | undefined): string {
  if (values === undefined) return '';
  if (values === 'files') return ' -r';
  if (values === 'free') return ' -x';
  return ` -x -a ${quote(values === 'profiles' ? '(__vastai_profiles)' : values.join(' '))}`;
}

function describe(text: string | undefined): string {
  const line = text
    ?.split('\n', 1)[0]
    ?.replace(/<%[-=] config.bin %>/gu, 'vastai')
    .trim();
  return line ? ` -d ${quote(line)}` : '';
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/gu, '\\$&')}'`;
}
