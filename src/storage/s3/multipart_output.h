// A new object, written as a stream.
#pragma once

#include <future>
#include <span>
#include <string>
#include <vector>

#include "storage/s3/client.h"

namespace quell::storage::s3 {

// Holds at most two parts of 8 MiB: one that fills and one on its way. What fits into one part is a plain PUT at
// Close(). Destroyed before Close(), it aborts the upload. Not thread-safe.
class MultipartOutput final : public OutputFile {
 public:
  MultipartOutput(Client client, Uri object);
  ~MultipartOutput() override;

  void Write(std::span<const uint8_t> data) override;
  int64_t bytes_written() const override { return bytes_written_; }
  void Close() override;

 private:
  void SendPart();
  void AwaitPart();

  const Client client_;
  const Uri object_;
  const std::string put_id_;
  std::vector<uint8_t> filling_;
  std::vector<uint8_t> sending_;
  std::future<std::string> sent_etag_;
  std::vector<std::string> etags_;
  std::string upload_;  // empty: no part was sent yet
  int64_t bytes_written_ = 0;
  bool closed_ = false;
};

}  // namespace quell::storage::s3
