#include "session/spill_warning.h"

#include <gtest/gtest.h>

namespace quell {
namespace {

constexpr int64_t kGib = int64_t{1} << 30;

TEST(SpillWarning, IsSilentWhereTheEstimateFits) {
  EXPECT_EQ(SpillWarning(0, {"/spill", 0, 0}), std::nullopt);
  EXPECT_EQ(SpillWarning(2 * kGib, {"/spill", 2 * kGib, 2 * kGib}), std::nullopt);
}

TEST(SpillWarning, NamesTheLimit) {
  EXPECT_EQ(*SpillWarning(5 * kGib, {"/spill", 2 * kGib, 9 * kGib}),
            "the statement may spill about 5.0 GiB to /spill, more than quell.spill.limit = 2.0 GiB; raise it, raise "
            "quell.memory.limit, or run it on a Spark cluster: --remote sc://HOST:PORT");
}

TEST(SpillWarning, NamesTheDiskWhereThatIsTheTighterOne) {
  EXPECT_EQ(*SpillWarning(5 * kGib, {"/spill", 2 * kGib, kGib}),
            "the statement may spill about 5.0 GiB to /spill, more than the 1.0 GiB that are free there; set "
            "quell.spill.dir to a folder on a larger disk, raise quell.memory.limit, or run it on a Spark cluster: "
            "--remote sc://HOST:PORT");
}

}  // namespace
}  // namespace quell
