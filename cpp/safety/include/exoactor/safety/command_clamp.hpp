#pragma once

#include <exoactor/safety/guard_limits.hpp>

namespace exoactor {

/// Joints whose command was changed, by what was.
struct ClampCounts {
  int position = 0;
  int velocity = 0;
  int torque = 0;
};

/// Brings a checked command within limits at the measured state, joint by joint.
///
/// The feed-forward torque is cut to its limit; the position target goes into its range, then
/// towards the measured position until |tau + kp (q* - q)| is within the torque limit and at most
/// `torque_step` away from what it was in the last tick; the velocity target to its limit, then
/// towards the measured velocity until the whole torque is within the limit. Where the range
/// forbids moving a target further the gain is cut.
///
/// `drive` Nm: tau + kp (q* - q) as last sent, each within the torque limit; replaced by the new
/// one. RT-safe.
ClampCounts clamp_command(const JointCommand& wanted, const SensorState& measured,
                          const GuardLimits& limits, JointVector& drive,
                          JointCommand& allowed) noexcept;

}  // namespace exoactor
