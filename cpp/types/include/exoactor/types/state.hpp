#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <exoactor/types/joint_table.hpp>

namespace exoactor {

/// One value a joint, SDK order.
using JointVector = Eigen::Matrix<double, kNumJoints, 1>;

/// Index of a foot, leg or arm in every two-element array of this project.
enum Side : int { kLeft = 0, kRight = 1 };

/// What the robot measures: encoders and the pelvis IMU, nothing else.
struct SensorState {
  std::int64_t stamp_ns = 0;                               ///< monotonic time of the measurement
  JointVector joint_position = JointVector::Zero();        ///< rad
  JointVector joint_velocity = JointVector::Zero();        ///< rad/s
  JointVector joint_torque = JointVector::Zero();          ///< Nm, as the motors estimate it
  Eigen::Vector4d quat_world_imu_wxyz{1, 0, 0, 0};         ///< the IMU's own attitude; yaw drifts
  Eigen::Vector3d gyro_in_imu = Eigen::Vector3d::Zero();   ///< rad/s
  Eigen::Vector3d accel_in_imu = Eigen::Vector3d::Zero();  ///< specific force, m/s^2
};

/// The estimate of the floating base and the feet.
struct RobotState {
  std::int64_t stamp_ns = 0;
  Eigen::Vector3d base_position_in_world = Eigen::Vector3d::Zero();         ///< m
  Eigen::Vector4d quat_world_base_wxyz{1, 0, 0, 0};                         ///< unit
  Eigen::Vector3d base_linear_velocity_in_world = Eigen::Vector3d::Zero();  ///< m/s
  Eigen::Vector3d base_angular_velocity_in_base = Eigen::Vector3d::Zero();  ///< rad/s
  JointVector joint_position = JointVector::Zero();                         ///< rad
  JointVector joint_velocity = JointVector::Zero();                         ///< rad/s
  std::array<Eigen::Vector3d, 2> foot_force_in_world{Eigen::Vector3d::Zero(),
                                                     Eigen::Vector3d::Zero()};  ///< N
};

/// What a motor is asked for: torque + stiffness (position - q) + damping (velocity - dq).
struct JointCommand {
  std::int64_t stamp_ns = 0;                    ///< time of the state it answers
  JointVector position = JointVector::Zero();   ///< rad
  JointVector velocity = JointVector::Zero();   ///< rad/s
  JointVector torque = JointVector::Zero();     ///< Nm, feed-forward
  JointVector stiffness = JointVector::Zero();  ///< Nm/rad
  JointVector damping = JointVector::Zero();    ///< Nm s/rad
};

}  // namespace exoactor
