// What the library's script for bash takes for granted, where it is not: the package bash-completion, and that it is read once.

/**
 * To stand before the script. `COMP_WORDS` parts words at "=" and ":", so the words are those of the line up to the cursor, parted at
 * blanks; a completion that is there already stays, for the script's constants cannot be set twice.
 */
export const BASH_WORDS = `[[ $(type -t __limaml_complete) == function ]] && return 0
if [[ $(type -t _get_comp_words_by_ref) != function ]]; then
    _get_comp_words_by_ref() {
        local line="\${COMP_LINE:0:COMP_POINT}"
        read -ra words <<< "$line"
        [[ "$line" == *[[:blank:]] ]] && words+=("")
        cword=$(( \${#words[@]} - 1 ))
        cur="\${words[cword]}"
        prev="\${words[cword > 0 ? cword - 1 : 0]}"
    }
fi
`;
