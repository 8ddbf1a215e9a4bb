#include "pipes/bootstrap.h"

#include <optional>

#include <arrow/result.h>
#include <arrow/util/base64.h>
#include <simdjson.h>
#include <zlib.h>

#include "base/error_classes.h"
#include "storage/uri.h"

namespace quell::pipes {
namespace {

std::optional<std::string> Inflate(std::string bytes) {
  z_stream stream = {};
  if (inflateInit(&stream) != Z_OK) return std::nullopt;
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string text;
  int status = Z_OK;
  while (status == Z_OK) {
    char buffer[4096];
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof(buffer);
    status = inflate(&stream, Z_NO_FLUSH);
    text.append(buffer, sizeof(buffer) - stream.avail_out);
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END ? std::optional(text) : std::nullopt;
}

simdjson::dom::element Decode(const std::string& encoded, simdjson::dom::parser* parser) {
  const arrow::Result<std::string> compressed = arrow::util::base64_decode(encoded);
  const std::optional<std::string> text = compressed.ok() ? Inflate(*compressed) : std::nullopt;
  simdjson::dom::element element;
  if (!text || parser->parse(*text).get(element) != simdjson::SUCCESS) {
    throw Error(error_class::kInvalidParameterValue,
                "what Dagster Pipes handed over is not base64 of zlib of JSON: '{}'; let Dagster set its variables",
                encoded);
  }
  return element;
}

std::optional<std::string> TextMember(simdjson::dom::element element, const char* name) {
  std::string_view value;
  if (element[name].get_string().get(value) != simdjson::SUCCESS) return std::nullopt;
  return std::string(value);
}

// As a Uri prints it, without a slash at the end.
std::string Normalized(std::string_view location) {
  std::string text = storage::Uri::Parse(location).ToString();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

}  // namespace

const std::string* StepContext::AssetAt(std::string_view location) const {
  if (location.empty()) return nullptr;
  const auto found = asset_at.find(Normalized(location));
  return found == asset_at.end() ? nullptr : &found->second;
}

StepContext ParseStepContext(const std::string& encoded) {
  simdjson::dom::parser parser, file_parser;
  const simdjson::dom::element variable = Decode(encoded, &parser);
  simdjson::dom::element data;
  const std::optional<std::string> path = TextMember(variable, "path");
  const auto code = path ? file_parser.load(*path).get(data) : variable["data"].get(data);
  StepContext step;
  if (code != simdjson::SUCCESS) return step;
  simdjson::dom::array keys;
  std::string_view key;
  if (data["asset_keys"].get_array().get(keys) == simdjson::SUCCESS && keys.size() == 1 &&
      keys.at(0).get_string().get(key) == simdjson::SUCCESS) {
    step.asset_key = key;
  }
  simdjson::dom::object assets;
  if (data["extras"]["assets"].get_object().get(assets) != simdjson::SUCCESS) return step;
  for (const auto& [location, asset] : assets) {
    step.asset_at[Normalized(location)] = simdjson::minify(asset);
  }
  return step;
}

MessageTarget ParseMessageTarget(const std::string& encoded) {
  simdjson::dom::parser parser;
  const simdjson::dom::element variable = Decode(encoded, &parser);
  MessageTarget target;
  target.path = TextMember(variable, "path").value_or("");
  const std::optional<std::string> stdio = TextMember(variable, "stdio");
  if (stdio == "stdout") target.stream = stdout;
  if (stdio == "stderr") target.stream = stderr;
  return target;
}

}  // namespace quell::pipes
