#include "session/config.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace quell {
namespace {

TEST(ConfigTest, ReadsWhatItAccepted) {
  Config config;
  config.Set("quell.price.dbu", "0.20");
  EXPECT_EQ(config.GetPrice("quell.price.dbu"), 0.20);
  config.Set("quell.price.dbu", "1e-1");
  EXPECT_EQ(config.GetPrice("quell.price.dbu"), 0.1);
  EXPECT_THROW(config.Set("quell.price.dbu", "0,20"), Error);
  EXPECT_THROW(config.Set("quell.price.dbu", "0x10"), Error);
  EXPECT_EQ(config.GetPrice("quell.price.dbu"), 0.1);
  config.Set("quell.threads", "1024");
  EXPECT_EQ(config.GetCount("quell.threads"), 1024);
  EXPECT_THROW(config.Set("quell.threads", "2147483648"), Error);
  EXPECT_EQ(config.GetCount("quell.threads"), 1024);
}

}  // namespace
}  // namespace quell
