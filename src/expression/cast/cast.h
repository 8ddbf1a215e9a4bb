// Kernels of CAST, one family of types per file.
#pragma once

#include <memory>
#include <string>

#include "expression/expression.h"
#include "expression/scalar_kernel.h"

namespace quell {

using KernelPtr = std::shared_ptr<const ScalarKernel>;

// The kernel of a cast that CanCast() allows. Made for each evaluator; `time_zone` is the session's.
KernelPtr MakeCastKernel(const Type& from, const Type& to, CastMode mode, const std::string& time_zone);

// The families, each for the types its name tells.
KernelPtr CastToString(const Type& from, const std::string& time_zone);
KernelPtr CastStringToNumber(const Type& to, CastMode mode);
KernelPtr CastStringToBoolean(CastMode mode);
KernelPtr CastStringToDatetime(const Type& to, CastMode mode, const std::string& time_zone);
KernelPtr CastStringToInterval(const Type& to, CastMode mode);
KernelPtr CastNumberToNumber(const Type& from, const Type& to, CastMode mode);
KernelPtr CastDatetime(const Type& from, const Type& to, CastMode mode, const std::string& time_zone);
KernelPtr CastInterval(const Type& from, const Type& to, CastMode mode);
KernelPtr CastBinary(const Type& from, const Type& to, CastMode mode);
KernelPtr CastNested(const Type& from, const Type& to, CastMode mode, const std::string& time_zone);

}  // namespace quell
