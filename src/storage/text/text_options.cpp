#include "base/error_classes.h"
#include "storage/text/batch_reader.h"

namespace quell::storage {

std::string TextOption(const TextOptions& options, std::string_view name, std::string otherwise) {
  for (const auto& [key, value] : options) {
    if (SameName(key, name)) return value;
  }
  return otherwise;
}

bool TextFlag(const TextOptions& options, std::string_view name, bool otherwise) {
  const std::string text = TextOption(options, name, otherwise ? "true" : "false");
  if (SameName(text, "true")) return true;
  if (SameName(text, "false")) return false;
  throw Error(error_class::kInvalidParameterValue, "option {} is '{}'; it must be true or false", name, text);
}

}  // namespace quell::storage
