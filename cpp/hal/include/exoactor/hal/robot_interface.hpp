#pragma once

#include <exoactor/types/robot_health.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// A robot, real or not, as the control loop sees it. All calls are made by the loop's thread.
class RobotInterface {
 public:
  virtual ~RobotInterface() = default;

  /// The latest measurement; false, and `state` untouched, as long as there has been none. A
  /// measurement may be handed out twice: its stamp tells its age. RT-safe.
  [[nodiscard]] virtual bool read(SensorState& state) noexcept = 0;

  /// What the robot last told of itself; `health` is left untouched by one that tells nothing.
  /// RT-safe.
  virtual void read_health(RobotHealth& health) noexcept { static_cast<void>(health); }

  /// Sends one command to the motors. RT-safe.
  virtual void write(const JointCommand& command) noexcept = 0;

  /// The robot was damped and is left in silence until the next write(): nobody needs to damp it
  /// when this process ends. RT-safe.
  virtual void let_go() noexcept {}
};

}  // namespace exoactor
