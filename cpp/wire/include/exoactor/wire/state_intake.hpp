#pragma once

#include <cstdint>
#include <exoactor/types/robot_health.hpp>
#include <exoactor/types/state.hpp>
#include <exoactor/wire/low_state.hpp>
#include <string>

namespace exoactor {

/// What the robot must be and how warm it may become.
struct IntakeLimits {
  std::uint8_t mode_machine =
      kSupportedRevision;  ///< the hardware revision this program is configured for
  int winding_temperature_c = kWindingLimit;
  int surface_temperature_c = kSurfaceLimit;
  int battery_percent = kBatteryLimit;
  int debounce_messages = 5;  ///< faults and temperatures count after so many in a row
  std::int64_t restart_ns = 1'000'000'000;  ///< a tick may go back after so long a silence
};

/// Why a robot does not count as usable.
enum class RobotProblem : std::uint8_t {
  kNone = 0,
  kNoState,          ///< nothing received yet
  kModeMachine,      ///< not the configured hardware revision
  kRemoteAbort,      ///< L2+B on the remote controller
  kMotorFault,       ///< got: the bits
  kWindingHot,       ///< got: Celsius
  kSurfaceHot,       ///< got: Celsius
  kLowBattery,       ///< got: percent
  kSecondPublisher,  ///< another program commands the motors; got: how many
};

/// What is wrong, on which joint, by how much. Plain data.
struct RobotFinding {
  RobotProblem problem = RobotProblem::kNoState;
  int joint = -1;  ///< SDK order; -1 where no joint is concerned
  double got = 0.0;
  double allowed = 0.0;
};

/// The problem's name as written into logs, e.g. "motor_fault".
const char* to_string(RobotProblem problem) noexcept;

/// One line: where, what, got, allowed, consequence; empty for kNone. Allocates.
std::string describe(const RobotFinding& finding);

/// Whether this program has limits for a hardware revision: those of the 29-joint G1.
bool is_supported_revision(std::uint8_t mode_machine) noexcept;

/// Messages since start.
struct IntakeCounts {
  std::int64_t received = 0;
  std::int64_t accepted = 0;   ///< handed on as a measurement
  std::int64_t bad_crc = 0;    ///< dropped
  std::int64_t not_newer = 0;  ///< dropped: the robot's tick did not advance
  std::int64_t withheld = 0;   ///< well-formed, but the robot is not usable
};

/// Judges the robot's messages: what is damaged, old or twice is dropped, and what comes from a
/// robot that is not usable is withheld, so that the guard sees its last measurement age and damps.
/// Everything is RT-safe. One thread.
class StateIntake {
 public:
  explicit StateIntake(const IntakeLimits& limits) : limits_(limits) {}

  /// Whether `message`, arrived at `now_ns`, is a measurement to act on. `health` is filled from
  /// every message that is intact and newer, `sensors` only when accepted.
  [[nodiscard]] bool accept(const LowState& message, std::int64_t now_ns, SensorState& sensors,
                            RobotHealth& health) noexcept;

  /// The finding of the last intact message; kNone when it was accepted.
  const RobotFinding& finding() const noexcept { return finding_; }
  const IntakeCounts& counts() const noexcept { return counts_; }

  /// Whether a robot of the configured revision has been heard.
  bool is_identified() const noexcept { return identified_; }

 private:
  bool is_newer(std::uint32_t tick_ms, std::int64_t now_ns) const noexcept;
  RobotFinding inspect(const RobotHealth& health) noexcept;
  RobotFinding inspect_motors(const RobotHealth& health) const noexcept;

  IntakeLimits limits_;
  RobotFinding finding_;
  IntakeCounts counts_;
  std::uint32_t tick_ms_ = 0;
  std::int64_t heard_ns_ = 0;
  bool heard_ = false;
  bool identified_ = false;
  int suspicious_ = 0;  ///< messages in a row with a motor finding
};

}  // namespace exoactor
