// Functions of DOUBLE: sqrt, exp, logarithms, powers, trigonometry.
#include <cmath>
#include <numbers>

#include "expression/functions/binding.h"
#include "expression/functions/functions.h"

namespace quell {

namespace {

using DoubleFunction = double (*)(double);

struct Unary {
  const char* name;
  DoubleFunction function;
};

// The library is off by one digit now and then, which one step of Newton mends.
double CubeRoot(double x) {
  const double root = std::cbrt(x);
  if (root == 0 || !std::isfinite(root)) return root;
  return root - (root * root * root - x) / (3 * root * root);
}
double Cot(double x) { return 1 / std::tan(x); }
double Sec(double x) { return 1 / std::cos(x); }
double Csc(double x) { return 1 / std::sin(x); }
double Degrees(double x) { return x * 180.0 / std::numbers::pi; }
double Radians(double x) { return x / 180.0 * std::numbers::pi; }
double Sign(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; }
double Asinh(double x) { return std::isinf(x) && x < 0 ? x : std::asinh(x); }

constexpr Unary kUnary[] = {
    {"sqrt", [](double x) { return std::sqrt(x); }},
    {"exp", [](double x) { return std::exp(x); }},
    {"expm1", [](double x) { return std::expm1(x); }},
    {"cbrt", CubeRoot},
    {"sin", [](double x) { return std::sin(x); }},
    {"cos", [](double x) { return std::cos(x); }},
    {"tan", [](double x) { return std::tan(x); }},
    {"asin", [](double x) { return std::asin(x); }},
    {"acos", [](double x) { return std::acos(x); }},
    {"atan", [](double x) { return std::atan(x); }},
    {"sinh", [](double x) { return std::sinh(x); }},
    {"cosh", [](double x) { return std::cosh(x); }},
    {"tanh", [](double x) { return std::tanh(x); }},
    {"acosh", [](double x) { return std::acosh(x); }},
    {"atanh", [](double x) { return std::atanh(x); }},
    {"rint", [](double x) { return std::nearbyint(x); }},
    {"asinh", Asinh},
    {"cot", Cot},
    {"sec", Sec},
    {"csc", Csc},
    {"degrees", Degrees},
    {"radians", Radians},
    {"signum", Sign},
};

// Logarithms are NULL at or below `least`.
struct Logarithm {
  const char* name;
  DoubleFunction function;
  double least;
};
constexpr Logarithm kLogarithms[] = {
    {"ln", [](double x) { return std::log(x); }, 0.0},
    {"log10", [](double x) { return std::log10(x); }, 0.0},
    {"log2", [](double x) { return std::log2(x); }, 0.0},
    {"log1p", [](double x) { return std::log1p(x); }, -1.0},
};

KernelPtr LogarithmKernel(const Logarithm& logarithm) {
  return MakeSafeKernel<double, double>([logarithm](double x) -> std::optional<double> {
    if (x <= logarithm.least) return std::nullopt;
    return logarithm.function(x);
  });
}

// log(base, x), or the natural logarithm.
ExprPtr BindLog(const FunctionCall& call) {
  static const KernelPtr kKernel =
      MakeSafeKernel<double, double, double>([](double base, double x) -> std::optional<double> {
        if (x <= 0 || base <= 0) return std::nullopt;
        return std::log(x) / std::log(base);
      });
  CheckArity(call, 1, 2);
  if (call.arguments.size() == 1) return Rebind(call, "ln", call.arguments);
  const Type type(TypeId::kDouble);
  return MakeCall(call, type, {Argument(call, 0, type), Argument(call, 1, type)}, kKernel, true);
}

// sign() also of intervals.
ExprPtr BindSign(const FunctionCall& call) {
  static const KernelPtr kMonths = MakeSafeKernel<double, int32_t>([](int32_t v) { return Sign(v); });
  static const KernelPtr kMicros =
      MakeSafeKernel<double, int64_t>([](int64_t v) { return Sign(static_cast<double>(v)); });
  static const KernelPtr kDouble = MakeSafeKernel<double, double>(Sign);
  CheckArity(call, 1, 1);
  const Type type(TypeId::kDouble);
  const TypeId id = call.arguments[0]->type().id();
  if (id == TypeId::kYearMonthInterval) return MakeCall(call, type, call.arguments, kMonths);
  if (id == TypeId::kDayTimeInterval) return MakeCall(call, type, call.arguments, kMicros);
  return MakeCall(call, type, {Argument(call, 0, type)}, kDouble);
}

template <double (*kFunction)(double, double)>
KernelPtr Binary() {
  return MakeSafeKernel<double, double, double>([](double a, double b) { return kFunction(a, b); });
}

// Java's pow: 1 to the power of NaN or infinity is NaN.
double Power(double base, double exponent) {
  if (std::isnan(exponent) || (std::abs(base) == 1 && std::isinf(exponent))) return std::nan("");
  return std::pow(base, exponent);
}
double Atan2(double y, double x) { return std::atan2(y + 0.0, x + 0.0); }
double Hypot(double x, double y) { return std::hypot(x, y); }

FunctionBinder Constant(double value) {
  return [value](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 0, 0);
    return MakeLiteral(Value{value}, TypeId::kDouble);
  };
}

}  // namespace

void RegisterMath(FunctionRegistry& registry) {
  for (const Unary& unary : kUnary) {
    registry.Add(unary.name,
                 Simple({TypeId::kDouble}, TypeId::kDouble, MakeSafeKernel<double, double>(unary.function)));
  }
  for (const Logarithm& logarithm : kLogarithms) {
    registry.Add(logarithm.name, Simple({TypeId::kDouble}, TypeId::kDouble, LogarithmKernel(logarithm), true));
  }
  registry.Add("log", BindLog);
  registry.Add("sign", BindSign);
  registry.Add("signum", BindSign);
  for (const char* name : {"pow", "power"}) {
    registry.Add(name, Simple({TypeId::kDouble, TypeId::kDouble}, TypeId::kDouble, Binary<Power>()));
  }
  registry.Add("atan2", Simple({TypeId::kDouble, TypeId::kDouble}, TypeId::kDouble, Binary<Atan2>()));
  registry.Add("hypot", Simple({TypeId::kDouble, TypeId::kDouble}, TypeId::kDouble, Binary<Hypot>()));
  registry.Add("pi", Constant(std::numbers::pi));
  registry.Add("e", Constant(std::numbers::e));
}

}  // namespace quell
