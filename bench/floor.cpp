// The least that any engine over libparquet must do for the main job's query: read and decompress just the pages of
// the five columns that it needs, on all cores, and decode nothing.
//
// Usage: quell_bench_floor FILE...; prints the number of values and of decompressed bytes.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <parquet/column_page.h>
#include <parquet/column_reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

namespace {

constexpr std::array<std::string_view, 5> kColumns = {"status", "event_time", "country", "category", "amount"};

struct Work {
  int64_t num_values = 0;
  int64_t num_bytes = 0;

  void operator+=(const Work& other) {
    num_values += other.num_values;
    num_bytes += other.num_bytes;
  }
};

struct RowGroup {
  const std::string* path;
  int index;
};

std::vector<RowGroup> ListRowGroups(const std::vector<std::string>& paths) {
  std::vector<RowGroup> row_groups;
  for (const std::string& path : paths) {
    const auto reader = parquet::ParquetFileReader::OpenFile(path);
    for (int index = 0; index < reader->metadata()->num_row_groups(); ++index) row_groups.push_back({&path, index});
  }
  return row_groups;
}

Work ReadPages(const RowGroup& row_group) {
  const auto file = parquet::ParquetFileReader::OpenFile(*row_group.path);
  const auto reader = file->RowGroup(row_group.index);
  Work work;
  for (const std::string_view name : kColumns) {
    const int column = file->metadata()->schema()->ColumnIndex(std::string(name));
    if (column < 0) throw parquet::ParquetException(*row_group.path + " has no column " + std::string(name));
    const auto pages = reader->GetColumnPageReader(column);
    while (const auto page = pages->NextPage()) {
      work.num_bytes += page->size();
      if (const auto* data = dynamic_cast<const parquet::DataPage*>(page.get())) work.num_values += data->num_values();
    }
  }
  return work;
}

// Reads all row groups on as many threads as there are cores. The first error ends the reading.
Work ReadAll(const std::vector<RowGroup>& row_groups) {
  const unsigned num_threads = std::max(1U, std::thread::hardware_concurrency());
  std::atomic<size_t> next = 0;
  std::vector<Work> works(num_threads);
  std::vector<std::exception_ptr> errors(num_threads);
  {
    std::vector<std::jthread> threads;
    for (unsigned thread = 0; thread < num_threads; ++thread) {
      threads.emplace_back([&, thread] {
        try {
          for (size_t i = next++; i < row_groups.size(); i = next++) works[thread] += ReadPages(row_groups[i]);
        } catch (...) {
          errors[thread] = std::current_exception();
          next = row_groups.size();
        }
      });
    }
  }
  Work total;
  for (unsigned thread = 0; thread < num_threads; ++thread) {
    if (errors[thread]) std::rethrow_exception(errors[thread]);
    total += works[thread];
  }
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> paths(argv + 1, argv + argc);
    const Work work = ReadAll(ListRowGroups(paths));
    std::printf("%lld values, %lld bytes\n", static_cast<long long>(work.num_values),
                static_cast<long long>(work.num_bytes));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "quell_bench_floor: %s\n", error.what());
    return 1;
  }
}
