#pragma once

#include <Eigen/Core>
#include <exoactor/control/whole_body_reference.hpp>

namespace exoactor {

/// Where a swing starts, where it goes, and how far it has come.
struct Swing {
  Eigen::Vector3d start_in_world = Eigen::Vector3d::Zero();   ///< m
  Eigen::Vector2d target_in_world = Eigen::Vector2d::Zero();  ///< m, may move during the swing
  double ground_z = 0.0;                                      ///< m, ankle height at touch-down
  double start_yaw_rad = 0.0;
  double target_yaw_rad = 0.0;
  double lift_m = 0.05;      ///< apex above the higher of start and ground
  double duration_s = 0.45;  ///< nominal
  double elapsed_s = 0.0;    ///< of the nominal duration
  double rate = 1.0;         ///< speed-up of `elapsed_s` against time
  double late_s = 0.0;       ///< time past the end without touch-down
};

/// Position, velocity and acceleration of the swing foot: quintics, horizontally at rest shortly
/// before touch-down, vertically up to the apex and down; past the end it presses on downwards.
FootReference swing_reference(const Swing& swing);

/// Yaw of the swing foot, rad.
double swing_yaw(const Swing& swing);

}  // namespace exoactor
