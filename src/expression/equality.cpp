// Structural equality and hashing of expressions.
#include <xxhash.h>

#include "expression/aggregate_function.h"
#include "expression/expression.h"
#include "expression/scalar_kernel.h"

namespace quell {

namespace {

uint64_t Mix(uint64_t seed, uint64_t value) {
  seed ^= value + 0x9e3779b97f4a7c15ull + (seed << 6) + (seed >> 2);
  return seed;
}

uint64_t HashText(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

uint64_t HashValue(const Value& value) {
  const uint64_t seed = value.data.index();
  return std::visit(
      [&](const auto& v) -> uint64_t {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return seed;
        } else if constexpr (std::is_same_v<T, std::string>) {
          return Mix(seed, HashText(v));
        } else if constexpr (std::is_same_v<T, std::vector<Value>>) {
          uint64_t hash = seed;
          for (const Value& item : v) hash = Mix(hash, HashValue(item));
          return hash;
        } else if constexpr (std::is_same_v<T, Int128>) {
          return Mix(Mix(seed, static_cast<uint64_t>(v)), static_cast<uint64_t>(v >> 64));
        } else if constexpr (std::is_same_v<T, double>) {
          return Mix(seed, HashText({reinterpret_cast<const char*>(&v), sizeof(v)}));
        } else {
          return Mix(seed, static_cast<uint64_t>(v));
        }
      },
      value.data);
}

// NaN equals NaN here, and 0.0 differs from -0.0: it is the same literal or not.
bool SameValue(const Value& a, const Value& b) {
  const auto* x = std::get_if<double>(&a.data);
  const auto* y = std::get_if<double>(&b.data);
  if (x && y) return std::memcmp(x, y, sizeof(double)) == 0;
  return a == b;
}

bool SameNode(const Expression& a, const Expression& b) {
  switch (a.kind()) {
    case Expression::Kind::kLiteral: return SameValue(a.As<Literal>()->value(), b.As<Literal>()->value());
    case Expression::Kind::kColumnRef: return a.As<ColumnRef>()->id() == b.As<ColumnRef>()->id();
    case Expression::Kind::kInputRef: return a.As<InputRef>()->index() == b.As<InputRef>()->index();
    case Expression::Kind::kCall: {
      const auto& x = *a.As<Call>();
      const auto& y = *b.As<Call>();
      return x.name() == y.name() && x.kernel().variant == y.kernel().variant && x.kernel().deterministic;
    }
    case Expression::Kind::kCast: {
      const auto& x = *a.As<Cast>();
      const auto& y = *b.As<Cast>();
      return x.mode() == y.mode() && x.time_zone() == y.time_zone();
    }
    case Expression::Kind::kConjunction: return a.As<Conjunction>()->op() == b.As<Conjunction>()->op();
    case Expression::Kind::kCase: return true;
    case Expression::Kind::kAggregate: {
      const auto& x = *a.As<AggregateCall>();
      const auto& y = *b.As<AggregateCall>();
      return x.name() == y.name() && x.function().variant == y.function().variant &&
             x.is_distinct() == y.is_distinct() && x.has_filter() == y.has_filter();
    }
  }
  return false;
}

}  // namespace

bool Equal(const Expression& a, const Expression& b) {
  if (&a == &b) return IsDeterministic(a);
  if (a.kind() != b.kind() || a.type() != b.type() || a.children().size() != b.children().size()) return false;
  if (!SameNode(a, b)) return false;
  for (size_t i = 0; i < a.children().size(); ++i) {
    if (!Equal(*a.children()[i], *b.children()[i])) return false;
  }
  return true;
}

uint64_t Hash(const Expression& expr) {
  uint64_t hash = Mix(static_cast<uint64_t>(expr.kind()), static_cast<uint64_t>(expr.type().id()));
  if (const auto* literal = expr.As<Literal>()) hash = Mix(hash, HashValue(literal->value()));
  if (const auto* column = expr.As<ColumnRef>()) hash = Mix(hash, static_cast<uint64_t>(column->id()));
  if (const auto* input = expr.As<InputRef>()) hash = Mix(hash, static_cast<uint64_t>(input->index()));
  if (const auto* call = expr.As<Call>()) hash = Mix(hash, HashText(call->name()));
  if (const auto* aggregate = expr.As<AggregateCall>()) hash = Mix(hash, HashText(aggregate->name()));
  for (const ExprPtr& child : expr.children()) hash = Mix(hash, Hash(*child));
  return hash;
}

}  // namespace quell
