// Checkpoints of a Delta table: Parquet files whose rows are actions. The first byte chooses which columns are read.
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <parquet/arrow/writer.h>

#include "base/check.h"
#include "delta/checkpoint/action_batch.h"
#include "delta/checkpoint/read_checkpoint.h"
#include "fuzz/fuzzer.h"
#include "fuzz/memory_files.h"

namespace quell::fuzz {
namespace {

using namespace delta;

const storage::Uri kTable{.scheme = "file", .bucket = "", .path = "/t"};

std::string MakeCheckpoint(bool compressed) {
  ActionBatchBuilder builder;
  builder.Append(Protocol{3, 7, {"deletionVectors"}, {"deletionVectors"}});
  builder.Append(Metadata{.id = "id",
                          .schema_string = R"({"type":"struct","fields":[]})",
                          .partition_columns = {"p"},
                          .configuration = {{"k", "v"}}});
  builder.Append(SetTransaction{"app", 1, 2});
  builder.Append(DomainMetadata{"d", "{}"});
  for (int64_t i = 0; i < 20; ++i) {
    AddFile add{.path = "p=1/part-" + std::to_string(i), .partition_values = {{"p", "1"}}, .size_bytes = i};
    add.stats = R"({"numRecords":3})";
    if (i % 3 == 0) add.deletion_vector = DeletionVectorDescriptor{'i', "abcde", {}, 4, i};
    if (i % 4 == 0) add.tags = Tags{{"k", "v"}};
    builder.Append(add);
    builder.Append(RemoveOf(add, i, true));
  }
  const auto batch = builder.Finish();
  parquet::WriterProperties::Builder properties;
  if (compressed) properties.compression(parquet::Compression::SNAPPY);
  const auto out = arrow::io::BufferOutputStream::Create().ValueOrDie();
  const auto table = arrow::Table::FromRecordBatches({batch}).ValueOrDie();
  QUELL_CHECK(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), out, 16, properties.build()).ok());
  return out->Finish().ValueOrDie()->ToString();
}

}  // namespace

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  for (const bool compressed : {false, true}) {
    for (const char content : {'\0', '\1'}) seeds.push_back(content + MakeCheckpoint(compressed));
  }
  return seeds;
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace quell;
  fuzz::Input input(data, size);
  const auto content = input.TakeByte() & 1 ? delta::CheckpointContent::kFiles : delta::CheckpointContent::kTable;
  fuzz::MemoryFiles files;
  const storage::Uri uri = delta::ClassicCheckpointUri(fuzz::kTable, 0);
  files.Put(uri, input.bytes());
  const delta::CheckpointFiles checkpoint{.parts = {{uri, static_cast<int64_t>(input.bytes().size())}}};
  fuzz::Accepts([&] { delta::ReadCheckpoint(files, fuzz::kTable, checkpoint, content, [](delta::Action&&) {}); });
  return 0;
}
