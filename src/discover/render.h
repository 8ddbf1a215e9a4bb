// A discovery for people and for programs.
#pragma once

#include <string>

#include "discover/discovery.h"

namespace quell::discover {

// Tables of text, ended by a line that says whether the data is sound.
std::string RenderText(const Discovery& discovery);
// One JSON object.
std::string RenderJson(const Discovery& discovery);

}  // namespace quell::discover
