// CSV files: inference of the schema, then all rows under it. The first byte chooses options.
#include "storage/csv/csv_file.h"
#include "fuzz/fuzzer.h"
#include "fuzz/memory_files.h"
#include "fuzz/read_rows.h"

namespace quell::fuzz {
namespace {

storage::TextOptions OptionsOf(uint8_t choice) {
  storage::TextOptions options;
  if (choice & 1) options["header"] = "true";
  if (choice & 2) options["multiLine"] = "true";
  if (choice & 4) options["mode"] = choice & 8 ? "FAILFAST" : "DROPMALFORMED";
  if (choice & 16) options["escape"] = "\"";
  if (choice & 32) options["sep"] = "\t";
  if (choice & 64) options["timeZone"] = "Europe/Berlin";
  return options;
}

}  // namespace

std::vector<std::string> Seeds() {
  const std::string typed =
      "i,l,d,day,at,flag,s,none\n1,3000000000,1.5e3,2024-02-29,2024-02-29 01:02:03.5,true,\"a,b\",\n"
      "-2,1,NaN,2024-03-01,2024-03-01T00:00:00+02:00,FALSE,\"say \"\"hi\"\"\",\n";
  const std::string odd = "a\tb\r\n\"x\ny\"\tz\r\n\xef\xbb\xbf\\\"\t\r\n1\n";
  return {'\0' + typed, '\1' + typed, '\5' + typed, '\x0d' + typed, '\x51' + typed, '\x22' + odd, '\x27' + odd};
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace quell;
  fuzz::Input input(data, size);
  const storage::TextOptions options = fuzz::OptionsOf(input.TakeByte());
  fuzz::MemoryFiles files;
  const storage::Uri uri{.scheme = "file", .bucket = "", .path = "/a.csv"};
  files.Put(uri, input.bytes());
  fuzz::Accepts([&] {
    const Schema schema = storage::InferCsvSchema(files, {uri}, options);
    fuzz::ReadRows(*storage::OpenCsv(files, uri, schema, fuzz::AllColumns(schema), options));
  });
  return 0;
}
