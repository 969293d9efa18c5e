#pragma once

#include <cstdint>
#include <exoactor/control/telemetry.hpp>
#include <exoactor/runtime/arm_outcome.hpp>
#include <exoactor/runtime/tick_inputs.hpp>
#include <exoactor/safety/guard_context.hpp>
#include <exoactor/safety/guard_status.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// Everything that crossed the edges of one tick. Of fixed size, copied into the ring. State and
/// telemetry keep their last values while their makers rest; their stamps tell.
struct TickRecord {
  std::int64_t tick_index = 0;  ///< steps of this tick before
  std::int64_t now_ns = 0;      ///< the time the tick was given
  std::int64_t late_ns = 0;     ///< how long after its due time it began; 0 in lock-step
  std::int64_t took_ns = 0;     ///< wall time of the tick
  SensorState sensors;
  GuardContext context;  ///< what else the guard was told, the robot's health among it
  TickInputs inputs;
  ArmOutcome arm;  ///< of the last attempt
  RobotState state;
  JointCommand wanted;  ///< the controller's
  JointCommand sent;    ///< the guard's
  ControlTelemetry telemetry;
  bool controller_failed = false;  ///< the guard was told to damp for it in this tick
  GuardStatus guard;
};

}  // namespace exoactor
