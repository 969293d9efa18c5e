#pragma once

#include <cstdint>
#include <string>

namespace exoactor {

/// What the guard allows; see docs/safety.md. The numbers are part of the log's format.
enum class GuardState : std::uint8_t {
  kSilent = 0,   ///< nothing may be sent
  kHold = 1,     ///< the controller's command, checked and clamped; no task is under way
  kDamping = 2,  ///< the damping command, streamed until a reset
  kReady = 3,    ///< as damping, but what led there was acknowledged: may be armed
  kRun = 4,      ///< as hold, while a plan or a tracker is under way
  kPose = 5,     ///< a hanging robot comes slowly to the standing posture, within limits of its own
};
inline constexpr int kGuardStates = 6;

/// Whether a controller holds the robot up.
constexpr bool is_armed(GuardState state) noexcept {
  return state == GuardState::kHold || state == GuardState::kRun;
}

/// Whether commands go through.
constexpr bool is_driven(GuardState state) noexcept {
  return is_armed(state) || state == GuardState::kPose;
}

/// What the guard acts upon. The numbers are part of the log's format.
enum class TripCause : std::uint8_t {
  kNone = 0,
  kStateNotFinite,
  kCommandNotFinite,
  kStateAge,
  kCommandAge,
  kClock,
  kAttitude,
  kStiffness,
  kDamping,
  kJointPosition,
  kJointSpeed,
  kTilt,
  kGyro,
  kController,
  kRequested,
  kSustainedSpeed,
  kCommandRate,
  kCommandGap,
  kTargetAge,
  kImuFrozen,
  kMotorHot,
  kMotorFault,
  kBatteryLow,
  kModeChanged,
  kSecondPublisher,
  kCrcErrors,
  kRemoteAbort,
  kEmergencyStop,
  kMotorWarm,
  kBatteryReserve,
  kOverruns,
  kPlanAge,
  kHeartbeat,
};
inline constexpr int kTripCauses = 33;

/// What a cause leads to.
enum class Reaction : std::uint8_t {
  kNone = 0,
  kControlledStop,  ///< recoverable: the task ends at the next stand, none begins while it lasts
  kDamp,            ///< latched: damping until a reset
  kEmergencyStop,   ///< latched: damping until cleared by hand, then reset
};

/// The table of docs/safety.md. RT-safe.
Reaction reaction_to(TripCause cause) noexcept;

/// A violation: what, which joint, got, allowed, when.
struct Trip {
  TripCause cause = TripCause::kNone;
  int joint = -1;  ///< SDK order; -1 where no joint is concerned
  double got = 0.0;
  double allowed = 0.0;
  std::int64_t stamp_ns = 0;

  /// Whether there is one.
  constexpr explicit operator bool() const noexcept { return cause != TripCause::kNone; }
};

/// What one call of Guard::enforce() found and did.
struct GuardStatus {
  GuardState state = GuardState::kSilent;
  Trip trip;                    ///< the first one that led to damping; latched
  Trip concern;                 ///< what asks for a controlled stop and forbids tasks and arming
  bool stop_requested = false;  ///< before the first arming: arming is refused until reset
  bool emergency = false;       ///< emergency stop: only clear_emergency() lets go of it
  int clamped_position = 0;     ///< joints whose commanded position was moved in this tick
  int clamped_velocity = 0;     ///< joints whose commanded velocity was moved in this tick
  int clamped_torque = 0;       ///< joints whose torque, or step of torque, was cut in this tick

  /// False while silent: the caller must not send the command at all.
  bool may_send() const noexcept { return state != GuardState::kSilent; }

  /// Whether a task under way must come to a controlled stop.
  bool wants_stop() const noexcept { return state == GuardState::kRun && bool(concern); }
};

/// The cause's name as written into logs, e.g. "joint_speed".
const char* to_string(TripCause cause) noexcept;
const char* to_string(GuardState state) noexcept;

/// One line: where, what, got, allowed, consequence. Allocates; not RT-safe.
std::string describe(const Trip& trip);

}  // namespace exoactor
