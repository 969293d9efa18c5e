#include <algorithm>
#include <cmath>
#include <exoactor/safety/command_clamp.hpp>

namespace exoactor {
namespace {

struct Range {
  double lower;
  double upper;

  double nearest(double value) const noexcept { return std::clamp(value, lower, upper); }
  bool contains(double value) const noexcept { return value >= lower && value <= upper; }
};

/// A target with a gain: offset + gain (target - measured).
struct Spring {
  double target;
  double gain;
  double offset;
  double result = 0.0;
};

/// The target nearest to `wanted`, between it and `measured`, for which
/// offset + gain (target - measured) is within `allowed`, given that `offset` is.
double bound_target(double wanted, double measured, double gain, double offset,
                    const Range& allowed) noexcept {
  const double asked = offset + gain * (wanted - measured);
  if (allowed.contains(asked)) return wanted;
  const double target = measured + (allowed.nearest(asked) - offset) / gain;
  return std::clamp(target, std::min(wanted, measured), std::max(wanted, measured));
}

/// The greatest gain up to `wanted` for which offset + gain error is within `allowed`, given that
/// `offset` is.
double bound_gain(double wanted, double error, double offset, const Range& allowed) noexcept {
  const double asked = offset + wanted * error;
  if (allowed.contains(asked)) return wanted;
  return std::clamp((allowed.nearest(asked) - offset) / error, 0.0, wanted);
}

/// `wanted` with its offset, target and gain changed as little as keeps the result in `allowed`,
/// and the target in `range`.
Spring bound_spring(const Spring& wanted, double measured, const Range& range,
                    const Range& allowed) noexcept {
  Spring bounded = wanted;
  bounded.offset = allowed.nearest(wanted.offset);
  const double inside = range.nearest(wanted.target);
  bounded.target =
      range.nearest(bound_target(inside, measured, wanted.gain, bounded.offset, allowed));
  const double error = bounded.target - measured;
  bounded.gain = bound_gain(wanted.gain, error, bounded.offset, allowed);
  bounded.result = allowed.nearest(bounded.offset + bounded.gain * error);
  return bounded;
}

}  // namespace

ClampCounts clamp_command(const JointCommand& wanted, const SensorState& measured,
                          const GuardLimits& limits, JointVector& drive,
                          JointCommand& allowed) noexcept {
  ClampCounts counts;
  allowed.stamp_ns = wanted.stamp_ns;
  for (int j = 0; j < kNumJoints; ++j) {
    const Range torque{-limits.torque[j], limits.torque[j]};
    const Range range{limits.position_lower[j] + limits.position_margin_rad,
                      limits.position_upper[j] - limits.position_margin_rad};
    const Range speed{-limits.command_speed[j], limits.command_speed[j]};

    const Spring asked{wanted.position[j], wanted.stiffness[j], wanted.torque[j]};
    Spring spring = bound_spring(asked, measured.joint_position[j], range, torque);
    const Range step{std::max(torque.lower, drive[j] - limits.torque_step[j]),
                     std::min(torque.upper, drive[j] + limits.torque_step[j])};
    const bool steps = !step.contains(spring.result);
    if (steps) spring = bound_spring(asked, measured.joint_position[j], range, step);
    drive[j] = spring.result;

    const Spring braking{wanted.velocity[j], wanted.damping[j], spring.result};
    const Spring brake = bound_spring(braking, measured.joint_velocity[j], speed, torque);

    counts.torque += steps || spring.offset != wanted.torque[j];
    counts.position += spring.target != wanted.position[j] || spring.gain != wanted.stiffness[j];
    counts.velocity += brake.target != wanted.velocity[j] || brake.gain != wanted.damping[j];
    allowed.position[j] = spring.target;
    allowed.velocity[j] = brake.target;
    allowed.torque[j] = spring.offset;
    allowed.stiffness[j] = spring.gain;
    allowed.damping[j] = brake.gain;
  }
  return counts;
}

}  // namespace exoactor
