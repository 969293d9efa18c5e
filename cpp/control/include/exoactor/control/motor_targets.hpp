#pragma once

#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// Turns accelerations and torques of the QP into motor commands: positions and velocities are
/// integrated, with a leak towards the measured ones, and softly fed back by the motors.
class MotorTargets {
 public:
  /// Rests in `joint_position`, rad.
  void reset(const JointVector& joint_position);

  /// The command for accelerations and torques at `state`. RT-safe.
  void update(const RobotState& state, const JointVector& joint_acceleration,
              const JointVector& torque, double dt_s, JointCommand& command);

  /// The command that only damps, and rests the targets in the measured posture. RT-safe.
  void damp(const RobotState& state, JointCommand& command);

 private:
  JointVector position_ = JointVector::Zero();
  JointVector velocity_ = JointVector::Zero();
};

}  // namespace exoactor
