#include "session/session.h"

#include <filesystem>
#include <fstream>
#include <new>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error_classes.h"

namespace quell {
namespace {

class Ignore : public ResultConsumer {
 public:
  void Begin(const Schema&) override {}
  void Consume(const Batch&) override {}
};

class WithoutMemory final : public Ignore {
 public:
  void Begin(const Schema&) override { throw std::bad_alloc(); }
};

class SessionTest : public testing::Test {
 protected:
  SessionTest() : folder_(testing::TempDir() + "session_test_" + std::to_string(getpid())) {
    std::filesystem::create_directory(folder_);
  }
  ~SessionTest() override { std::filesystem::remove_all(folder_); }

  const std::string folder_;
  Session session_;
};

TEST_F(SessionTest, InfersTheTypesOfAFolderOnceForAStatement) {
  const std::string text = "1,a\n2,b\n";
  std::ofstream(folder_ + "/x.csv") << text;
  const std::string table = "csv.`" + folder_ + "`";
  Ignore ignore;
  const StatementOutcome outcome = session_.Run("SELECT * FROM " + table + " UNION ALL SELECT * FROM " + table, ignore);
  EXPECT_EQ(outcome.report.usage.bytes_read, 3 * static_cast<int64_t>(text.size())) << "once for types, twice for rows";
}

TEST_F(SessionTest, LackOfMemoryOutsideOfTheExecutionIsAnErrorOfTheStatement) {
  WithoutMemory without_memory;
  try {
    session_.Run("SELECT 1", without_memory);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.error_class(), error_class::kOutOfMemory);
  }
}

}  // namespace
}  // namespace quell
