/**
 * What a shell evaluates to complete the words of `tusk`, for each shell. All of them ask the command itself, so
 * that they know what it knows; where it has nothing to say, they complete names of files.
 */
export const COMPLETION_SCRIPTS = {
  bash: `_tusk() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _tusk tusk
`,
  zsh: `#compdef tusk
_tusk() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then compadd -a candidates; else _files; fi
}
compdef _tusk tusk
`,
  fish: `function __tusk_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l candidates ($words[1] __complete -- $words[2..] "$typed" 2>/dev/null)
    if set -q candidates[1]
        string join \\n -- $candidates
    else
        __fish_complete_path "$typed"
    end
end
complete -c tusk -f -a '(__tusk_complete)'
`,
} as const;
