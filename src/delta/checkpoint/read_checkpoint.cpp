#include "delta/checkpoint/read_checkpoint.h"

#include <algorithm>

#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/schema.h>

#include "base/arrow_result.h"
#include "base/memory_pool.h"
#include "base/one_line.h"
#include "delta/checkpoint/action_rows.h"
#include "delta/error_classes.h"
#include "delta/spec/action_json.h"
#include "delta/spec/path.h"
#include "storage/parquet/arrow_input.h"

namespace quell::delta {

namespace {

using Visitor = std::function<void(Action&&)>;

bool IsBelow(const std::string& column, std::string_view prefix) { return column.starts_with(prefix); }

// The leaf columns of the actions that `content` asks for.
std::vector<int> ColumnsOf(const parquet::SchemaDescriptor& schema, CheckpointContent content) {
  std::vector<std::string> names(schema.num_columns());
  for (int i = 0; i < schema.num_columns(); ++i) names[i] = schema.Column(i)->path()->ToDotString();
  const bool has_stats = std::find(names.begin(), names.end(), "add.stats") != names.end();
  std::vector<int> columns;
  for (int i = 0; i < schema.num_columns(); ++i) {
    const std::string& name = names[i];
    const bool is_file = IsBelow(name, "add.") || IsBelow(name, "remove.") || IsBelow(name, "sidecar.");
    const bool is_derived = IsBelow(name, "add.partitionValues_parsed.") || IsBelow(name, "remove.stats") ||
                            (has_stats && IsBelow(name, "add.stats_parsed."));
    if (is_file == (content == CheckpointContent::kFiles) && !is_derived) columns.push_back(i);
  }
  return columns;
}

std::unique_ptr<parquet::arrow::FileReader> OpenParquet(storage::FileSystem& files, const CheckpointPart& part) {
  constexpr int64_t kBatchRows = 4096;
  std::shared_ptr<storage::RandomAccessFile> file = files.Open(part.uri, part.size_bytes);
  parquet::ArrowReaderProperties properties;
  properties.set_batch_size(kBatchRows);
  // Wide reads where requests are slow.
  properties.set_pre_buffer(file->is_remote());
  parquet::arrow::FileReaderBuilder builder;
  Unwrap(builder.Open(storage::MakeArrowInput(std::move(file))), error_class::kMalformedLog,
         "read the checkpoint " + part.uri.ToString());
  builder.properties(properties);
  builder.memory_pool(quell::EnginePool());
  return Unwrap(builder.Build(), error_class::kMalformedLog, "read the checkpoint " + part.uri.ToString());
}

void ReadParquet(storage::FileSystem& files, const CheckpointPart& part, CheckpointContent content,
                 const Visitor& visit) {
  const std::string what = "read the checkpoint " + part.uri.ToString();
  try {
    const auto reader = OpenParquet(files, part);
    const std::vector<int> columns = ColumnsOf(*reader->parquet_reader()->metadata()->schema(), content);
    if (columns.empty()) return;
    // One row group at a time: what a reader has buffered of it goes with it.
    for (int group = 0; group < reader->num_row_groups(); ++group) {
      const auto batches = Unwrap(reader->GetRecordBatchReader({group}, columns), error_class::kMalformedLog, what);
      while (const auto batch = Unwrap(batches->Next(), error_class::kMalformedLog, what))
        ReadActionRows(*batch, visit);
    }
  } catch (const parquet::ParquetException& error) {
    throw Error(error_class::kMalformedLog, "cannot {}: {}; the file is damaged", what, OneLine(error.what()));
  }
}

void ReadTop(storage::FileSystem& files, const CheckpointPart& part, CheckpointContent content, const Visitor& visit) {
  if (!part.uri.path.ends_with(".json")) {
    ReadParquet(files, part, content, visit);
    return;
  }
  ParseActions(files.ReadAll(part.uri), part.uri.ToString(), [&](Action&& action) {
    const bool is_file = std::holds_alternative<AddFile>(action) || std::holds_alternative<RemoveFile>(action) ||
                         std::holds_alternative<Sidecar>(action);
    if (is_file == (content == CheckpointContent::kFiles)) visit(std::move(action));
  });
}

}  // namespace

void ReadCheckpoint(storage::FileSystem& files, const storage::Uri& table, const CheckpointFiles& checkpoint,
                    CheckpointContent content, const Visitor& visit) {
  std::vector<Sidecar> sidecars;
  for (const CheckpointPart& part : checkpoint.parts) {
    ReadTop(files, part, content, [&](Action&& action) {
      if (auto* sidecar = std::get_if<Sidecar>(&action)) {
        sidecars.push_back(std::move(*sidecar));
      } else {
        visit(std::move(action));
      }
    });
  }
  const storage::Uri folder = LogFolder(table).Child("_sidecars");
  for (const Sidecar& sidecar : sidecars) {
    const storage::Uri uri = ResolvePath(folder, sidecar.path);
    ReadParquet(files, {uri, sidecar.size_bytes, sidecar.modification_time_ms}, content, visit);
  }
}

}  // namespace quell::delta
