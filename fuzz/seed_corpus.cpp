// `--seeds=FOLDER` on the command line of a fuzzer: writes its seeds and ends.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "fuzz/fuzzer.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view kFlag = "--seeds=";
  for (int i = 1; i < *argc; ++i) {
    const std::string_view argument = (*argv)[i];
    if (!argument.starts_with(kFlag)) continue;
    const std::filesystem::path folder = argument.substr(kFlag.size());
    std::filesystem::create_directories(folder);
    int number = 0;
    for (const std::string& seed : quell::fuzz::Seeds()) {
      std::ofstream file(folder / ("seed-" + std::to_string(number++)), std::ios::binary);
      if (!file.write(seed.data(), static_cast<std::streamsize>(seed.size())).flush()) {
        std::perror("cannot write a seed");
        std::exit(1);
      }
    }
    std::exit(0);
  }
  return 0;
}
