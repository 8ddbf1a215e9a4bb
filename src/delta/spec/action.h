// All actions of the protocol, as values.
#pragma once

#include <variant>

#include "delta/spec/checkpoint_actions.h"
#include "delta/spec/commit_info.h"
#include "delta/spec/domain_metadata.h"
#include "delta/spec/file_actions.h"
#include "delta/spec/metadata.h"
#include "delta/spec/protocol.h"
#include "delta/spec/set_transaction.h"

namespace quell::delta {

using Action = std::variant<CommitInfo, Protocol, Metadata, SetTransaction, AddFile, RemoveFile, CdcFile,
                            DomainMetadata, CheckpointMetadata, Sidecar>;

}  // namespace quell::delta
