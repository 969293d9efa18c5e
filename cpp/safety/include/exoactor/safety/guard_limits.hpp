#pragma once

#include <cstdint>
#include <exoactor/types/robot_health.hpp>
#include <exoactor/types/state.hpp>
#include <string>

namespace exoactor {

/// What the guard allows. One value a joint in SDK order; all finite.
struct GuardLimits {
  JointVector position_lower = JointVector::Zero();   ///< rad, the joint's own lower limit
  JointVector position_upper = JointVector::Zero();   ///< rad, the joint's own upper limit
  JointVector torque = JointVector::Zero();           ///< Nm, of feed-forward and of the total
  JointVector command_speed = JointVector::Zero();    ///< rad/s, of the commanded velocity
  JointVector measured_speed = JointVector::Zero();   ///< rad/s, above it the guard trips
  JointVector speed_ceiling = JointVector::Zero();    ///< rad/s, up to which that may be raised
  JointVector sustained_speed = JointVector::Zero();  ///< rad/s, of the running mean; trips
  JointVector stiffness = JointVector::Zero();        ///< Nm/rad, greatest gain of a command
  JointVector damping = JointVector::Zero();          ///< Nm s/rad, greatest gain of a command
  JointVector damping_command = JointVector::Zero();  ///< Nm s/rad, streamed once damping
  JointVector torque_step = JointVector::Zero();      ///< Nm, of feed-forward + spring, a tick

  double position_margin_rad = 0.02;    ///< commanded positions stay this far inside the limits
  double position_overrun_rad = 0.15;   ///< a measured position this far outside trips
  double tilt_rad = 1.0;                ///< of the IMU's z axis against the vertical
  double gyro_rad_s = 6.0;              ///< magnitude of the base's angular velocity
  double quaternion_norm_error = 0.05;  ///< |norm - 1| of the IMU's attitude
  double sustained_time_s = 0.1;        ///< time constant of the running mean of the speed
  std::int64_t state_age_ns = 50'000'000;
  std::int64_t command_age_ns = 50'000'000;
  std::int64_t target_age_ns = 120'000'000;        ///< of a tracker's target
  std::int64_t plan_age_ns = 10'000'000'000;       ///< since a task last came forward
  std::int64_t heartbeat_ns = 2'000'000'000;       ///< since whoever supervises was last heard
  std::int64_t imu_frozen_ns = 100'000'000;        ///< that gyro and accelerometer say the same
  std::int64_t period_ns = 2'000'000;              ///< between two commands
  std::int64_t command_gap_ns = 100'000'000;       ///< longest time between two commands
  double commands_ahead = 25.0;                    ///< of the period, that may be sent in a burst
  double overruns = 100.0;                         ///< periods lost, forgotten within a second
  int winding_temperature_c = kWindingLimit;       ///< above it the guard trips
  int surface_temperature_c = kSurfaceLimit;       ///< "
  int battery_percent = kBatteryLimit;             ///< below it the guard trips
  int winding_warm_c = 110;                        ///< above it the task is stopped
  int surface_warm_c = 80;                         ///< "
  int battery_reserve_percent = 25;                ///< below it the task is stopped
  int crc_errors = 15;                             ///< damaged messages in a row
  std::uint8_t mode_machine = kSupportedRevision;  ///< the hardware revision these limits are for
  int debounce_ticks = 5;  ///< a measured quantity must be out of bounds this many ticks in a row
};

/// The limits of the joint table with this project's defaults: 1.0 rad tilt, 6 rad/s gyro and
/// 10 rad/s joint speed are Unitree's own termination defaults; the ceiling is the motors' rating.
GuardLimits default_guard_limits();

/// How fast a commanded position may move in pose, rad/s.
inline constexpr double kPoseTargetSpeed = 0.6;

/// What is allowed in pose: no more than `limits` allow, a fifth of the torque, 2 rad/s, 0.6 rad of
/// tilt, gains of 100 Nm/rad.
GuardLimits pose_limits(const GuardLimits& limits);

/// Empty when `limits` can be enforced, else one line that says which value cannot.
std::string find_fault(const GuardLimits& limits);

}  // namespace exoactor
