// Writing an object only if there is none: safe against lost answers, and against stores that are not honest about it.
#pragma once

#include <span>
#include <string>

#include "storage/s3/client.h"

namespace quell::storage::s3 {

// Exactly one of any number of racing callers gets kCreated. Every attempt carries one unique id in the object's
// metadata; whenever an answer is lost, or says "exists" (which may be the echo of our own success), it is read back.
PutResult PutIfAbsent(const Client& client, const Uri& object, std::span<const uint8_t> data);

// A real race of several writers for one object below `folder`, once per process, store and bucket; the object is
// deleted. Throws OBJECT_STORE_WITHOUT_CONDITIONAL_WRITES when more than one of them won, or a late one did.
void ProbeConditionalWrites(const Client& client, const Uri& folder);

}  // namespace quell::storage::s3
