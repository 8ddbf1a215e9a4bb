#include "discover/discover.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/error_classes.h"
#include "base/threads.h"
#include "catalog/files/partition_path.h"
#include "delta/snapshot/snapshot.h"
#include "delta/spec/path.h"
#include "discover/footer_summary.h"
#include "storage/parquet/parquet_file.h"

namespace quell::discover {

namespace {

constexpr size_t kMaxProblems = 100;
constexpr size_t kMaxPartitionValues = 10'000;
constexpr size_t kMaxQueued = 256;
constexpr int kRemoteThreads = 16;
constexpr int kLocalThreads = 2;
constexpr std::string_view kMagic = "PAR1";

bool IsHidden(std::string_view relative) {
  for (size_t begin = 0; begin < relative.size();) {
    const size_t slash = std::min(relative.find('/', begin), relative.size());
    const std::string_view part = relative.substr(begin, slash - begin);
    const bool is_partition = slash < relative.size() && part.find('=') != std::string_view::npos;
    if (!part.empty() && (part[0] == '.' || (part[0] == '_' && !is_partition))) return true;
    begin = slash + 1;
  }
  return false;
}

// Says what a file is whose footer could not be read.
Problem Diagnose(storage::FileSystem& files, const storage::FileInfo& info, const Error& error) {
  const auto problem = [&](ProblemKind kind) { return Problem{kind, info.path, error.message()}; };
  if (error.error_class() == error_class::kFailedReadFileNotExist) return problem(ProblemKind::kMissing);
  if (info.size_bytes < static_cast<int64_t>(2 * kMagic.size())) return problem(ProblemKind::kNotParquet);
  const auto input = files.Open(storage::Uri::Parse(info.path), info.size_bytes);
  const auto is_magic_at = [&](int64_t offset) {
    std::string bytes(kMagic.size(), '\0');
    input->ReadAt(offset, {reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
    return bytes == kMagic;
  };
  if (is_magic_at(info.size_bytes - static_cast<int64_t>(kMagic.size()))) return problem(ProblemKind::kCorrupt);
  return problem(is_magic_at(0) ? ProblemKind::kTruncated : ProblemKind::kNotParquet);
}

// Gathers what threads find. Thread-safe.
class Gatherer {
 public:
  Gatherer(storage::FileSystemPtr files, const storage::Uri& root) : files_(std::move(files)), root_(root) {}

  void AddFile(const storage::FileInfo& info) {
    if (info.size_bytes == 0) {
      AddProblem(
          {ProblemKind::kEmpty, info.path, fmt::format("file '{}' is empty; remove it, or write it again", info.path)});
    } else {
      try {
        const auto file = storage::ParquetFile::Open(*files_, storage::Uri::Parse(info.path), info.size_bytes);
        std::lock_guard lock(mutex_);
        footers_.Add(*file);
      } catch (const Error& error) {
        const bool is_about_file = error.error_class() == error_class::kFailedReadFile ||
                                   error.error_class() == error_class::kFailedReadFileNotExist;
        if (!is_about_file) throw;
        AddProblem(Diagnose(*files_, info, error));
      }
    }
    std::lock_guard lock(mutex_);
    ++discovery_.num_files;
    discovery_.num_bytes += info.size_bytes;
    NotePartitions(info.path);
  }

  void AddProblem(Problem problem) {
    std::lock_guard lock(mutex_);
    ++discovery_.num_problems;
    auto& problems = discovery_.problems;
    const auto by_path = [](const Problem& a, const Problem& b) { return a.path < b.path; };
    problems.insert(std::upper_bound(problems.begin(), problems.end(), problem, by_path), std::move(problem));
    if (problems.size() > kMaxProblems) problems.pop_back();
  }

  Discovery Finish() {
    footers_.FinishTo(&discovery_);
    for (const std::string& name : partition_order_) {
      const auto& values = partitions_[name];
      PartitionSummary summary;
      summary.name = name;
      summary.type = catalog::InferPartitionType({values.begin(), values.end()});
      summary.num_values = static_cast<int64_t>(values.size());
      if (!values.empty()) summary.examples.push_back(values.begin()->value_or("NULL"));
      if (values.size() > 1) summary.examples.push_back(values.rbegin()->value_or("NULL"));
      discovery_.partitions.push_back(std::move(summary));
    }
    return std::move(discovery_);
  }

 private:
  void NotePartitions(const std::string& path) {
    const std::string root = root_.ToString();
    if (!path.starts_with(root)) return;
    for (auto& [name, value] : catalog::ParsePartitionPath(path.substr(root.size()))) {
      if (!partitions_.contains(name)) partition_order_.push_back(name);
      auto& values = partitions_[name];
      if (values.size() < kMaxPartitionValues) values.insert(std::move(value));
    }
  }

  const storage::FileSystemPtr files_;
  const storage::Uri root_;
  std::mutex mutex_;
  FooterSummary footers_;
  Discovery discovery_;
  std::vector<std::string> partition_order_;
  std::map<std::string, std::set<std::optional<std::string>>> partitions_;
};

// Hands files from the listing to the threads that read footers, while the listing goes on.
class FileQueue {
 public:
  // False when a thread has failed: there is no use in going on.
  bool Push(storage::FileInfo info) {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [this] { return files_.size() < kMaxQueued || failure_; });
    if (failure_) return false;
    files_.push_back(std::move(info));
    has_file_.notify_one();
    return true;
  }
  std::optional<storage::FileInfo> Pop() {
    std::unique_lock lock(mutex_);
    has_file_.wait(lock, [this] { return !files_.empty() || is_ended_ || failure_; });
    if (files_.empty() || failure_) return std::nullopt;
    storage::FileInfo info = std::move(files_.front());
    files_.pop_front();
    has_room_.notify_one();
    return info;
  }
  void End() {
    std::lock_guard lock(mutex_);
    is_ended_ = true;
    has_file_.notify_all();
  }
  void Fail(std::exception_ptr failure) {
    std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    has_file_.notify_all();
    has_room_.notify_all();
  }
  void RethrowFailure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable has_file_;
  std::condition_variable has_room_;
  std::deque<storage::FileInfo> files_;
  bool is_ended_ = false;
  std::exception_ptr failure_;
};

// Runs `list`, which pushes files, while `num_threads` threads take them in.
void GatherFiles(Gatherer* gatherer, int num_threads, const std::function<void(FileQueue&)>& list) {
  FileQueue queue;
  const auto work = [&] {
    try {
      while (const auto info = queue.Pop()) gatherer->AddFile(*info);
    } catch (...) {
      queue.Fail(std::current_exception());
    }
  };
  std::vector<std::jthread> threads = StartThreads(num_threads, work);
  if (threads.empty()) {
    throw Error(error_class::kOutOfMemory, "the system starts no thread more; raise its limit of processes");
  }
  try {
    list(queue);
  } catch (...) {
    queue.Fail(std::current_exception());
  }
  queue.End();
  threads.clear();
  queue.RethrowFailure();
}

// The files of a Delta table's version, by canonical path, with the sizes that the log says.
using ActiveFiles = std::unordered_map<std::string, int64_t>;

DeltaSummary Summarize(const delta::Snapshot& snapshot, ActiveFiles* active) {
  DeltaSummary summary;
  summary.version = snapshot.version();
  summary.min_reader_version = snapshot.protocol().min_reader_version;
  summary.min_writer_version = snapshot.protocol().min_writer_version;
  summary.features = snapshot.protocol().reader_features;
  summary.features.insert(snapshot.protocol().writer_features.begin(), snapshot.protocol().writer_features.end());
  summary.partition_columns = snapshot.metadata().partition_columns;
  summary.properties = snapshot.metadata().configuration;
  snapshot.VisitFiles([&](delta::AddFile&& file) {
    active->emplace(delta::ResolvePath(snapshot.table(), file.path).ToString(), file.size_bytes);
    return true;
  });
  summary.active_files = static_cast<int64_t>(active->size());
  return summary;
}

void ListInto(storage::FileSystem& files, const storage::Uri& uri,
              const std::function<bool(storage::FileInfo)>& visit) {
  if (const auto one = files.Stat(uri)) {
    visit(*one);
    return;
  }
  const std::string root = uri.ToString();
  files.List(uri, {}, [&](storage::FileInfo info) {
    return IsHidden(std::string_view(info.path).substr(std::min(root.size(), info.path.size()))) ||
           visit(std::move(info));
  });
}

}  // namespace

bool Discovery::is_doubtful() const {
  return num_problems > 0 || std::any_of(drift.begin(), drift.end(), [](const Drift& d) { return d.changes_type; });
}

const char* ToString(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::kEmpty: return "empty";
    case ProblemKind::kTruncated: return "truncated";
    case ProblemKind::kNotParquet: return "not Parquet";
    case ProblemKind::kCorrupt: return "corrupt";
    case ProblemKind::kMissing: return "missing";
    case ProblemKind::kWrongSize: return "wrong size";
  }
  return "";
}

Discovery Discover(const storage::Uri& uri, const DiscoverOptions& options) {
  const storage::FileSystemPtr files = storage::MakeFileSystem(uri, options.storage);
  ActiveFiles active;
  std::optional<DeltaSummary> delta;
  if (const auto snapshot = delta::Snapshot::Load(files, uri)) delta = Summarize(*snapshot, &active);
  Gatherer gatherer(files, uri);
  const int threads = options.num_threads > 0 ? options.num_threads
                      : uri.scheme == "s3"    ? kRemoteThreads
                                              : kLocalThreads;
  GatherFiles(&gatherer, threads, [&](FileQueue& queue) {
    ListInto(*files, uri, [&](storage::FileInfo info) {
      if (!delta) return queue.Push(std::move(info));
      const auto found = active.find(info.path);
      if (found == active.end()) {
        ++delta->other_files;
        return true;
      }
      if (found->second != info.size_bytes) {
        gatherer.AddProblem({ProblemKind::kWrongSize, info.path,
                             fmt::format("file '{}' has {} bytes, the log says {}; restore it", info.path,
                                         info.size_bytes, found->second)});
      }
      active.erase(found);
      return queue.Push(std::move(info));
    });
  });
  for (const auto& [path, size] : active) {
    gatherer.AddProblem(
        {ProblemKind::kMissing, path, fmt::format("file '{}' is in the log, but not there; restore it", path)});
  }
  Discovery discovery = gatherer.Finish();
  discovery.uri = uri.ToString();
  discovery.delta = std::move(delta);
  if (discovery.num_files == 0 && discovery.num_problems == 0 && !discovery.delta) {
    throw Error(error_class::kPathNotFound, "nothing at '{}'; check the path, or make the data first", discovery.uri);
  }
  return discovery;
}

}  // namespace quell::discover
