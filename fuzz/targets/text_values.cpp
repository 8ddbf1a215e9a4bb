// Text that becomes a value or a type: partition values and statistics of a Delta table, type names, locations. A value
// that is printed and read again is the same.
#include "base/check.h"
#include "data/schema.h"
#include "data/time_zone.h"
#include "delta/schema/scalar_text.h"
#include "fuzz/fuzzer.h"
#include "storage/csv/infer_type.h"
#include "storage/uri.h"

namespace quell::fuzz {
namespace {

const std::vector<Type>& Types() {
  static const std::vector<Type> kTypes = {Type(TypeId::kBoolean),      Type(TypeId::kByte),   Type(TypeId::kInt),
                                           Type(TypeId::kLong),         Type(TypeId::kDouble), Type::Decimal(12, 2),
                                           Type::Decimal(38, 10),       Type(TypeId::kDate),   Type(TypeId::kTimestamp),
                                           Type(TypeId::kTimestampNtz), Type(TypeId::kString)};
  return kTypes;
}

}  // namespace

std::vector<std::string> Seeds() {
  const std::vector<std::string> texts = {"true",
                                          "-9223372036854775808",
                                          "1.5e-300",
                                          "99999999999999999999999999999999999999",
                                          "0.30",
                                          "2024-02-29",
                                          "-290308-12-21 19:59:05.224192",
                                          "2024-02-29T01:02:03.123456+05:30",
                                          "struct<a: array<decimal(12, 2)> COMMENT 'x', `b c`: interval day to second>",
                                          "s3a://bucket/a b/%20?x"};
  std::vector<std::string> seeds;
  for (size_t type = 0; type < Types().size(); ++type) {
    for (const std::string& text : texts) seeds.push_back(static_cast<char>(type) + text);
  }
  return seeds;
}

}  // namespace quell::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace quell;
  fuzz::Input input(data, size);
  const Type& type = fuzz::Types()[input.TakeByte() % fuzz::Types().size()];
  const std::string_view text = input.text();
  static const TimeZone& kUtc = TimeZone::Find("UTC");
  fuzz::Accepts([&] {
    if (const auto value = delta::ParseScalar(text, type, kUtc)) {
      if (const auto printed = delta::FormatPartitionValue(*value, type)) {
        QUELL_CHECK(CompareValues(delta::ParsePartitionValue(printed, type, kUtc), *value) == 0);
      }
    }
  });
  fuzz::Accepts([&] { ParseType(text); });
  fuzz::Accepts([&] { storage::Uri::Parse(text).Child("x"); });
  storage::TextTypeInference inference;
  inference.Add(text);
  inference.Finish();
  return 0;
}
