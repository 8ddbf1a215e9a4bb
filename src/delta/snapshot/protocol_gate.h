// What this implementation of the protocol can read and write, by feature.
#pragma once

#include "data/schema.h"
#include "delta/spec/metadata.h"
#include "delta/spec/protocol.h"
#include "storage/uri.h"

namespace quell::delta {

// Throws DELTA_INVALID_PROTOCOL_VERSION or DELTA_UNSUPPORTED_FEATURES_FOR_READ, naming what is not known.
void CheckCanRead(const storage::Uri& table, const Protocol& protocol);

// Throws DELTA_INVALID_PROTOCOL_VERSION or DELTA_UNSUPPORTED_FEATURES_FOR_WRITE. A feature that is listed but not in
// use (CHECK constraints without a constraint, column mapping with mode "none" ...) does not count.
void CheckCanWrite(const storage::Uri& table, const Protocol& protocol, const Metadata& metadata, const Schema& schema);

// The lowest protocol that holds such a table: (1,2), and (3,7) with what is needed, or asked for by a property
// "delta.feature.NAME". Throws DELTA_UNSUPPORTED_FEATURES_FOR_WRITE where that is what Quell does not write.
Protocol LowestProtocol(const storage::Uri& table, const Metadata& metadata, const Schema& schema);

// The features of a protocol, those that a version below 3 and 7 stands for included.
std::set<std::string> FeaturesOf(const Protocol& protocol);

// The least protocol that is no lower than either.
Protocol MergeProtocols(const Protocol& a, const Protocol& b);

}  // namespace quell::delta
