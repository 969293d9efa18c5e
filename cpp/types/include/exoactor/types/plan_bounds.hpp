#pragma once

#include <exoactor/types/plan.hpp>

namespace exoactor {

/// From `low` to `high`, both allowed; NaN is outside.
struct Bound {
  double low;
  double high;

  constexpr bool holds(double value) const noexcept { return value >= low && value <= high; }
};

/// What the controller can execute at all, whoever made the plan. What a planner may ask for lies
/// within.
namespace plan_bounds {

inline constexpr int kMostPhases = 10'000;
inline constexpr int kMostSteps = 10'000;
inline constexpr int kMostFrames = 1'000'000;

inline constexpr Bound kRateHz{1.0, 1000.0};
inline constexpr Bound kComHeight{0.3, 0.8};            ///< m above the soles
inline constexpr Bound kReferenceTime{0.0, 36'000.0};   ///< s
inline constexpr Bound kStanceDuration{1e-3, 3'600.0};  ///< s
inline constexpr Bound kBlend{0.0, 1.0};
inline constexpr Bound kShift{0.5, 5.0};           ///< s
inline constexpr Bound kDoubleSupport{0.05, 1.0};  ///< s
inline constexpr Bound kSettle{0.4, 5.0};          ///< s
inline constexpr Bound kForward{-0.35, 0.45};      ///< m
inline constexpr Bound kLateral{0.13, 0.45};       ///< m
inline constexpr Bound kYaw{-0.6, 0.6};            ///< rad
inline constexpr Bound kSwing{0.25, 2.0};          ///< s
inline constexpr Bound kLift{0.02, 0.20};          ///< m
inline constexpr Bound kQuatNorm{1.0 - 1e-3, 1.0 + 1e-3};

inline constexpr double kJointSlack = 1e-6;  ///< rad, beyond the joint's range
inline constexpr double kTimeSlack = 1e-3;   ///< s, of a step's times outside of its phase

}  // namespace plan_bounds

constexpr bool is_known(Side side) noexcept { return side == kLeft || side == kRight; }
constexpr bool is_known(PhaseKind kind) noexcept {
  return kind == PhaseKind::kStance || kind == PhaseKind::kWalk;
}
constexpr bool is_known(PlanLevel level) noexcept {
  return level == PlanLevel::kNominal || level == PlanLevel::kTight ||
         level == PlanLevel::kStanceOnly;
}

/// Whether a step's reference times are in order and inside `walk`, which takes it.
inline bool is_inside(const Footstep& step, const Phase& walk) noexcept {
  return step.reference_liftoff_s >= walk.reference_start_s - plan_bounds::kTimeSlack &&
         step.reference_touchdown_s >= step.reference_liftoff_s - plan_bounds::kTimeSlack &&
         step.reference_touchdown_s <= walk.reference_end_s + plan_bounds::kTimeSlack;
}

}  // namespace exoactor
