import type { Candidate, Completed, CompletedCommand } from './completed.js';
import { type Program, posixQuoted } from './program.js';
import type { Values } from './values.js';

/**
 * Returns the part that the scripts for bash and zsh share, in syntax that both understand: the candidates, as functions
 * that set `lines` (each a word, a tab and its summary) or `values`, and `_vastai_read`.
 */
export function posixTables({ next, commands }: Completed, { node, script }: Program): string {
  const flags = commands.flatMap((command) =>
    command.flags.map((flag) => ({ ...flag, command: command.name })),
  );
  const valued = flags.filter(({ values }) => values !== undefined);
  const spellings = valued.flatMap(({ word, char }) => [
    plain(word),
    ...(char === undefined ? [] : [`-${char}`]),
  ]);
  const usual = new Map(valued.map(({ word, values }) => [plain(word), valuesText(values)]));
  const unusual = valued.filter(({ word, values }) => usual.get(plain(word)) !== valuesText(values));
  const short = valued.flatMap(({ char, values }) =>
    char === undefined ? [] : [[`-${char}`, valuesText(values)]],
  );
  return `_vastai_words() {
    case "$1" in
${cases([...next].map(([before, candidates]) => [posixQuoted(before), `lines=${linesOf(candidates)}`]))}
    *) lines='' ;;
    esac
}
_vastai_flags() {
    case "$1" in
${cases(commands.map((command) => [posixQuoted(command.name), `lines=${linesOf(command.flags)}`]))}
    *) lines='' ;;
    esac
}
_vastai_takes_value() {
    case "$1" in
    ${[...new Set(spellings)].map(posixQuoted).join('|') || "''"}) return 0 ;;
    esac
    return 1
}
_vastai_value_of() {
    case "$1 $2" in
${cases(unusual.map(({ command, word, values }) => [posixQuoted(`${command} ${plain(word)}`), `values=${posixQuoted(valuesText(values))}`]))}
    *)
        case "$2" in
${cases([...usual, ...short].map(([word = '', values = '']) => [posixQuoted(word), `values=${posixQuoted(values)}`]))}
        *) values=free ;;
        esac
        ;;
    esac
}
_vastai_argument() {
    case "$1 $2" in
${cases(commands.flatMap(argumentRows))}
    *) values=free ;;
    esac
}
_vastai_profiles() {
    if command -v vastai >/dev/null 2>&1; then
        command vastai autocomplete profiles </dev/null 2>/dev/null
    else
        ${posixQuoted(node)} ${posixQuoted(script)} autocomplete profiles </dev/null 2>/dev/null
    fi
}
# Reads the words in front of the cursor: the command that they name, how many arguments follow it, and the flag whose
# value is at the cursor.
_vastai_read() {
    local word name ended=''
    named='' flag='' count=0
    while [ $# -gt 0 ]; do
        word="$1"
        shift
        if [ -z "$ended" ] && [ "$word" = '--' ]; then
            ended=1
        elif [ -z "$ended" ] && [[ "$word" == -?* ]]; then
            name="\${word//_/-}"
            [[ "$name" == *=* ]] && continue
            _vastai_takes_value "$name" || continue
            [ "\${1-}" = '=' ] && shift
            if [ $# -eq 0 ]; then flag="$name"; else shift; fi
        else
            name="\${named:+$named }\${word//_/-}"
            _vastai_words "$named"
            if [ "$count" -eq 0 ] && [[ $'\\n'"$lines" == *$'\\n'"\${word//_/-}"$'\\t'* ]]; then
                named="$name"
            else
                count=$((count + 1))
            fi
        fi
    done
}
`;
}

/** Returns a pattern and the values for each argument of a command. The last argument may be repeated. */
function argumentRows({ name, args }: CompletedCommand): [string, string][] {
  return args.map((values, at) => {
    const pattern = at === args.length - 1 ? `${posixQuoted(`${name} `)}*` : posixQuoted(`${name} ${at}`);
    return [pattern, `values=${posixQuoted(valuesText(values))}`];
  });
}

/** Spells a flag with dashes, so that a lookup finds both spellings. */
function plain(word: string): string {
  return word.replaceAll('_', '-');
}

function valuesText(values: Values = 'free'): string {
  return typeof values === 'string' ? values : ['words', ...values].join('\n');
}

function linesOf(candidates: readonly Candidate[]): string {
  return posixQuoted(candidates.map(({ word, summary }) => `${word}\t${summary}`).join('\n'));
}

function cases(rows: readonly (readonly string[])[]): string {
  return rows.map(([pattern = '', action]) => `    ${pattern}) ${action} ;;`).join('\n');
}
