#include "storage/s3/multipart_output.h"

#include <algorithm>

namespace quell::storage::s3 {

namespace {

// S3 takes parts from 5 MiB on, and 10,000 of them.
constexpr size_t kPartBytes = 8 << 20;

}  // namespace

MultipartOutput::MultipartOutput(Client client, Uri object)
    : client_(std::move(client)), object_(std::move(object)), put_id_(RandomId()) {}

MultipartOutput::~MultipartOutput() {
  if (sent_etag_.valid()) sent_etag_.wait();
  if (!closed_ && !upload_.empty()) client_.AbortMultipart(object_, upload_);
}

void MultipartOutput::Write(std::span<const uint8_t> data) {
  bytes_written_ += static_cast<int64_t>(data.size());
  while (!data.empty()) {
    const size_t taken = std::min(data.size(), kPartBytes - filling_.size());
    // Doubling would leave room for two parts.
    if (filling_.size() + taken > filling_.capacity() && filling_.size() + taken > kPartBytes / 4) {
      filling_.reserve(kPartBytes);
    }
    filling_.insert(filling_.end(), data.begin(), data.begin() + static_cast<ptrdiff_t>(taken));
    data = data.subspan(taken);
    // The last part is sent by Close(), so that an object of one part needs no upload.
    if (filling_.size() == kPartBytes && !data.empty()) SendPart();
  }
}

void MultipartOutput::SendPart() {
  if (upload_.empty()) upload_ = client_.CreateMultipart(object_, put_id_);
  AwaitPart();
  std::swap(filling_, sending_);
  filling_.clear();
  const int part = static_cast<int>(etags_.size()) + 1;
  sent_etag_ =
      std::async(std::launch::async, [this, part] { return client_.UploadPart(object_, upload_, part, sending_); });
}

void MultipartOutput::AwaitPart() {
  if (sent_etag_.valid()) etags_.push_back(sent_etag_.get());
}

void MultipartOutput::Close() {
  if (closed_) return;
  if (upload_.empty()) {
    client_.Put(object_, filling_);
  } else {
    if (!filling_.empty()) SendPart();
    AwaitPart();
    client_.CompleteMultipart(object_, upload_, etags_, put_id_);
  }
  closed_ = true;
}

}  // namespace quell::storage::s3
