#pragma once

#include <cstdint>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// The posture in which the robot stands before and after a motion, rad.
const JointVector& standing_posture() noexcept;

/// Leads the joints of a hanging robot from where they are to the standing posture, at low gains
/// and in no less than 3 s, then holds them there. Everything is RT-safe.
class StandingRamp {
 public:
  /// `position` rad: where the joints are.
  void begin(const JointVector& position, std::int64_t now_ns) noexcept;

  /// What to ask at `now_ns`; no torque of its own, the caller stamps it.
  JointCommand command(std::int64_t now_ns) const noexcept;

  /// Whether the posture is asked for by now.
  bool is_over(std::int64_t now_ns) const noexcept { return now_ns - begin_ns_ >= duration_ns_; }

 private:
  JointVector start_ = JointVector::Zero();
  std::int64_t begin_ns_ = 0;
  std::int64_t duration_ns_ = 0;
};

}  // namespace exoactor
