#include "pipes.h"

#include <cstdlib>
#include <optional>
#include <vector>

#include <simdjson.h>
#include <zlib.h>

namespace quell::cli {
namespace {

// The alphabet of RFC 4648; characters outside of it end the text.
std::vector<uint8_t> DecodeBase64(const std::string& text) {
  static const std::string kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<uint8_t> bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string::npos) break;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<uint8_t>(bits >> count));
    }
  }
  return bytes;
}

std::optional<std::string> Inflate(std::vector<uint8_t> bytes) {
  z_stream stream = {};
  if (inflateInit(&stream) != Z_OK) return std::nullopt;
  stream.next_in = bytes.data();
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

std::optional<std::string> DecodedVariable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  std::optional<std::string> text = Inflate(DecodeBase64(value));
  if (!text) std::fprintf(stderr, "quell: %s does not decode; Dagster gets no messages\n", name);
  return text;
}

// A member of a JSON object that is text; nothing where there is none.
std::optional<std::string> TextMember(const std::string& json, const char* name) {
  simdjson::dom::parser parser;
  std::string_view value;
  if (parser.parse(json)[name].get_string().get(value) != simdjson::SUCCESS) return std::nullopt;
  return std::string(value);
}

// The context itself, which the variable holds as `data`, or names as the `path` of a file.
simdjson::dom::element ParseContext(const std::string& variable, simdjson::dom::parser* parser) {
  if (const std::optional<std::string> path = TextMember(variable, "path")) return parser->load(*path);
  return parser->parse(variable)["data"];
}

// The one asset that the step makes; a step of several is told of no materialization.
std::string OnlyAssetKey(const std::string& variable) try {
  simdjson::dom::parser parser;
  simdjson::dom::array keys;
  if (ParseContext(variable, &parser)["asset_keys"].get_array().get(keys) != simdjson::SUCCESS || keys.size() != 1)
    return "";
  std::string_view key;
  return keys.at(0).get_string().get(key) == simdjson::SUCCESS ? std::string(key) : "";
} catch (const simdjson::simdjson_error&) {
  return "";
}

void Number(const char* name, int64_t value, JsonWriter* out) {
  out->Key(name).BeginObject().Member("raw_value", value).Member("type", "int").EndObject();
}

void Number(const char* name, double value, JsonWriter* out) {
  out->Key(name).BeginObject().Key("raw_value").Double(value).Member("type", "float").EndObject();
}

std::string MaterializationJson(const std::string& asset_key, const StatementOutcome& outcome, double dbu_usd) {
  const cost::Usage& usage = outcome.report.usage;
  JsonWriter out;
  out.BeginObject().Member("asset_key", asset_key).Key("data_version").Null().Key("metadata").BeginObject();
  Number("delta_version", *outcome.version, &out);
  Number("dagster/row_count", usage.rows_written, &out);
  Number("rows_read", usage.rows_read, &out);
  Number("bytes_read", usage.bytes_read, &out);
  Number("bytes_written", usage.bytes_written, &out);
  Number("bytes_spilled", usage.bytes_spilled, &out);
  Number("peak_memory_bytes", usage.peak_memory_bytes, &out);
  Number("wall_seconds", usage.wall_seconds, &out);
  Number("cpu_seconds", usage.cpu_seconds, &out);
  for (const cost::CostLine& line : cost::Price(usage, dbu_usd)) {
    Number(("cost_usd: " + line.machine).c_str(), line.total_usd(), &out);
  }
  return out.EndObject().EndObject().Take();
}

}  // namespace

Pipes Pipes::FromEnvironment() {
  Pipes pipes;
  const std::optional<std::string> messages = DecodedVariable("DAGSTER_PIPES_MESSAGES");
  if (!messages) return pipes;
  if (const std::optional<std::string> path = TextMember(*messages, "path")) {
    pipes.channel_.reset(std::fopen(path->c_str(), "a"));
  } else if (TextMember(*messages, "stdio")) {
    pipes.channel_.reset(stderr);
  }
  if (const auto context = DecodedVariable("DAGSTER_PIPES_CONTEXT")) pipes.asset_key_ = OnlyAssetKey(*context);
  pipes.Send("opened", R"({"extras":{}})");
  return pipes;
}

Pipes::~Pipes() { Send("closed", failure_json_.empty() ? "{}" : R"({"exception":)" + failure_json_ + "}"); }

void Pipes::Report(const StatementOutcome& outcome, double dbu_usd) {
  const cost::Usage& usage = outcome.report.usage;
  if (outcome.version && !asset_key_.empty()) {
    Send("report_asset_materialization", MaterializationJson(asset_key_, outcome, dbu_usd));
  }
  Log("INFO",
      fmt::format("{} rows read, {} written, in {:.3f} s", usage.rows_read, usage.rows_written, usage.wall_seconds));
}

void Pipes::Report(const Error& error) {
  Log("ERROR", error.what());
  JsonWriter out;
  out.BeginObject().Member("message", error.what()).Key("stack").BeginArray().EndArray();
  failure_json_ =
      out.Member("name", error.error_class().name).Key("cause").Null().Key("context").Null().EndObject().Take();
}

void Pipes::Log(const char* level, const std::string& message) {
  Send("log", JsonWriter().BeginObject().Member("message", message).Member("level", level).EndObject().text());
}

void Pipes::Send(const char* method, const std::string& params_json) {
  if (!channel_) return;
  std::fprintf(channel_.get(),
               R"({"__dagster_pipes_version":"0.1","method":"%s","params":%s})"
               "\n",
               method, params_json.c_str());
  std::fflush(channel_.get());
}

}  // namespace quell::cli
