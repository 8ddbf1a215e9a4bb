#include "discover.h"

#include <cstdio>
#include <exception>
#include <string>

#include "base/error.h"
#include "command_line.h"
#include "discover/discover.h"
#include "discover/render.h"
#include "usage.h"

namespace quell::cli {

int RunDiscover(int argc, char** argv) {
  constexpr int kFailed = 1;
  constexpr int kDoubtful = 3;
  CLI::App app("Says what is in a folder or bucket, and whether it is sound; reads listings and footers alone",
               "quell discover");
  std::string uri;
  bool as_json = false;
  discover::DiscoverOptions options;
  app.add_option("uri", uri, "s3://bucket/prefix, a folder or a file")->required();
  app.add_flag("--json", as_json, "print one JSON object");
  app.add_option("--threads", options.num_threads, "footers that are read at once; 0: as suits the store")
      ->check(CLI::Range(0, 256));
  app.footer(kDiscoverFooter);
  if (const std::optional<int> code = ParseCommandLine(app, argc, argv)) return *code;
  try {
    const discover::Discovery discovery = discover::Discover(storage::Uri::Parse(uri), options);
    const std::string text = as_json ? discover::RenderJson(discovery) + "\n" : discover::RenderText(discovery);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return discovery.is_doubtful() ? kDoubtful : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return kFailed;
  }
}

}  // namespace quell::cli
