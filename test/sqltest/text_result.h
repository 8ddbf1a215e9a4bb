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
  explicit TextResult(HiveTextOptions options) : options_(std::move(options)) {}

  void Begin(const Schema& schema) override { schema_ = schema; }
  void Consume(const Batch& batch) override;

  const Schema& schema() const { return schema_; }
  std::vector<std::string>& rows() { return rows_; }

 private:
  const HiveTextOptions options_;
  Schema schema_;
  std::vector<std::string> rows_;
};

// How the session prints: its time zone and binary style.
HiveTextOptions TextOptions(const Config& config);

}  // namespace quell::sqltest
