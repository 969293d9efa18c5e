#pragma once

#include <cstdint>
#include <exoactor/safety/debounce.hpp>
#include <exoactor/safety/guard_limits.hpp>
#include <exoactor/safety/guard_status.hpp>
#include <exoactor/types/robot_health.hpp>

namespace exoactor {

/// Checks what the robot tells of itself: hardware revision, other programs that command it, motor
/// faults, heat of both sensors of each motor, battery, damaged messages and the remote
/// controller's abort. What a motor or the battery says counts after some messages in a row. A
/// robot that tells nothing is not judged. RT-safe. One thread.
class HealthInspector {
 public:
  /// The first finding that leads to damping.
  Trip inspect(const RobotHealth& health, const GuardLimits& limits) noexcept;

  /// What, as of the last inspection, asks for a controlled stop.
  const Trip& concern() const noexcept { return concern_; }

  /// Whether nothing was, without debouncing, wrong the last time.
  bool quiet() const noexcept;

 private:
  void judge(const RobotHealth& health, const GuardLimits& limits) noexcept;
  Trip inspect_motors(const RobotHealth& health, const GuardLimits& limits) noexcept;
  Trip inspect_battery(const RobotHealth& health, const GuardLimits& limits) noexcept;
  void find_concern(const RobotHealth& health, const GuardLimits& limits) noexcept;

  std::int64_t stamp_ns_ = 0;
  std::int64_t bad_crc_ = 0;  ///< when the last intact message came
  Trip found_;
  Trip concern_;
  Debounce fault_, hot_, low_, warm_, reserve_;
};

}  // namespace exoactor
