#pragma once

#include <exoactor/hal/robot_interface.hpp>
#include <functional>

namespace exoactor {

/// A robot that keeps still in its posture whatever it is told: for tests and timing of the loop.
class MockRobot final : public RobotInterface {
 public:
  /// `now_ns` stamps the measurements; `posture` rad, `joint_torque` Nm, SDK order.
  MockRobot(std::function<std::int64_t()> now_ns, const JointVector& posture,
            const JointVector& joint_torque)
      : now_ns_(std::move(now_ns)) {
    state_.joint_position = posture;
    state_.joint_torque = joint_torque;
    state_.accel_in_imu = Eigen::Vector3d(0.0, 0.0, 9.81);
  }

  [[nodiscard]] bool read(SensorState& state) noexcept override {
    state_.stamp_ns = now_ns_();
    state_.accel_in_imu.z() += even_ ? kDither : -kDither;
    even_ = !even_;
    state = state_;
    return true;
  }
  void write(const JointCommand& command) noexcept override { last_command_ = command; }

  /// The last command written. Not synchronised: read it while the loop rests.
  const JointCommand& last_command() const noexcept { return last_command_; }

 private:
  static constexpr double kDither = 1e-3;  // m/s^2: an IMU never says the same for long

  std::function<std::int64_t()> now_ns_;
  bool even_ = true;
  SensorState state_;
  JointCommand last_command_;
};

}  // namespace exoactor
