#pragma once

#include <Eigen/Core>
#include <exoactor/types/joint_table.hpp>

namespace exoactor {

/// A motion of the robot before feasibility: the retargeter's output. T frames at one rate.
struct Reference {
  double rate_hz = 30.0;
  Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor> root_position_in_world;  ///< [T,3] m
  Eigen::Matrix<double, Eigen::Dynamic, 4, Eigen::RowMajor> quat_world_root_wxyz;    ///< [T,4]
  /// [T, 29] rad, SDK order.
  Eigen::Matrix<double, Eigen::Dynamic, kNumJoints, Eigen::RowMajor> joint_position;
  /// [T, 2] 1 where the foot stands on the ground.
  Eigen::Matrix<int, Eigen::Dynamic, 2, Eigen::RowMajor> contact;
};

}  // namespace exoactor
