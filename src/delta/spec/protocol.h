// The protocol action: what a client must be able to do to read and to write the table.
#pragma once

#include <cstdint>
#include <set>
#include <string>

namespace quell::delta {

// Features are listed from reader version 3 and writer version 7 on, and empty below.
struct Protocol {
  static constexpr int32_t kReaderFeaturesVersion = 3;
  static constexpr int32_t kWriterFeaturesVersion = 7;

  int32_t min_reader_version = 1;
  int32_t min_writer_version = 2;
  std::set<std::string> reader_features = {};
  std::set<std::string> writer_features = {};

  bool has_reader_features() const { return min_reader_version >= kReaderFeaturesVersion; }
  bool has_writer_features() const { return min_writer_version >= kWriterFeaturesVersion; }
  bool operator==(const Protocol&) const = default;
};

}  // namespace quell::delta
