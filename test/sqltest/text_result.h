// A result as lines of text, one row each.
#pragma once

#include <string>
#include <vector>

#include "data/hive_text.h"
#include "session/session.h"

namespace quell::sqltest {

// Turns each row to text as it comes, with tabs between the columns, and keeps the text.
class TextResult final : public ResultConsumer {
 public:
  // `aligns`: what DESCRIBE gives is aligned, as in Spark's recorded results.
  explicit TextResult(HiveTextOptions options, bool aligns = false) : options_(std::move(options)), aligns_(aligns) {}

  void Begin(const Schema& schema) override {
    schema_ = schema;
    is_aligned_ = aligns_ && IsDescription(schema);
  }
  void Consume(const Batch& batch) override;

  const Schema& schema() const { return schema_; }
  std::vector<std::string>& rows() { return rows_; }

 private:
  const HiveTextOptions options_;
  const bool aligns_;
  bool is_aligned_ = false;
  Schema schema_;
  std::vector<std::string> rows_;
};

// How the session prints: its time zone and binary style.
HiveTextOptions TextOptions(const Config& config);

}  // namespace quell::sqltest
