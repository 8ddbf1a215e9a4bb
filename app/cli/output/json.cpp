// A JSON object a line: numbers as numbers, binary values as base64, NaN and infinities as strings, as Spark's JSON
// writer does; dates and timestamps as text, as in the other formats.
#include <arrow/util/base64.h>

#include "base/json_writer.h"
#include "data/value.h"
#include "formats.h"

namespace quell::cli::output {
namespace {

class JsonOutput final : public Output {
 public:
  JsonOutput(const Settings& settings, std::FILE* file) : time_zone_(settings.time_zone), file_(file) {}

  void Begin(const Schema& schema) override { schema_ = schema; }

  void Consume(const Batch& batch) override {
    std::string text;
    JsonWriter row;
    row.BeginObject();
    ForEachCell(
        batch,
        [&](size_t i, const Value& value) {
          const Field& field = schema_.field(static_cast<int>(i));
          row.Key(field.name);
          Append(value, field.type, &row);
        },
        [&] {
          row.EndObject();
          text += row.Take() + "\n";
          row = JsonWriter();
          row.BeginObject();
        });
    WriteText(file_, text);
  }

  void Finish() override {}

 private:
  void Append(const Value& value, const Type& type, JsonWriter* out) const {
    if (value.is_null()) {
      out->Null();
      return;
    }
    switch (type.id()) {
      case TypeId::kBoolean: out->Bool(std::get<bool>(value.data)); return;
      case TypeId::kByte:
      case TypeId::kShort:
      case TypeId::kInt:
      case TypeId::kLong: out->Int(std::get<int64_t>(value.data)); return;
      case TypeId::kFloat: out->Float(static_cast<float>(std::get<double>(value.data))); return;
      case TypeId::kDouble: out->Double(std::get<double>(value.data)); return;
      case TypeId::kDecimal: out->Raw(FormatValue(value, type)); return;
      case TypeId::kArray:
      case TypeId::kMap:
      case TypeId::kStruct: AppendNested(std::get<std::vector<Value>>(value.data), type, out); return;
      default: out->String(TextOf(value, type)); return;
    }
  }

  std::string TextOf(const Value& value, const Type& type) const {
    std::string text = FormatValue(value, type, time_zone_);
    return type.id() == TypeId::kBinary ? arrow::util::base64_encode(text) : text;
  }

  void AppendNested(const std::vector<Value>& values, const Type& type, JsonWriter* out) const {
    if (type.id() == TypeId::kArray) {
      out->BeginArray();
      for (const Value& value : values) Append(value, type.children()[0].type, out);
      out->EndArray();
      return;
    }
    out->BeginObject();
    if (type.id() == TypeId::kMap) {
      for (size_t i = 0; i + 1 < values.size(); i += 2) {
        out->Key(TextOf(values[i], type.children()[0].type));
        Append(values[i + 1], type.children()[1].type, out);
      }
    } else {
      for (size_t i = 0; i < values.size(); ++i) {
        out->Key(type.children()[i].name);
        Append(values[i], type.children()[i].type, out);
      }
    }
    out->EndObject();
  }

  std::string time_zone_;
  std::FILE* file_;
  Schema schema_;
};

}  // namespace

std::unique_ptr<Output> MakeJsonOutput(const Settings& settings, std::FILE* file) {
  return std::make_unique<JsonOutput>(settings, file);
}

}  // namespace quell::cli::output
