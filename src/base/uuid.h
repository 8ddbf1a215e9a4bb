// Random identifiers.
#pragma once

#include <string>

namespace quell {

// A UUID of version 4 as text: "0b7e6a3c-....". From the kernel's random numbers, so that forked processes differ.
std::string RandomUuid();

}  // namespace quell
