#pragma once

#include <cmath>
#include <cstdint>
#include <exoactor/safety/guard_status.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

inline constexpr double kSecondsPerNs = 1e-9;

constexpr double to_seconds(std::int64_t duration_ns) noexcept {
  return kSecondsPerNs * static_cast<double>(duration_ns);
}

/// A trip that has no time yet.
constexpr Trip violation(TripCause cause, int joint, double got, double allowed) noexcept {
  return Trip{cause, joint, got, allowed, 0};
}

/// Too old by its stamp, or from the future; no trip where neither.
constexpr Trip inspect_age(TripCause cause, std::int64_t age_ns, std::int64_t allowed_ns) noexcept {
  if (age_ns < 0) return violation(TripCause::kClock, -1, to_seconds(age_ns), 0.0);
  if (age_ns <= allowed_ns) return Trip{};
  return violation(cause, -1, to_seconds(age_ns), to_seconds(allowed_ns));
}

/// Index of the first joint whose value is not finite, or -1.
inline int find_not_finite(const JointVector& values) noexcept {
  for (int j = 0; j < kNumJoints; ++j) {
    if (!std::isfinite(values[j])) return j;
  }
  return -1;
}

/// Keeps the first trip that is found.
constexpr void keep_first(Trip& first, const Trip& found) noexcept {
  if (!first) first = found;
}

}  // namespace exoactor
