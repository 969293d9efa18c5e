#pragma once

#include <cstdint>
#include <string>

namespace exoactor {

/// Silent: nothing may be sent. Active: the controller's command, checked and clamped.
/// Damping: the damping command, for ever, until an explicit reset.
enum class GuardState : std::uint8_t { kSilent = 0, kActive = 1, kDamping = 2 };

/// Why the guard left Active.
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
};

/// The first violation that ended Active: what, which joint, got, allowed, when.
struct Trip {
  TripCause cause = TripCause::kNone;
  int joint = -1;  ///< SDK order; -1 where no joint is concerned
  double got = 0.0;
  double allowed = 0.0;
  std::int64_t stamp_ns = 0;
};

/// What one call of Guard::enforce() found and did.
struct GuardStatus {
  GuardState state = GuardState::kSilent;
  Trip trip;                    ///< latched with Damping
  bool stop_requested = false;  ///< before the first arming: arming is refused until reset
  int clamped_position = 0;     ///< joints whose commanded position was moved in this tick
  int clamped_velocity = 0;     ///< joints whose commanded velocity was moved in this tick
  int clamped_torque = 0;       ///< joints whose feed-forward torque was cut in this tick

  /// False while silent: the caller must not send the command at all.
  bool may_send() const noexcept { return state != GuardState::kSilent; }
};

/// The cause's name as written into logs, e.g. "joint_speed".
const char* to_string(TripCause cause) noexcept;
const char* to_string(GuardState state) noexcept;

/// One line: where, what, got, allowed, consequence. Allocates; not RT-safe.
std::string describe(const Trip& trip);

}  // namespace exoactor
