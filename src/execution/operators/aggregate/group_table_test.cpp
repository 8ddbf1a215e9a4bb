#include "execution/operators/aggregate/group_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "data/buffers.h"

namespace quell::execution {
namespace {

Column Numbers(const std::vector<int64_t>& numbers) {
  std::vector<Value> values;
  for (const int64_t number : numbers) values.push_back(number < 0 ? Value{} : Value{number});
  return MakeColumn(Type(TypeId::kLong), values);
}

// A dictionary column of words "w0", "w1", ...; the dictionary's order differs from call to call. Negative: NULL.
Column Words(const std::vector<int64_t>& numbers, int64_t num_words, uint32_t seed) {
  std::vector<int32_t> order(num_words);
  for (int32_t i = 0; i < num_words; ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), std::mt19937(seed));
  std::vector<Value> words(num_words);
  for (int64_t i = 0; i < num_words; ++i) words[order[i]] = Value{"w" + std::to_string(i)};
  const auto count = static_cast<int64_t>(numbers.size());
  BufferPtr codes = AllocateBytes(count * 4);
  BufferPtr validity = AllocateBits(count, true);
  for (int64_t i = 0; i < count; ++i) {
    reinterpret_cast<int32_t*>(codes->mutable_data())[i] = numbers[i] < 0 ? 0 : order[numbers[i]];
    if (numbers[i] < 0) ClearBit(validity->mutable_data(), i);
  }
  return MakeDictionary(Type(TypeId::kString), count, std::move(codes), std::move(validity),
                        MakeColumn(Type(TypeId::kString), words).data);
}

// Groups random rows by a word and a number, and compares with a map.
void CheckGroups(int64_t num_words, int64_t num_numbers, int max_array_bits, bool flat_words) {
  GroupTable table({Type(TypeId::kString), Type(TypeId::kLong)}, max_array_bits);
  std::mt19937_64 random(42);
  std::map<std::pair<int64_t, int64_t>, uint32_t> expected;
  for (uint32_t round = 0; round < 20; ++round) {
    std::vector<int64_t> words(1000), numbers(1000);
    for (int i = 0; i < 1000; ++i) {
      words[i] = static_cast<int64_t>(random() % (num_words + 1)) - 1;
      numbers[i] = static_cast<int64_t>(random() % (num_numbers + 1)) - 1;
    }
    Selection selection;
    for (int32_t row = 0; row < 1000; ++row) {
      if (random() % 3 != 0) selection.push_back(row);
    }
    std::vector<Column> keys = {Words(words, num_words, round), Numbers(numbers)};
    if (flat_words && round % 2 == 1) keys[0] = Flatten(keys[0], 1000);
    std::vector<uint32_t> groups(1000);
    const Rows rows{1000, round % 4 == 0 ? nullptr : &selection};
    table.FindOrAdd(keys, rows, groups.data());
    int64_t k = 0;
    rows.ForEach([&](int64_t row) {
      const auto [entry, inserted] = expected.try_emplace({words[row], numbers[row]}, groups[k]);
      ASSERT_EQ(entry->second, groups[k]);
      ++k;
    });
  }
  ASSERT_EQ(table.num_groups(), static_cast<int64_t>(expected.size()));
  const std::vector<Column> keys = table.Keys(0, table.num_groups());
  for (const auto& [key, group] : expected) {
    const Value word = ValueAt(keys[0], group);
    const Value number = ValueAt(keys[1], group);
    ASSERT_EQ(word.is_null(), key.first < 0);
    if (!word.is_null()) {
      ASSERT_EQ(std::get<std::string>(word.data), "w" + std::to_string(key.first));
    }
    ASSERT_EQ(number, key.second < 0 ? Value{} : Value{key.second});
  }
}

TEST(GroupTable, ByArrayIndex) { CheckGroups(20, 100, 20, false); }
TEST(GroupTable, ByHash) { CheckGroups(20, 100, 0, false); }
TEST(GroupTable, TurnsToHashingWhenTheArrayIsTooLarge) { CheckGroups(20, 1000, 8, false); }
TEST(GroupTable, TurnsToHashingWhenStringsComeFlat) { CheckGroups(20, 100, 20, true); }
TEST(GroupTable, GrowsWithManyKeys) { CheckGroups(3000, 100'000, 20, false); }

TEST(GroupTable, FloatsAreNormalized) {
  GroupTable table({Type(TypeId::kDouble)}, 20);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Column column =
      MakeColumn(Type(TypeId::kDouble), {Value{0.0}, Value{-0.0}, Value{nan}, Value{-nan}, Value{1.0}});
  std::vector<uint32_t> groups(5);
  table.FindOrAdd(std::span(&column, 1), Rows{5, nullptr}, groups.data());
  EXPECT_EQ(groups, (std::vector<uint32_t>{0, 0, 1, 1, 2}));
}

TEST(GroupTable, NestedKeys) {
  GroupTable table({Type::Array(Type(TypeId::kLong))}, 20);
  const auto list = [](std::vector<Value> members) { return Value{std::move(members)}; };
  const std::vector<Value> values = {list({Value{int64_t{1}}}), list({}), Value{}, list({Value{int64_t{1}}}),
                                     list({Value{}})};
  const Column column = MakeColumn(Type::Array(Type(TypeId::kLong)), values);
  std::vector<uint32_t> groups(5);
  table.FindOrAdd(std::span(&column, 1), Rows{5, nullptr}, groups.data());
  EXPECT_EQ(groups, (std::vector<uint32_t>{0, 1, 2, 0, 3}));
  EXPECT_EQ(ValueAt(table.Keys(0, 4)[0], 3), values[4]);
}

}  // namespace
}  // namespace quell::execution
