import type { Completed } from './completed.js';
import { posixTables } from './posix-tables.js';
import type { Program } from './program.js';

/**
 * Returns the completion script for bash 3.2 and newer. It begins with a line break, so that it can be appended to a file
 * that does not end with one.
 */
export function bashCompletion(completed: Completed, program: Program): string {
  return `
# Completions of vastai for bash. In ~/.bashrc: eval "$(vastai autocomplete script bash)"
${posixTables(completed, program)}
_vastai_offer() {
    local line
    while IFS= read -r line; do
        line="\${line%%$'\\t'*}"
        [[ -n "$line" && "$line" == "$cur"* ]] && COMPREPLY+=("$prefix$line")
    done
}
# Where no file is meant, bash must not offer any.
_vastai_nothing_else() {
    compopt +o default 2>/dev/null
    return 0
}
_vastai_values() {
    case "$1" in
    profiles) _vastai_offer < <(_vastai_profiles) && _vastai_nothing_else ;;
    words*) _vastai_offer <<<"\${1#words?}" && _vastai_nothing_else ;;
    free) _vastai_nothing_else ;;
    files)
        _vastai_offer < <(compgen -f -- "$cur")
        compopt -o filenames 2>/dev/null
        ;;
    esac
}
_vastai_autocomplete() {
    local cur="\${COMP_WORDS[COMP_CWORD]}" prefix='' lines='' values='' named flag count
    COMPREPLY=()
    _vastai_read "\${COMP_WORDS[@]:1:COMP_CWORD-1}"
    # bash takes = for a word of its own.
    [[ -n "$flag" && "$cur" == '=' ]] && cur=''
    if [[ -z "$flag" && "$cur" == --*=* ]]; then
        flag="\${cur%%=*}"
        prefix="$flag="
        cur="\${cur#*=}"
        flag="\${flag//_/-}"
    fi
    if [[ -n "$flag" ]]; then
        _vastai_value_of "$named" "$flag"
        _vastai_values "$values"
    elif [[ "$cur" == -* ]]; then
        _vastai_flags "$named"
        _vastai_offer <<<"$lines"
        _vastai_nothing_else
    else
        _vastai_words "$named"
        if [[ -n "$lines" && "$count" -eq 0 ]]; then
            _vastai_offer <<<"$lines"
            _vastai_nothing_else
        fi
        _vastai_flags "$named"
        if [[ -n "$lines" ]]; then
            _vastai_argument "$named" "$count"
            _vastai_values "$values"
        fi
    fi
    return 0
}
complete -o default -F _vastai_autocomplete vastai
`;
}
