// Files of JSON objects: inference of the schema, then all rows under it. The first byte chooses the mode.
#include "storage/json/json_file.h"
#include "fuzz/fuzzer.h"
#include "fuzz/memory_files.h"
#include "fuzz/read_rows.h"

namespace quell::fuzz {

std::vector<std::string> Seeds() {
  const std::string rows =
      "{\"a\":1,\"b\":\"x\",\"c\":[1,2.5,null],\"d\":{\"e\":true,\"f\":[{\"g\":\"\\u00e4\"}]}}\n"
      "{\"a\":18446744073709551615,\"b\":null,\"c\":[],\"d\":{\"e\":1}}\r\n\n[1]\n{\"a\":\"x\",\"c\":[[1]],\"a\":2}\n{";
  return {'\0' + rows, '\1' + rows, '\2' + rows};
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace quell;
  fuzz::Input input(data, size);
  constexpr const char* kModes[] = {"PERMISSIVE", "DROPMALFORMED", "FAILFAST"};
  const storage::TextOptions options = {{"mode", kModes[input.TakeByte() % std::size(kModes)]}};
  fuzz::MemoryFiles files;
  const storage::Uri uri{.scheme = "file", .bucket = "", .path = "/a.json"};
  files.Put(uri, input.bytes());
  fuzz::Accepts([&] {
    const Schema schema = storage::InferJsonSchema(files, {uri}, options);
    fuzz::ReadRows(*storage::OpenJson(files, uri, schema, fuzz::AllColumns(schema), options));
  });
  return 0;
}
