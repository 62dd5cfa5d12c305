/** A command, as far as completion needs it. */
export interface CompletedCommand {
  /** Its words, separated by colons. */
  readonly id: string;
  readonly summary?: string | undefined;
  readonly flags: Readonly<Record<string, CompletedFlag>>;
}

interface CompletedFlag {
  readonly type: 'boolean' | 'option';
  readonly char?: string | undefined;
  readonly description?: string | undefined;
  readonly options?: readonly string[] | undefined;
  readonly hidden?: boolean | undefined;
}

/** What fish asks: whether the words so far, flags aside, are exactly these, or begin with these. */
const QUESTIONS = `function __vastai_words
    set -l words (commandline -opc)
    string match --invert -- '-*' $words[2..-1]
end
function __vastai_at
    set -l words (__vastai_words)
    test "$words" = "$argv"
end
function __vastai_in
    set -l words (__vastai_words)
    string match --quiet -- "$argv *" "$words "
end
complete -c vastai -e
`;

/**
 * The completions of commands and flags for fish, as a script that fish sources.
 *
 * @param topics the summaries of the words that commands begin with, by their id
 */
export function fishCompletion(
  commands: readonly CompletedCommand[],
  topics: ReadonlyMap<string, string | undefined>,
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
  for (const command of ids.values()) for (const line of flagLines(command)) lines.add(line);
  return `${QUESTIONS}${[...lines].join('\n')}\n`;
}

function flagLines({ id, flags }: CompletedCommand): string[] {
  const condition = `-n ${quote(`__vastai_in ${id.replaceAll(':', ' ')}`)}`;
  return Object.entries(flags)
    .filter(([, { hidden }]) => !hidden)
    .map(([name, { type, char, description, options }]) => {
      const short = char === undefined ? '' : ` -s ${char}`;
      const values = options === undefined ? ' -r' : ` -x -a ${quote(options.join(' '))}`;
      const value = type === 'boolean' ? '' : values;
      return `complete -c vastai ${condition} -l ${name}${short}${value}${describe(description)}`;
    });
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
