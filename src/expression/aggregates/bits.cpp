// bit_and, bit_or, bit_xor; bool_and, bool_or and their other names.
#include "expression/aggregates/aggregates.h"
#include "expression/aggregates/states.h"

namespace quell {

namespace {

const Type kBoolean(TypeId::kBoolean);

enum class BitOp : uint8_t { kAnd, kOr, kXor };

template <typename T>
class BitStates final : public AggregateStates {
 public:
  BitStates(Type type, BitOp op) : type_(std::move(type)), op_(op) {}

  void Resize(int64_t num_groups) override {
    values_.resize(static_cast<size_t>(num_groups), op_ == BitOp::kAnd ? static_cast<T>(-1) : T{0});
    seen_.resize(static_cast<size_t>(num_groups));
  }

  void Update(const uint32_t* group_ids, std::span<const Column> arguments, const Rows& rows) override {
    const Column column = WithoutDictionary(arguments[0], rows);
    const Reader<T> reader(column);
    ForEachValid(column, rows, [&](int64_t k, int64_t row) {
      const uint32_t group = group_ids[k];
      T& value = values_[group];
      const T other = reader[row];
      value = static_cast<T>(op_ == BitOp::kAnd ? value & other : op_ == BitOp::kOr ? value | other : value ^ other);
      seen_[group] = 1;
    });
  }

  void Merge(const uint32_t* group_ids, std::span<const Column> states, const Rows& rows) override {
    Update(group_ids, states, rows);
  }

  std::vector<Column> Export(int64_t begin, int64_t end) const override { return {Finish(begin, end)}; }

  Column Finish(int64_t begin, int64_t end) const override {
    return ColumnOfGroups<T>(type_, begin, end, SeenBits(seen_, begin, end),
                             [&](size_t group) { return values_[group]; });
  }

  int64_t memory_bytes() const override { return VectorBytes(values_) + VectorBytes(seen_); }

 private:
  const Type type_;
  const BitOp op_;
  std::vector<T> values_;
  std::vector<uint8_t> seen_;
};

FunctionBinder BindBits(BitOp op) {
  return [op](const FunctionCall& call) {
    CheckArity(call, 1, 1);
    const Type type = call.arguments[0]->type();
    if (!type.is_integral()) ThrowMismatch(call, 0, "INTEGRAL");
    AggregateFunction function;
    function.result_type = type;
    function.state_types = {type};
    function.make_states = [=]() -> std::unique_ptr<AggregateStates> {
      switch (type.id()) {
        case TypeId::kByte: return std::make_unique<BitStates<int8_t>>(type, op);
        case TypeId::kShort: return std::make_unique<BitStates<int16_t>>(type, op);
        case TypeId::kInt: return std::make_unique<BitStates<int32_t>>(type, op);
        default: return std::make_unique<BitStates<int64_t>>(type, op);
      }
    };
    return MakeAggregate(call, call.arguments, std::move(function));
  };
}

// All TRUE is the least value, any TRUE the greatest.
FunctionBinder BindBool(const char* extreme) {
  return [extreme](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 1);
    const Type& type = call.arguments[0]->type();
    if (type.id() != TypeId::kBoolean && type.id() != TypeId::kNull) ThrowMismatch(call, 0, "BOOLEAN");
    ExprPtr argument = Argument(call, 0, kBoolean);
    const ExprPtr bound =
        FunctionRegistry::BuiltIn().Bind(FunctionCall{extreme, {argument}, call.location, call.settings});
    return MakeAggregate(call, {argument}, bound->As<AggregateCall>()->function());
  };
}

}  // namespace

void RegisterBitAggregates(FunctionRegistry& registry) {
  registry.AddAggregate("bit_and", BindBits(BitOp::kAnd));
  registry.AddAggregate("bit_or", BindBits(BitOp::kOr));
  registry.AddAggregate("bit_xor", BindBits(BitOp::kXor));
  for (const char* name : {"bool_and", "every"}) registry.AddAggregate(name, BindBool("min"));
  for (const char* name : {"bool_or", "some", "any"}) registry.AddAggregate(name, BindBool("max"));
}

}  // namespace quell
