// The domainMetadata action: configuration of a feature, by name.
#pragma once

#include <string>

namespace quell::delta {

struct DomainMetadata {
  std::string domain;
  std::string configuration = {};
  bool removed = false;

  bool operator==(const DomainMetadata&) const = default;
};

}  // namespace quell::delta
