#pragma once

#include <cstdint>
#include <exoactor/safety/guard_limits.hpp>
#include <exoactor/safety/guard_status.hpp>

namespace exoactor {

/// The first thing that is wrong with `wanted` and cannot be clamped: a number that is none, its
/// age, a gain out of bounds. RT-safe.
Trip inspect_command(const JointCommand& wanted, std::int64_t now_ns,
                     const GuardLimits& limits) noexcept;

}  // namespace exoactor
