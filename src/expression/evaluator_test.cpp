#include "expression/evaluator.h"

#include <gtest/gtest.h>

#include "base/error_classes.h"
#include "data/buffers.h"
#include "data/schema.h"
#include "expression/aggregate_function.h"
#include "expression/function_registry.h"

namespace quell {
namespace {

const ExpressionSettings kSettings;
const Type kInt(TypeId::kInt);
const Type kString(TypeId::kString);

Value Number(int64_t v) { return Value{v}; }
Value Text(const char* v) { return Value{std::string(v)}; }
ExprPtr Lit(int v) { return std::make_shared<Literal>(kInt, Number(v)); }
ExprPtr Lit(const char* v) { return std::make_shared<Literal>(kString, Text(v)); }
ExprPtr In(int index, Type type) { return std::make_shared<InputRef>(index, std::move(type), true); }
ExprPtr Bind(std::string_view name, ExprList arguments) {
  return FunctionRegistry::BuiltIn().Bind(FunctionCall{name, std::move(arguments), {}, kSettings});
}
ExprPtr CastTo(ExprPtr expr, const char* type, CastMode mode = CastMode::kAnsi) {
  return std::make_shared<Cast>(std::move(expr), ParseType(type), mode, "UTC");
}
std::string Show(const ExprPtr& expr) { return FormatValue(EvaluateConstant(expr), expr->type()); }

Column Strings(std::vector<Value> dictionary, std::vector<int32_t> codes) {
  const auto num_rows = static_cast<int64_t>(codes.size());
  BufferPtr buffer = AllocateBytes(num_rows * 4);
  BufferPtr validity = AllocateBits(num_rows, true);
  for (int64_t i = 0; i < num_rows; ++i) {
    const int32_t code = codes[static_cast<size_t>(i)];
    reinterpret_cast<int32_t*>(buffer->mutable_data())[i] = code < 0 ? 0 : code;
    if (code < 0) ClearBit(validity->mutable_data(), i);
  }
  return MakeDictionary(kString, num_rows, buffer, validity, MakeColumn(kString, dictionary).data);
}

std::string ClassOf(const ExprPtr& expr) {
  try {
    EvaluateConstant(expr);
  } catch (const Error& error) {
    return error.error_class().name;
  }
  return "";
}

TEST(EvaluatorTest, ComputesArithmetic) {
  EXPECT_EQ(Show(Bind("+", {Lit(1), Lit(2)})), "3");
  EXPECT_EQ(Show(Bind("/", {Lit(1), Lit(4)})), "0.25");
  EXPECT_EQ(Show(Bind("pmod", {Lit(-7), Lit(3)})), "2");
  EXPECT_EQ(ClassOf(Bind("+", {Lit(2147483647), Lit(1)})), "ARITHMETIC_OVERFLOW");
  EXPECT_EQ(Show(Bind("try_add", {Lit(2147483647), Lit(1)})), "NULL");
  EXPECT_EQ(ClassOf(Bind("/", {Lit(1), Lit(0)})), "DIVIDE_BY_ZERO");
  EXPECT_EQ(ClassOf(Bind("%", {Lit(1), Lit(0)})), "REMAINDER_BY_ZERO");
}

TEST(EvaluatorTest, FollowsSparkDecimalTypes) {
  const ExprPtr a = CastTo(Lit("12.34"), "decimal(12,2)");
  const ExprPtr sum = Bind("+", {a, Lit(1)});
  EXPECT_EQ(sum->type().ToString(), "decimal(13,2)");
  EXPECT_EQ(Show(sum), "13.34");
  const ExprPtr product = Bind("*", {a, a});
  EXPECT_EQ(product->type().ToString(), "decimal(25,4)");
  EXPECT_EQ(Show(product), "152.2756");
  const ExprPtr quotient = Bind("/", {a, Lit(3)});
  EXPECT_EQ(quotient->type().ToString(), "decimal(16,6)");
  EXPECT_EQ(Show(quotient), "4.113333");
  const ExprPtr wide = CastTo(Lit("99999999999999999999999999999999.123456"), "decimal(38,6)");
  EXPECT_EQ(Bind("*", {wide, wide})->type().ToString(), "decimal(38,6)");
  EXPECT_EQ(ClassOf(Bind("*", {wide, wide})), "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION");
}

TEST(EvaluatorTest, Casts) {
  EXPECT_EQ(Show(CastTo(Lit(" 42 "), "int")), "42");
  EXPECT_EQ(ClassOf(CastTo(Lit("4x"), "int")), "CAST_INVALID_INPUT");
  EXPECT_EQ(Show(CastTo(Lit("4x"), "int", CastMode::kTry)), "NULL");
  EXPECT_EQ(ClassOf(CastTo(Lit(300), "tinyint")), "CAST_OVERFLOW");
  EXPECT_EQ(Show(CastTo(Lit(300), "tinyint", CastMode::kLegacy)), "44");
  EXPECT_EQ(Show(CastTo(Lit("2024-02-29 12:34:56.789"), "timestamp")), "2024-02-29 12:34:56.789");
  EXPECT_EQ(Show(CastTo(Lit("2024-2-3"), "date")), "2024-02-03");
  EXPECT_EQ(ClassOf(CastTo(Lit("2023-02-29"), "date")), "CAST_INVALID_INPUT");
  EXPECT_EQ(Show(CastTo(Lit("1.005"), "decimal(5,2)")), "1.01");
  EXPECT_EQ(Show(CastTo(CastTo(Lit("0.1"), "double"), "decimal(20,10)")), "0.1000000000");
  EXPECT_EQ(Show(CastTo(Lit("-1 02:03:04"), "interval day to second")), "INTERVAL '-1 02:03:04' DAY TO SECOND");
}

TEST(EvaluatorTest, FollowsThreeValuedLogic) {
  const ExprPtr null = std::make_shared<Literal>(Type(TypeId::kBoolean), Value{});
  const ExprPtr yes = std::make_shared<Literal>(Type(TypeId::kBoolean), Value{true});
  const ExprPtr no = std::make_shared<Literal>(Type(TypeId::kBoolean), Value{false});
  EXPECT_EQ(Show(Bind("and", {null, no})), "false");
  EXPECT_EQ(Show(Bind("and", {null, yes})), "NULL");
  EXPECT_EQ(Show(Bind("or", {null, yes})), "true");
  EXPECT_EQ(Show(Bind("not", {null})), "NULL");
  EXPECT_EQ(Show(Bind("<=>", {null, null})), "true");
  EXPECT_EQ(Show(Bind("in", {Lit(3), Lit(1), std::make_shared<Literal>(kInt, Value{})})), "NULL");
  EXPECT_EQ(Show(Bind("coalesce", {null, yes})), "true");
}

TEST(EvaluatorTest, FiltersOnDictionaryCodes) {
  const Batch batch{{Strings({Text("a"), Text("b"), Text("c")}, {0, 1, -1, 2, 1})}, 5, nullptr};
  Evaluator equal(Bind("=", {In(0, kString), Lit("b")}));
  EXPECT_EQ(*equal.Filter(batch), (Selection{1, 4}));
  Evaluator is_null(Bind("isnull", {In(0, kString)}));
  EXPECT_EQ(*is_null.Filter(batch), (Selection{2}));
  Evaluator all(Bind("or", {Bind("isnull", {In(0, kString)}), Bind("<>", {In(0, kString), Lit("z")})}));
  EXPECT_EQ(all.Filter(batch), nullptr);
}

TEST(EvaluatorTest, ComputesOnDictionaryValuesOnce) {
  const Batch batch{{Strings({Text("1"), Text("22"), Text("x")}, {0, 1, -1, 1})}, 4, nullptr};
  Evaluator or_else(Bind("coalesce", {In(0, kString), Lit("none")}));
  const Column values = or_else.Evaluate(batch);
  EXPECT_EQ(values.encoding, Encoding::kDictionary);
  EXPECT_EQ(ValueAt(values, 2), Text("none"));
  EXPECT_EQ(ValueAt(values, 3), Text("22"));
  // "x" is no number, but no row has it.
  Evaluator cast(CastTo(In(0, kString), "int"));
  const Column numbers = cast.Evaluate(batch);
  EXPECT_EQ(ValueAt(numbers, 1), Number(22));
  EXPECT_TRUE(ValueAt(numbers, 2).is_null());
}

TEST(EvaluatorTest, RaisesOnlyForRowsThatCount) {
  const Column numbers = MakeColumn(kInt, {Number(0), Number(2), Number(4)});
  Batch batch{{numbers}, 3, std::make_shared<Selection>(Selection{1, 2})};
  Evaluator quotient(Bind("/", {Lit(8), In(0, kInt)}));
  EXPECT_EQ(ValueAt(quotient.Evaluate(batch), 2), Value{2.0});
  batch.selection = nullptr;
  EXPECT_THROW(quotient.Evaluate(batch), Error);
  const ExprPtr guarded =
      Bind("case_when", {Bind("<>", {In(0, kInt), Lit(0)}), Bind("/", {Lit(8), In(0, kInt)}), Lit(-1)});
  Evaluator case_when(guarded);
  const Column result = case_when.Evaluate(batch);
  EXPECT_EQ(ValueAt(result, 0), Value{-1.0});
  EXPECT_EQ(ValueAt(result, 1), Value{4.0});
  Evaluator and_then(
      Bind("and", {Bind("<>", {In(0, kInt), Lit(0)}), Bind(">", {Bind("/", {Lit(8), In(0, kInt)}), Lit(3)})}));
  EXPECT_EQ(*and_then.Filter(batch), (Selection{1}));
}

TEST(EvaluatorTest, PrintsExpressions) {
  EXPECT_EQ(ToString(*Bind(">", {Bind("+", {In(0, kInt), Lit(1)}), Lit(2)})), "(#0 + 1) > 2");
  EXPECT_EQ(ToString(*Bind("count", {})), "count(*)");
  EXPECT_TRUE(Equal(*Bind("+", {In(0, kInt), Lit(1)}), *Bind("+", {In(0, kInt), Lit(1)})));
  EXPECT_FALSE(Equal(*Bind("+", {In(0, kInt), Lit(1)}), *Bind("+", {In(0, kInt), Lit(2)})));
}

TEST(AggregateTest, SumsByGroupAndMerges) {
  const Type type = Type::Decimal(12, 2);
  const Column amounts = MakeColumn(type, {Value{Int128{150}}, Value{}, Value{Int128{250}}, Value{Int128{-100}}});
  const ExprPtr sum = Bind("sum", {In(0, type)});
  EXPECT_EQ(sum->type().ToString(), "decimal(22,2)");
  const AggregateFunction& function = sum->As<AggregateCall>()->function();
  const auto states = function.make_states();
  states->Resize(3);
  const std::vector<uint32_t> groups{0, 1, 0, 2};
  states->Update(groups.data(), std::vector<Column>{amounts}, Rows{4, nullptr});
  const auto others = function.make_states();
  others->Resize(3);
  others->Merge(std::vector<uint32_t>{0, 1, 2}.data(), states->Export(0, 3), Rows{3, nullptr});
  others->Update(groups.data(), std::vector<Column>{amounts}, Rows{4, nullptr});
  const Column totals = others->Finish(0, 3);
  EXPECT_EQ(ValueAt(totals, 0), Value{Int128{800}});
  EXPECT_TRUE(ValueAt(totals, 1).is_null());
  EXPECT_EQ(ValueAt(totals, 2), Value{Int128{-200}});
  const ExprPtr avg = Bind("avg", {In(0, type)});
  EXPECT_EQ(avg->type().ToString(), "decimal(16,6)");
  const auto averages = avg->As<AggregateCall>()->function().make_states();
  averages->Resize(3);
  averages->Update(groups.data(), std::vector<Column>{amounts}, Rows{4, nullptr});
  EXPECT_EQ(ValueAt(averages->Finish(0, 3), 0), Value{Int128{2000000}});
  EXPECT_TRUE(ValueAt(averages->Finish(0, 3), 1).is_null());
}

}  // namespace
}  // namespace quell
