#include "storage/json/json_file.h"

#include <algorithm>
#include <map>
#include <utility>

#include <arrow/array/builder_base.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_decimal.h>
#include <arrow/array/builder_nested.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/util/decimal.h>
#include <simdjson.h>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "storage/json/huge_numbers.h"
#include "storage/json/line_reader.h"
#include "storage/text/text_input.h"

namespace quell::storage {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

enum class Mode : uint8_t { kPermissive, kDropMalformed, kFailFast };

Mode ModeOf(const TextOptions& options) {
  const std::string mode = TextOption(options, "mode", "PERMISSIVE");
  if (SameName(mode, "PERMISSIVE")) return Mode::kPermissive;
  if (SameName(mode, "DROPMALFORMED")) return Mode::kDropMalformed;
  if (SameName(mode, "FAILFAST")) return Mode::kFailFast;
  throw Error(error_class::kInvalidParameterValue, "option mode is '{}'; use PERMISSIVE, DROPMALFORMED or FAILFAST",
              mode);
}

// The objects of a file, line by line.
class ObjectReader {
 public:
  ObjectReader(FileSystem& files, const Uri& uri, const TextOptions& options)
      : path_(uri.ToString()), mode_(ModeOf(options)), lines_(OpenTextInput(files, uri), path_) {
    if (TextFlag(options, "multiLine", false)) {
      throw Error(error_class::kUnsupportedFeature,
                  "JSON file {}: option multiLine is not known; write one object a line", path_);
    }
  }

  struct Row {
    std::optional<simdjson::dom::object> object;  // nullopt: a line that is no object
  };
  // Holds until the next call; nullopt at the end.
  std::optional<Row> Next() {
    if (parser_.capacity() > kKeptParserBytes) parser_ = simdjson::dom::parser();
    while (const auto line = lines_.Next()) {
      if (auto object = Parse(*line)) return Row{*object};
      if (mode_ == Mode::kPermissive) return Row{};
      if (mode_ == Mode::kFailFast) {
        throw Error(error_class::kFailedReadFile,
                    "JSON file {}, line {}: not a JSON object; correct it, or set mode = PERMISSIVE", path_,
                    lines_.line_number());
      }
    }
    return std::nullopt;
  }

  int64_t memory_bytes() const {
    return lines_.memory_bytes() + static_cast<int64_t>(quoted_.capacity() + kParserBytesPerByte * parser_.capacity());
  }

 private:
  // The parser keeps what its longest line took: at the most, of lines up to here.
  static constexpr size_t kKeptParserBytes = size_t{1} << 20;
  // A word of the tape and an index for each token, and the texts.
  static constexpr size_t kParserBytesPerByte = 4;

  std::optional<simdjson::dom::object> Parse(std::string_view line) {
    element value;
    simdjson::error_code error = parser_.parse(line.data(), line.size()).get(value);
    if (error == simdjson::NUMBER_ERROR) {
      quoted_ = QuoteHugeNumbers(line);
      error = parser_.parse(quoted_).get(value);
    }
    simdjson::dom::object object;
    if (error || value.get(object)) return std::nullopt;
    return object;
  }

  const std::string path_;
  const Mode mode_;
  LineReader lines_;
  std::string quoted_;
  simdjson::dom::parser parser_;
};

// Of whole numbers beyond BIGINT.
Type UnsignedType() { return Type::Decimal(20, 0); }

Type MergeTypes(const Type& a, const Type& b);

Type TypeOf(const element& value);

// The members in the order of their names; of members of one name the last counts.
Type TypeOfObject(const simdjson::dom::object& object) {
  std::map<std::string, Type> by_name;
  for (const auto [key, member] : object) by_name.insert_or_assign(std::string(key), TypeOf(member));
  std::vector<Field> members;
  for (auto& [name, type] : by_name) members.push_back({name, type});
  return Type::Struct(std::move(members));
}

Type TypeOf(const element& value) {
  switch (value.type()) {
    case element_type::INT64: return Type(TypeId::kLong);
    case element_type::UINT64: return UnsignedType();
    case element_type::DOUBLE: return Type(TypeId::kDouble);
    case element_type::BOOL: return Type(TypeId::kBoolean);
    case element_type::STRING: return Type(TypeId::kString);
    case element_type::NULL_VALUE: return Type();
    case element_type::ARRAY: {
      Type items;
      for (const element item : simdjson::dom::array(value)) items = MergeTypes(items, TypeOf(item));
      return Type::Array(items);
    }
    case element_type::OBJECT: return TypeOfObject(simdjson::dom::object(value));
  }
  return Type();
}

Type MergeStructs(const Type& a, const Type& b) {
  std::vector<Field> members = a.children();
  for (const Field& field : b.children()) {
    const auto at = std::lower_bound(members.begin(), members.end(), field,
                                     [](const Field& x, const Field& y) { return x.name < y.name; });
    if (at != members.end() && at->name == field.name) {
      at->type = MergeTypes(at->type, field.type);
    } else {
      members.insert(at, field);
    }
  }
  return Type::Struct(std::move(members));
}

Type MergeTypes(const Type& a, const Type& b) {
  if (a.id() == TypeId::kNull) return b;
  if (b.id() == TypeId::kNull || a == b) return a;
  if (a.id() == TypeId::kStruct && b.id() == TypeId::kStruct) return MergeStructs(a, b);
  if (a.id() == TypeId::kArray && b.id() == TypeId::kArray) {
    return Type::Array(MergeTypes(a.children()[0].type, b.children()[0].type));
  }
  const auto is_whole = [](const Type& t) { return t.id() == TypeId::kLong || t.id() == TypeId::kDecimal; };
  const auto is_number = [&](const Type& t) { return is_whole(t) || t.id() == TypeId::kDouble; };
  if (is_whole(a) && is_whole(b)) return UnsignedType();
  return Type(is_number(a) && is_number(b) ? TypeId::kDouble : TypeId::kString);
}

// What has only NULLs is a STRING.
Type WithoutVoid(const Type& type) {
  switch (type.id()) {
    case TypeId::kNull: return Type(TypeId::kString);
    case TypeId::kArray: return Type::Array(WithoutVoid(type.children()[0].type));
    case TypeId::kStruct: {
      std::vector<Field> members = type.children();
      for (Field& member : members) member.type = WithoutVoid(member.type);
      return Type::Struct(std::move(members));
    }
    default: return type;
  }
}

void Append(arrow::ArrayBuilder* builder, const element& value, const Type& type);

void AppendNull(arrow::ArrayBuilder* builder) {
  Unwrap(builder->AppendNull(), error_class::kOutOfMemory, "gather JSON values");
}

void AppendStruct(arrow::StructBuilder* builder, const simdjson::dom::object& object, const Type& type) {
  Unwrap(builder->Append(), error_class::kOutOfMemory, "gather JSON values");
  for (size_t i = 0; i < type.children().size(); ++i) {
    const Field& member = type.children()[i];
    element value;
    if (object.at_key(member.name).get(value)) {
      AppendNull(builder->field_builder(static_cast<int>(i)));
    } else {
      Append(builder->field_builder(static_cast<int>(i)), value, member.type);
    }
  }
}

template <typename Builder, typename T>
void AppendIf(arrow::ArrayBuilder* builder, const element& value) {
  T native;
  if (value.get(native)) return AppendNull(builder);
  Unwrap(static_cast<Builder*>(builder)->Append(native), error_class::kOutOfMemory, "gather JSON values");
}

void AppendDecimal(arrow::ArrayBuilder* builder, const element& value) {
  uint64_t natural = 0;
  int64_t whole = 0;
  arrow::Decimal128 decimal;
  if (!value.get(natural)) {
    decimal = arrow::Decimal128(0, natural);
  } else if (!value.get(whole)) {
    decimal = arrow::Decimal128(whole);
  } else {
    return AppendNull(builder);
  }
  Unwrap(static_cast<arrow::Decimal128Builder*>(builder)->Append(decimal), error_class::kOutOfMemory,
         "gather JSON values");
}

void Append(arrow::ArrayBuilder* builder, const element& value, const Type& type) {
  if (value.is_null()) return AppendNull(builder);
  switch (type.id()) {
    case TypeId::kLong: return AppendIf<arrow::Int64Builder, int64_t>(builder, value);
    case TypeId::kDouble: return AppendIf<arrow::DoubleBuilder, double>(builder, value);
    case TypeId::kDecimal: return AppendDecimal(builder, value);
    case TypeId::kBoolean: return AppendIf<arrow::BooleanBuilder, bool>(builder, value);
    case TypeId::kString: {
      std::string_view text;
      std::string json;
      if (value.get(text)) text = json = simdjson::minify(value);
      return Unwrap(static_cast<arrow::StringBuilder*>(builder)->Append(text), error_class::kOutOfMemory,
                    "gather JSON values");
    }
    case TypeId::kArray: {
      simdjson::dom::array items;
      if (value.get(items)) return AppendNull(builder);
      auto* list = static_cast<arrow::ListBuilder*>(builder);
      Unwrap(list->Append(), error_class::kOutOfMemory, "gather JSON values");
      for (const element item : items) Append(list->value_builder(), item, type.children()[0].type);
      return;
    }
    case TypeId::kStruct: {
      simdjson::dom::object object;
      if (value.get(object)) return AppendNull(builder);
      return AppendStruct(static_cast<arrow::StructBuilder*>(builder), object, type);
    }
    default: return AppendNull(builder);
  }
}

class JsonReader final : public BatchReader {
 public:
  JsonReader(ObjectReader objects, const Schema& schema, const std::vector<int>& columns)
      : objects_(std::move(objects)) {
    for (const int column : columns) {
      const Field& field = schema.field(column);
      fields_.push_back(field);
      builders_.push_back(
          Unwrap(arrow::MakeBuilder(ToArrowType(field.type), EnginePool()), error_class::kOutOfMemory, "read JSON"));
    }
  }

  std::optional<Batch> Next() override {
    Batch batch;
    for (; batch.num_rows < kBatchRows; ++batch.num_rows) {
      const auto row = objects_.Next();
      if (!row) break;
      for (size_t i = 0; i < fields_.size(); ++i) {
        element value;
        if (!row->object || row->object->at_key(fields_[i].name).get(value)) {
          AppendNull(builders_[i].get());
        } else {
          Append(builders_[i].get(), value, fields_[i].type);
        }
      }
    }
    if (batch.num_rows == 0) return std::nullopt;
    for (size_t i = 0; i < fields_.size(); ++i) {
      std::shared_ptr<arrow::ArrayData> data;
      Unwrap(builders_[i]->FinishInternal(&data), error_class::kOutOfMemory, "gather JSON values");
      batch.columns.push_back(Column{fields_[i].type, Encoding::kFlat, std::move(data)});
    }
    return batch;
  }

  int64_t memory_bytes() const override { return objects_.memory_bytes(); }

 private:
  ObjectReader objects_;
  std::vector<Field> fields_;
  std::vector<std::unique_ptr<arrow::ArrayBuilder>> builders_;
};

}  // namespace

Schema InferJsonSchema(FileSystem& files, const std::vector<Uri>& uris, const TextOptions& options) {
  Type all = Type::Struct({});
  for (const Uri& uri : uris) {
    ObjectReader objects(files, uri, options);
    while (const auto row = objects.Next()) {
      if (row->object) all = MergeTypes(all, TypeOfObject(*row->object));
    }
  }
  return Schema(WithoutVoid(all).children());
}

std::unique_ptr<BatchReader> OpenJson(FileSystem& files, const Uri& uri, const Schema& schema, std::vector<int> columns,
                                      const TextOptions& options) {
  return std::make_unique<JsonReader>(ObjectReader(files, uri, options), schema, columns);
}

}  // namespace quell::storage
