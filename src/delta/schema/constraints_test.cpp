#include "delta/schema/constraints.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace quell::delta {
namespace {

Field WithMetadata(const std::string& name, const std::string& json) { return {name, Type(TypeId::kLong), true, json}; }

TEST(ConstraintsTest, ComeFromPropertiesAndFromColumns) {
  const auto constraints =
      ConstraintsOf({{"delta.appendOnly", "true"}, {"delta.constraints.b", "b > 1"}, {"delta.constraints.a", "a > 1"}},
                    {WithMetadata("x", R"({"delta.invariants":"{\"expression\":{\"expression\":\"x < 3\"}}"})"),
                     WithMetadata("y", R"({"comment":"delta.invariants"})")});
  ASSERT_EQ(constraints.size(), 3u);
  EXPECT_EQ(constraints[0].name, "a");
  EXPECT_EQ(constraints[1].condition, "b > 1");
  EXPECT_EQ(constraints[2].name, "x");
  EXPECT_EQ(constraints[2].condition, "x < 3");
}

// As delta-spark has it: properties keep the spelling that they were set with.
TEST(ConstraintsTest, CheckConstraintsInAnySpelling) {
  const std::map<std::string, std::string> properties{{"DELTA.constraints.B", "b > 1"},
                                                      {"Delta.Constraints.c", "c > 1"},
                                                      {"delta.constraint", "d > 1"},
                                                      {"delta.constraintsOff", "e > 1"}};
  EXPECT_TRUE(HasCheckConstraint(properties));
  EXPECT_FALSE(HasCheckConstraint({{"delta.constraint", "d > 1"}, {"delta.constraintsOff", "e > 1"}}));
  const auto constraints = ConstraintsOf(properties, {});
  ASSERT_EQ(constraints.size(), 2u);
  EXPECT_EQ(constraints[0].name, "B");
  EXPECT_EQ(constraints[1].name, "c");
  EXPECT_EQ(constraints[1].condition, "c > 1");
}

TEST(ConstraintsTest, DamagedInvariantsAreAnError) {
  for (const char* damaged : {R"("{")", R"("{}")", R"("{\"expression\":1}")", R"("[]")", "{}", "3"}) {
    const std::string metadata = std::string(R"({"delta.invariants":)") + damaged + "}";
    EXPECT_THROW(ConstraintsOf({}, {WithMetadata("x", metadata)}), Error) << damaged;
  }
}

}  // namespace
}  // namespace quell::delta
