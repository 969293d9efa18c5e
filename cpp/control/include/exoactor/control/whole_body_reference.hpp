#pragma once

#include <Eigen/Core>
#include <array>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// Where a foot shall be; velocity and acceleration are linear then angular, along world axes.
struct FootReference {
  Eigen::Vector3d position_in_world = Eigen::Vector3d::Zero();  ///< m, ankle-roll frame
  Eigen::Matrix3d R_world_foot = Eigen::Matrix3d::Identity();
  Vector6 velocity = Vector6::Zero();
  Vector6 acceleration = Vector6::Zero();
  double max_normal_force_n = 700.0;  ///< of the whole foot, while in contact
};

/// What one tick asks of the whole body.
struct WholeBodyReference {
  Eigen::Vector3d com_acceleration_in_world = Eigen::Vector3d::Zero();  ///< m/s^2
  std::array<bool, 2> contact{true, true};
  std::array<FootReference, 2> feet;
  Eigen::Matrix3d R_world_pelvis = Eigen::Matrix3d::Identity();
  Eigen::Matrix3d R_world_torso = Eigen::Matrix3d::Identity();
  Eigen::Vector3d pelvis_angular_velocity_in_world = Eigen::Vector3d::Zero();  ///< rad/s
  Eigen::Vector3d torso_angular_velocity_in_world = Eigen::Vector3d::Zero();   ///< rad/s
  JointVector joint_position = JointVector::Zero();                            ///< rad
  JointVector joint_velocity = JointVector::Zero();                            ///< rad/s
  JointVector joint_acceleration = JointVector::Zero();                        ///< rad/s^2
};

}  // namespace exoactor
