import type { Completed } from './completed.js';
import { posixTables } from './posix-tables.js';
import type { Program } from './program.js';

/** Returns the completion script for zsh, which can be sourced or installed as `_vastai` in a folder of `fpath`. */
export function zshCompletion(completed: Completed, program: Program): string {
  return `#compdef vastai
# Completions of vastai for zsh. In ~/.zshrc: eval "$(vastai autocomplete script zsh)"
${posixTables(completed, program)}
_vastai_described() {
    local line
    local -a entries
    for line in "\${(@f)lines}"; do
        entries+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    done
    _describe "$@" entries
}
_vastai_values() {
    case "$1" in
    profiles) compadd -- "\${(@f)$(_vastai_profiles)}" ;;
    words*) compadd -- "\${(@f)\${1#words?}}" ;;
    files) _files ;;
    esac
}
_vastai() {
    local cur="$words[CURRENT]" lines='' values='' named flag count
    _vastai_read "\${(@)words[2,CURRENT-1]}"
    if [[ -z "$flag" && "$cur" == --*=* ]]; then
        flag="\${\${cur%%=*}//_/-}"
        compset -P '*='
    fi
    if [[ -n "$flag" ]]; then
        _vastai_value_of "$named" "$flag"
        _vastai_values "$values"
    elif [[ "$cur" == -* ]]; then
        _vastai_flags "$named"
        [[ -n "$lines" ]] && _vastai_described -o flag
    else
        _vastai_words "$named"
        [[ -n "$lines" && "$count" -eq 0 ]] && _vastai_described command
        _vastai_argument "$named" "$count"
        _vastai_values "$values"
    fi
}
if [[ "\${funcstack[1]-}" == _vastai ]]; then
    _vastai "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
    compdef _vastai vastai
fi
`;
}
