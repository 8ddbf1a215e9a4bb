// Results on standard output, in the format that was asked for.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "session/session.h"

namespace quell::cli::output {

enum class Format : uint8_t { kTable, kTsv, kCsv, kJson, kArrow };

// Requires one of "table", "tsv", "csv", "json", "arrow".
Format ParseFormat(const std::string& name);
// A table on a terminal, and tabs, as spark-sql prints, elsewhere.
Format DefaultFormat();

struct Settings {
  std::string time_zone = "UTC";
  bool is_plan = false;  // The result is the text of a plan, whose lines a table would only make harder to read.
};

// A consumer of one statement. Finish() writes what is left; without it, as after an error, an output may lack its end.
class Output : public ResultConsumer {
 public:
  virtual void Finish() = 0;
};

// `file` is left open. Rows are written as they come, but for tables, whose first rows give the widths. As a table, a
// plan is its text.
std::unique_ptr<Output> MakeOutput(Format format, const Settings& settings, std::FILE* file);

// Writes all of `text`, or throws TASK_WRITE_FAILED; a reader that is gone ends the process quietly, as other filters
// end.
void WriteText(std::FILE* file, const std::string& text);

}  // namespace quell::cli::output
