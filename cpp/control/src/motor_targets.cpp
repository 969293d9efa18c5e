#include <exoactor/control/motor_targets.hpp>

namespace exoactor {
namespace {

constexpr int kLegJoints = 12;
constexpr int kLegAndWaistJoints = 15;
constexpr double kLeak = 0.99;            // of a tick
constexpr double kUpperStiffness = 20.0;  // Nm/rad, waist and arms
constexpr double kLowerDamping = 2.0;     // Nm s/rad, legs and waist
constexpr double kArmDamping = 1.0;       // Nm s/rad
constexpr double kSafeDamping = 5.0;      // Nm s/rad

}  // namespace

void MotorTargets::reset(const JointVector& joint_position) {
  position_ = joint_position;
  velocity_.setZero();
}

void MotorTargets::update(const RobotState& state, const JointVector& joint_acceleration,
                          const JointVector& torque, double dt_s, JointCommand& command) {
  const JointVector gain = joint_acceleration * dt_s;
  velocity_ = kLeak * velocity_ + (1.0 - kLeak) * state.joint_velocity + gain;
  position_ = kLeak * (position_ + velocity_ * dt_s) +
              (1.0 - kLeak) * (state.joint_position + state.joint_velocity * dt_s);
  command.position = position_;
  command.velocity = velocity_;
  command.torque = torque;
  command.stiffness.head<kLegJoints>().setZero();
  command.stiffness.tail<kNumJoints - kLegJoints>().setConstant(kUpperStiffness);
  command.damping.head<kLegAndWaistJoints>().setConstant(kLowerDamping);
  command.damping.tail<kNumJoints - kLegAndWaistJoints>().setConstant(kArmDamping);
}

void MotorTargets::damp(const RobotState& state, JointCommand& command) {
  reset(state.joint_position);
  command.position = position_;
  command.velocity.setZero();
  command.torque.setZero();
  command.stiffness.setZero();
  command.damping.setConstant(kSafeDamping);
}

}  // namespace exoactor
