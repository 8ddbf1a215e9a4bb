// The file systems of the engine as a program, for tests of the S3 client against real servers:
//   quell_s3_tool stat|read|list|list-flat|delete|probe URI... | read-range URI OFFSET LENGTH | list-after URI NAME
//                 write|write-stream|put-if-absent URI   (bytes from standard input)
//                 race URI WRITERS | read-parallel URI THREADS
// Prints the result to standard output, and the requests that were sent to standard error as JSON.
#include <atomic>
#include <cstdio>
#include <iostream>
#include <thread>

#include <csignal>

#include <fmt/format.h>

#include "storage/file_system.h"

namespace quell::storage {
namespace {

CancelTokenPtr& InterruptToken() {
  static CancelTokenPtr token = std::make_shared<CancelToken>();
  return token;
}

std::span<const uint8_t> BytesOf(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string StandardInput() {
  std::string text;
  std::vector<char> piece(1 << 20);
  while (const size_t size = std::fread(piece.data(), 1, piece.size(), stdin)) text.append(piece.data(), size);
  return text;
}

void PrintFile(const FileInfo& file) {
  fmt::print("{} {} {} {}\n", file.size_bytes, file.modified_ms, file.etag, file.path);
}

void List(FileSystem& files, const Uri& folder, const ListOptions& options) {
  files.List(folder, options, [](const FileInfo& file) {
    PrintFile(file);
    return true;
  });
}

// Copies standard input in pieces that fit no part size.
void WriteStream(FileSystem& files, const Uri& uri) {
  auto output = files.Create(uri);
  std::vector<uint8_t> piece(1'234'567);
  while (const size_t size = std::fread(piece.data(), 1, piece.size(), stdin)) {
    output->Write({piece.data(), size});
  }
  output->Close();
}

void Race(FileSystem& files, const Uri& uri, int writers) {
  std::atomic<int> created = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < writers; ++i) {
    threads.emplace_back([&, i] {
      if (files.PutIfAbsent(uri, BytesOf(fmt::format("writer {}", i))) == PutResult::kCreated) ++created;
    });
  }
  for (std::thread& thread : threads) thread.join();
  fmt::print("{}\n", created.load());
}

// Reads the whole object in ranges, several at once, into one buffer.
void ReadParallel(FileSystem& files, const Uri& uri, int readers) {
  const auto file = files.Open(uri, {});
  std::vector<uint8_t> bytes(file->size_bytes());
  constexpr size_t kRange = 4 << 20;
  std::atomic<size_t> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < readers; ++i) {
    threads.emplace_back([&] {
      for (size_t begin = next.fetch_add(kRange); begin < bytes.size(); begin = next.fetch_add(kRange)) {
        file->ReadAt(static_cast<int64_t>(begin),
                     std::span(bytes).subspan(begin, std::min(kRange, bytes.size() - begin)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

void Run(FileSystem& files, const std::string& command, const Uri& uri, const std::vector<std::string>& rest) {
  if (command == "stat") {
    const auto file = files.Stat(uri);
    file ? PrintFile(*file) : fmt::print("absent\n");
  } else if (command == "read") {
    std::cout << files.ReadAll(uri);
  } else if (command == "read-range") {
    std::vector<uint8_t> bytes(std::stoull(rest.at(1)));
    files.Open(uri, int64_t{0})->ReadAt(std::stoll(rest.at(0)), bytes);
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  } else if (command == "read-parallel") {
    ReadParallel(files, uri, std::stoi(rest.at(0)));
  } else if (command == "list") {
    List(files, uri, {});
  } else if (command == "list-flat") {
    List(files, uri, {.recursive = false, .start_after = ""});
  } else if (command == "list-after") {
    List(files, uri, {.recursive = true, .start_after = rest.at(0)});
  } else if (command == "write") {
    files.Put(uri, BytesOf(StandardInput()));
  } else if (command == "write-stream") {
    WriteStream(files, uri);
  } else if (command == "put-if-absent") {
    fmt::print("{}\n", files.PutIfAbsent(uri, BytesOf(StandardInput())) == PutResult::kCreated ? "created" : "exists");
  } else if (command == "race") {
    Race(files, uri, std::stoi(rest.at(0)));
  } else if (command == "probe") {
    files.ProbePutIfAbsent(uri);
  } else if (command == "delete") {
    std::vector<Uri> uris = {uri};
    for (const std::string& other : rest) uris.push_back(Uri::Parse(other));
    files.Delete(uris);
  } else {
    throw std::invalid_argument("no such command: " + command);
  }
}

int Main(const std::vector<std::string>& words) {
  Metrics metrics;
  int code = 0;
  try {
    const Uri uri = Uri::Parse(words.at(1));
    const FileSystemPtr files = MakeFileSystem(uri, {.metrics = &metrics, .cancel = InterruptToken()});
    Run(*files, words.at(0), uri, {words.begin() + 2, words.end()});
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    code = 1;
  }
  std::cout.flush();
  fmt::print(stderr,
             R"({{"get": {}, "head": {}, "put": {}, "list": {}, "delete": {}, "read": {}, "written": {}}})"
             "\n",
             metrics.s3_get.value(), metrics.s3_head.value(), metrics.s3_put.value(), metrics.s3_list.value(),
             metrics.s3_delete.value(), metrics.bytes_read.value(), metrics.bytes_written.value());
  return code;
}

}  // namespace
}  // namespace quell::storage

int main(int argc, char** argv) {
  quell::storage::InterruptToken();
  std::signal(SIGINT, [](int) { quell::storage::InterruptToken()->Cancel(); });
  return quell::storage::Main({argv + 1, argv + argc});
}
