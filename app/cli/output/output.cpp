#include "output.h"

#include <cerrno>
#include <cstring>

#include <unistd.h>

#include "base/error_classes.h"
#include "formats.h"

namespace quell::cli::output {

Format ParseFormat(const std::string& name) {
  if (name == "tsv") return Format::kTsv;
  if (name == "csv") return Format::kCsv;
  if (name == "json") return Format::kJson;
  if (name == "arrow") return Format::kArrow;
  return Format::kTable;
}

Format DefaultFormat() { return isatty(STDOUT_FILENO) ? Format::kTable : Format::kTsv; }

std::unique_ptr<Output> MakeOutput(Format format, const Settings& settings, std::FILE* file) {
  switch (format) {
    case Format::kTable: return MakeTableOutput(settings, file);
    case Format::kTsv: return MakeTsvOutput(settings, file);
    case Format::kCsv: return MakeCsvOutput(settings, file);
    case Format::kJson: return MakeJsonOutput(settings, file);
    case Format::kArrow: return MakeArrowOutput(file);
  }
  return nullptr;
}

void WriteText(std::FILE* file, const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), file) == text.size()) return;
  if (errno == EPIPE) _exit(1);
  throw Error(error_class::kFailedWriteFile, "cannot write the result: {}", std::strerror(errno));
}

}  // namespace quell::cli::output
