// Runs statements on a Spark cluster, through Spark Connect.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "../engine.h"
#include "client.h"

namespace quell::cli::remote {

// The session on the cluster opens with the first statement, and again after its connection was lost. The settings of
// Quell itself (quell.*) stay here; what decides the meaning of a statement goes there, so that it means the same.
class RemoteEngine final : public Engine {
 public:
  RemoteEngine(std::string url, const std::map<std::string, std::string>& settings, Session& session);

  StatementOutcome Run(const std::string& sql, ResultConsumer& consumer, CancelTokenPtr cancel) override;

 private:
  std::map<std::string, std::string> SettingsToSend() const;

  const std::string url_;
  const std::map<std::string, std::string>& settings_;
  Session& session_;
  std::unique_ptr<Client> client_;
};

// The address without what follows it, which may hold a token: "sc://host:15002".
std::string Endpoint(const std::string& url);

}  // namespace quell::cli::remote
