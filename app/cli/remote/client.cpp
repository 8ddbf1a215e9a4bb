#include "client.h"

#include <bit>
#include <cstring>
#include <mutex>
#include <set>

#include <simdjson.h>

#include "../python_command.h"
#include "base/error_classes.h"
#include "base/json_writer.h"

namespace quell::cli::remote {
namespace {

constexpr ErrorClass kClientFailed{"REMOTE_CLIENT_FAILED", "XX000"};

// Classes come as text and are kept for as long as the process lives, as those in the code are.
ErrorClass Intern(std::string_view name, std::string_view sql_state) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> texts;
  std::lock_guard lock(mutex);
  return {texts.emplace(name).first->c_str(), texts.emplace(sql_state).first->c_str()};
}

Error ParseError(const std::string& json) {
  simdjson::dom::parser parser;
  const simdjson::dom::element error = parser.parse(json);
  const SourceLocation location{static_cast<int32_t>(error["line"].get_int64().value()),
                                static_cast<int32_t>(error["column"].get_int64().value())};
  return Error(Intern(error["class"].get_string().value(), error["sql_state"].get_string().value()), location, "{}",
               error["message"].get_string().value());
}

RemoteOutcome ParseOutcome(const std::string& json) {
  simdjson::dom::parser parser;
  const simdjson::dom::element done = parser.parse(json);
  RemoteOutcome outcome{std::nullopt, std::string(done["time_zone"].get_string().value())};
  int64_t version = 0;
  if (done["version"].get_int64().get(version) == simdjson::SUCCESS) outcome.version = version;
  return outcome;
}

// Spark does not know the session any more, or is gone itself.
bool EndsSession(const Error& error) {
  const std::string_view name = error.error_class().name;
  return name.starts_with("INVALID_HANDLE.") || name == "REMOTE_CONNECTION_LOST";
}

std::string OpeningJson(const std::string& url, const std::map<std::string, std::string>& settings) {
  JsonWriter out;
  out.BeginObject().Member("remote", url).Key("settings").BeginObject();
  for (const auto& [name, value] : settings) out.Member(name, value);
  return out.EndObject().EndObject().Take() + "\n";
}

}  // namespace

Client::Client(const std::string& url, const std::map<std::string, std::string>& settings, const CancelToken& cancel)
    : child_(RemoteClientCommand()) {
  child_.Write(OpeningJson(url, settings));
  const Frame frame = Receive(cancel);
  if (frame.kind == 'E') throw ParseError(frame.content);
}

RemoteOutcome Client::Run(const std::string& sql, const CancelToken& cancel,
                          const std::function<void(std::string)>& take_arrow) {
  interrupted_at_.reset();
  is_usable_ = false;  // until the last frame of the answer has come
  child_.Write(JsonWriter().BeginObject().Member("sql", sql).EndObject().Take() + "\n");
  for (;;) {
    Frame frame = Receive(cancel);
    if (frame.kind == 'A') {
      take_arrow(std::move(frame.content));
      continue;
    }
    if (frame.kind == 'E') {
      const Error error = ParseError(frame.content);
      is_usable_ = !EndsSession(error);
      throw error;
    }
    is_usable_ = true;
    return ParseOutcome(frame.content);
  }
}

Client::Frame Client::Receive(const CancelToken& cancel) {
  static_assert(std::endian::native == std::endian::little, "lengths are sent in little-endian order");
  const auto wait = [&] { WhileWaiting(cancel); };
  char header[1 + sizeof(uint64_t)];
  Frame frame;
  bool came = child_.Read(header, sizeof(header), wait);
  if (came) {
    uint64_t size = 0;
    std::memcpy(&size, header + 1, sizeof(size));
    frame.kind = header[0];
    frame.content.resize(size);
    came = child_.Read(frame.content.data(), size, wait);
  }
  if (came) return frame;
  is_usable_ = false;
  cancel.ThrowIfCancelled();
  throw Error(kClientFailed, "the client of Spark Connect has ended without an answer; run ./dev setup remote again");
}

void Client::WhileWaiting(const CancelToken& cancel) {
  if (!cancel.cancelled()) return;
  const auto now = std::chrono::steady_clock::now();
  if (!interrupted_at_) {
    interrupted_at_ = now;
    child_.Interrupt();
  } else if (now - *interrupted_at_ > ChildProcess::kPatience) {
    child_.Kill();
  }
}

}  // namespace quell::cli::remote
