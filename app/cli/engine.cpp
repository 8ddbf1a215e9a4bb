#include "engine.h"

#include "remote/remote_engine.h"

namespace quell::cli {
namespace {

class LocalEngine final : public Engine {
 public:
  explicit LocalEngine(Session& session) : session_(session) {}
  StatementOutcome Run(const std::string& sql, ResultConsumer& consumer, CancelTokenPtr cancel) override {
    return session_.Run(sql, consumer, std::move(cancel));
  }

 private:
  Session& session_;
};

}  // namespace

std::unique_ptr<Engine> MakeEngine(const SqlOptions& options, Session& session) {
  if (options.remote.empty()) return std::make_unique<LocalEngine>(session);
  return std::make_unique<remote::RemoteEngine>(options.remote, options.settings, session);
}

}  // namespace quell::cli
