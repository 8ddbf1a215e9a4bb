#include "completion.h"

#include <cstdio>

namespace quell::cli {
namespace {

constexpr const char* kBash = R"sh(# eval "$(quell completion bash)"
_quell() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  case $previous in
    -f|-i|--report) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --format) COMPREPLY=($(compgen -W "table tsv csv json arrow" -- "$word")); return ;;
    s3) COMPREPLY=($(compgen -W "start stop status" -- "$word")); return ;;
    completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")); return ;;
  esac
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W "discover datagen s3 dagster validate completion -e -f --help" -- "$word"))
  else
    local flags="-e -f -i -d --conf --format --report --remote -S -v --json --help"
    COMPREPLY=($(compgen -f -W "$flags" -- "$word"))
  fi
}
complete -o filenames -F _quell quell
)sh";

constexpr const char* kZsh = R"sh(# eval "$(quell completion zsh)"
_quell() {
  _arguments \
    '1: :(discover datagen s3 dagster validate completion)' \
    '*-e[run this SQL]:SQL' '*-f[run the SQL in a file]:file:_files' '*-i[run a file first]:file:_files' \
    '*-d[replace a variable]:KEY=VALUE' '*--conf[set a setting]:KEY=VALUE' \
    '--format[of results]:format:(table tsv csv json arrow)' '--report[write what was used]:file:_files' \
    '--remote[run on a Spark cluster]:address:(sc\://)' \
    '-S[results alone]' '-v[tell more]' '--help[help]'
}
compdef _quell quell
)sh";

constexpr const char* kFish = R"sh(# quell completion fish | source
complete -c quell -n __fish_use_subcommand -xa "discover datagen s3 dagster validate completion"
complete -c quell -n "__fish_seen_subcommand_from s3" -xa "start stop status"
complete -c quell -n "__fish_seen_subcommand_from completion" -xa "bash zsh fish"
complete -c quell -s e -x -d "run this SQL"
complete -c quell -s f -r -d "run the SQL in a file"
complete -c quell -s i -r -d "run a file first"
complete -c quell -s d -x -d "replace a variable"
complete -c quell -l conf -x -d "set a setting"
complete -c quell -l format -xa "table tsv csv json arrow" -d "of results"
complete -c quell -l report -r -d "write what was used"
complete -c quell -l remote -xa "sc://" -d "run on a Spark cluster"
)sh";

}  // namespace

int PrintCompletion(std::string_view shell) {
  const char* script = shell == "bash" ? kBash : shell == "zsh" ? kZsh : shell == "fish" ? kFish : nullptr;
  if (script == nullptr) {
    std::fprintf(stderr, "quell completion: name a shell: bash, zsh or fish\n");
    return 2;
  }
  std::fputs(script, stdout);
  return 0;
}

}  // namespace quell::cli
