// Texts of --help.
#pragma once

namespace quell::cli {

inline constexpr const char* kDescription = R"(Runs Spark SQL on this machine, without a cluster.

Commands:
  quell [-e SQL | -f FILE]    run SQL, or open a shell
  quell discover URI          say what is in a folder or bucket, and whether it is sound
  quell datagen               make the table of transactions
  quell s3                    start and stop the local object store
  quell dagster               open Dagster with the main job
  quell validate              let DuckDB check a table against the files that it was made of
  quell completion SHELL      print completion for bash, zsh or fish)";

inline constexpr const char* kFooter = R"(Examples:
  quell -e 'SELECT count(*) FROM parquet.`data/transactions`'
  quell -f jobs/weekly_revenue.sql -d source=s3://raw/transactions -d target=s3://lake/weekly
  quell -f jobs/weekly_revenue.sql -d source=... -d target=... --remote sc://spark.example:15002
  quell --conf quell.memory.limit=512MB --report - -e 'SELECT ...'

Exit codes: 0 done; 1 a statement failed; 2 a mistake on the command line; 130 interrupted.)";

inline constexpr const char* kDiscoverFooter = R"(Examples:
  quell discover s3://raw/transactions/
  quell discover data/feed --json | jq .rows

Exit codes: 0 sound; 1 the command failed; 2 a mistake on the command line; 3 integrity is in doubt.)";

}  // namespace quell::cli
