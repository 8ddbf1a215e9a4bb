#include "completion.h"

#include <cstdio>

namespace quell::cli {
namespace {

constexpr const char* kBash = R"sh(# eval "$(quell completion bash)"
_quell() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
  local words="" files=-f
  case $previous in
    -f|-i|--report|--volume|--to|--source|--target) ;;
    --format) words="table tsv csv json arrow" files="" ;;
    --server) words="localstack versitygw" files="" ;;
    --compression) words="snappy zstd lz4 gzip none" files="" ;;
    -e|-d|--define|--hivevar|-c|--conf|--hiveconf|--remote) return ;;
    --port|--bucket|--host|--rows|--seed|--start|--end|--workers|--threads) return ;;
    *) case $command in
      discover) words="--json --threads --help" ;;
      datagen) words="--rows --to --seed --start --end --dirty --compression --rows-per-file --workers --chunk-rows
        --json --help" ;;
      s3) case $COMP_CWORD:${COMP_WORDS[2]} in
        2:*) words="start stop status --help" files="" ;;
        *:start) words="--server --port --fsync --bucket --volume --json --help" ;;
        *) words="--volume --json --help" ;;
      esac ;;
      dagster) words="--host --port --help" files="" ;;
      validate) words="--source --target --json --help" ;;
      completion) words="bash zsh fish" files="" ;;
      *) words="-e -f -i -d --define --hivevar -c --conf --hiveconf --format --report --remote -S --silent -v --verbose
          --version --help"
        [ "$COMP_CWORD" != 1 ] || words="discover datagen s3 dagster validate completion $words" files="" ;;
    esac ;;
  esac
  COMPREPLY=($(compgen $files -W "$words" -- "$word"))
}
complete -o filenames -F _quell quell
)sh";

constexpr const char* kZsh = R"sh(# eval "$(quell completion zsh)"
_quell() {
  local -a json=('--json[print JSON]' '--help[help]')
  case $words[2] in
    discover) _arguments '1: :' $json '--threads[footers read at once]:number' '2:place:_files' ;;
    datagen) _arguments '1: :' $json '--rows[how many]:rows' '--to[where]:folder:_files' '--seed[of all values]:seed' \
      '--start[first day]:date' '--end[day after the last]:date' '--dirty[with faults]' \
      '--compression[codec]:codec:(snappy zstd lz4 gzip none)' '--rows-per-file[of each file]:rows' \
      '--workers[processes]:number' '--chunk-rows[computed at a time]:rows' ;;
    s3) _arguments '1: :' '2:action:(start stop status)' $json '--volume[the data]:folder:_files' \
      '--server[the program]:server:(localstack versitygw)' '--port[of 127.0.0.1]:port' \
      '--fsync[wait for the disk]' '*--bucket[make it]:name' ;;
    dagster) _arguments '1: :' '--host[address]:host' '--port[port]:port' '--help[help]' ;;
    validate) _arguments '1: :' $json '--source[raw files]:place:_files' '--target[Delta table]:place:_files' ;;
    completion) _arguments '1: :' '2:shell:(bash zsh fish)' ;;
    *) _arguments '1: :(discover datagen s3 dagster validate completion)' \
      '*-e[run this SQL]:SQL' '*-f[run the SQL in a file]:file:_files' '*-i[run a file first]:file:_files' \
      '*'{-d,--define,--hivevar}'[replace a variable]:KEY=VALUE' '*'{-c,--conf,--hiveconf}'[set a setting]:KEY=VALUE' \
      '--format[of results]:format:(table tsv csv json arrow)' '--report[write what was used]:file:_files' \
      '--remote[run on a Spark cluster]:address:(sc\://)' \
      {-S,--silent}'[results alone]' {-v,--verbose}'[tell more]' '--version[version]' '--help[help]' ;;
  esac
}
compdef _quell quell
)sh";

constexpr const char* kFish = R"sh(# quell completion fish | source
set -l commands discover datagen s3 dagster validate completion
set -l sql "not __fish_seen_subcommand_from $commands"
complete -c quell -n __fish_use_subcommand -xa "$commands"
complete -c quell -l help -d "help"
complete -c quell -n "__fish_seen_subcommand_from discover datagen s3 validate" -l json -d "print JSON"
complete -c quell -n "__fish_seen_subcommand_from discover" -l threads -x
for option in rows seed start end rows-per-file workers chunk-rows
  complete -c quell -n "__fish_seen_subcommand_from datagen" -l $option -x
end
complete -c quell -n "__fish_seen_subcommand_from datagen" -l to -r
complete -c quell -n "__fish_seen_subcommand_from datagen" -l dirty
complete -c quell -n "__fish_seen_subcommand_from datagen" -l compression -xa "snappy zstd lz4 gzip none"
complete -c quell -n "__fish_seen_subcommand_from s3" -xa "start stop status"
complete -c quell -n "__fish_seen_subcommand_from s3" -l volume -r
complete -c quell -n "__fish_seen_subcommand_from s3" -l server -xa "localstack versitygw"
complete -c quell -n "__fish_seen_subcommand_from s3" -l bucket -x
complete -c quell -n "__fish_seen_subcommand_from s3" -l fsync
complete -c quell -n "__fish_seen_subcommand_from s3 dagster" -l port -x
complete -c quell -n "__fish_seen_subcommand_from dagster" -l host -x
complete -c quell -n "__fish_seen_subcommand_from validate" -l source -r
complete -c quell -n "__fish_seen_subcommand_from validate" -l target -r
complete -c quell -n "__fish_seen_subcommand_from completion" -xa "bash zsh fish"
complete -c quell -n $sql -s e -x -d "run this SQL"
complete -c quell -n $sql -s f -r -d "run the SQL in a file"
complete -c quell -n $sql -s i -r -d "run a file first"
complete -c quell -n $sql -s d -l define -x -d "replace a variable"
complete -c quell -n $sql -l hivevar -x -d "replace a variable"
complete -c quell -n $sql -s c -l conf -x -d "set a setting"
complete -c quell -n $sql -l hiveconf -x -d "set a setting"
complete -c quell -n $sql -l format -xa "table tsv csv json arrow" -d "of results"
complete -c quell -n $sql -l report -r -d "write what was used"
complete -c quell -n $sql -l remote -xa "sc://" -d "run on a Spark cluster"
complete -c quell -n $sql -s S -l silent -d "results alone"
complete -c quell -n $sql -s v -l verbose -d "tell more"
complete -c quell -n $sql -l version -d "version"
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
