#include "text_result.h"

namespace quell::sqltest {

void TextResult::Consume(const Batch& batch) {
  for (int64_t i = 0; i < batch.num_selected(); ++i) {
    const int64_t row = batch.selection ? (*batch.selection)[i] : i;
    std::string line;
    for (size_t c = 0; c < batch.columns.size(); ++c) {
      if (c > 0) line += '\t';
      const Value value = ValueAt(batch.columns[c], row);
      line += is_aligned_ ? AlignedText(value) : HiveText(value, schema_.field(static_cast<int>(c)).type, options_);
    }
    rows_.push_back(std::move(line));
  }
}

HiveTextOptions TextOptions(const Config& config) {
  return {.time_zone = config.Get("spark.sql.session.timeZone").value_or("UTC"),
          .binary_style = config.Get("spark.sql.binaryOutputStyle").value_or("UTF-8")};
}

}  // namespace quell::sqltest
