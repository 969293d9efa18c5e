#pragma once

#include <cmath>
#include <exoactor/types/plan.hpp>
#include <vector>

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

/// A foot held in the air.
inline constexpr int kMostKeyframes = 100'000;
inline constexpr Bound kHeldSwing{0.8, 120.0};         ///< s
inline constexpr Bound kKeyframeForward{-0.45, 0.55};  ///< m
inline constexpr Bound kKeyframeLateral{0.10, 0.55};   ///< m
inline constexpr Bound kKeyframeHeight{0.02, 0.45};    ///< m
inline constexpr Bound kKeyframePitch{-0.6, 0.8};      ///< rad
inline constexpr Bound kKeyframeGap{0.02, 120.0};      ///< s, between two
inline constexpr Bound kKeyframeRise{0.3, 120.0};      ///< s, from lift-off to the first
inline constexpr Bound kKeyframeDescent{0.35, 120.0};  ///< s, from the last to touch-down
inline constexpr double kKeyframeSpeed = 1.5;          ///< m/s, mean between two
inline constexpr double kKeyframeTurn = 3.0;           ///< rad/s, mean between two
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

/// Time from the last keyframe to touch-down, s; the whole swing without keyframes.
inline double descent_s(const Footstep& step, const std::vector<FootKeyframe>& keyframes) {
  if (step.keyframe_count == 0) return step.swing_s;
  return step.swing_s - keyframes[step.first_keyframe + step.keyframe_count - 1].time_s;
}

/// What is wrong with the way of a step's foot through its keyframes, in words; null if nothing.
inline const char* find_path_defect(const Footstep& step,
                                    const std::vector<FootKeyframe>& keyframes) noexcept {
  using namespace plan_bounds;
  if (step.keyframe_count == 0) return nullptr;
  const int count = static_cast<int>(keyframes.size());
  if (step.keyframe_count < 0 || step.first_keyframe < 0 || step.first_keyframe > count ||
      step.keyframe_count > count - step.first_keyframe) {
    return "names foot keyframes that do not exist";
  }
  for (int index = 0; index < step.keyframe_count; ++index) {
    const FootKeyframe& frame = keyframes[step.first_keyframe + index];
    if (!kKeyframeForward.holds(frame.forward_m) || !kKeyframeLateral.holds(frame.lateral_m) ||
        !kKeyframeHeight.holds(frame.height_m) || !kYaw.holds(frame.yaw_rad) ||
        !kKeyframePitch.holds(frame.pitch_rad)) {
      return "has a foot keyframe out of reach";
    }
    if (index == 0) {
      if (!kKeyframeRise.holds(frame.time_s)) return "has too little time to raise the foot";
      continue;
    }
    const FootKeyframe& before = keyframes[step.first_keyframe + index - 1];
    const double gap_s = frame.time_s - before.time_s;
    if (!kKeyframeGap.holds(gap_s)) return "has foot keyframes out of order in time";
    const double way_m =
        std::hypot(frame.forward_m - before.forward_m, frame.lateral_m - before.lateral_m,
                   frame.height_m - before.height_m);
    const double turn_rad =
        std::hypot(frame.yaw_rad - before.yaw_rad, frame.pitch_rad - before.pitch_rad);
    if (way_m > kKeyframeSpeed * gap_s || turn_rad > kKeyframeTurn * gap_s) {
      return "has foot keyframes too far apart for their times";
    }
  }
  if (!kKeyframeDescent.holds(descent_s(step, keyframes))) {
    return "has too little time to put the foot down";
  }
  return nullptr;
}

}  // namespace exoactor
