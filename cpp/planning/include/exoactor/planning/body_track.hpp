#pragma once

#include <Eigen/Core>
#include <array>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/reference.hpp>
#include <vector>

namespace exoactor {

/// Where a reference puts feet, pelvis, torso and centre of mass, frame by frame.
struct BodyTrack {
  double rate_hz = 30.0;
  std::array<Eigen::Matrix<double, Eigen::Dynamic, 3>, 2> ankle_in_world;  ///< [T, 3] m
  std::array<Eigen::Matrix<double, Eigen::Dynamic, 3>, 2> toe_in_world;    ///< [T, 3] m, sole tip
  std::array<Eigen::Matrix<double, Eigen::Dynamic, 3>, 2> heel_in_world;   ///< [T, 3] m, sole end
  std::array<Eigen::VectorXd, 2> foot_yaw;     ///< [T] rad, unwrapped, feet within pi at frame 0
  std::array<Eigen::VectorXd, 2> sole_height;  ///< [T] m, the lowest sole corner
  std::vector<Eigen::Matrix3d> R_world_pelvis;
  std::vector<Eigen::Matrix3d> R_world_torso;
  Eigen::VectorXd com_height;            ///< [T] m above the world's floor
  Eigen::VectorXd com_height_arms_down;  ///< [T] m, as if the arms kept to the standing pose

  int frames() const { return static_cast<int>(com_height.size()); }
  double duration_s() const { return (frames() - 1) / rate_hz; }
};

/// Forward kinematics of every frame of `reference`.
BodyTrack track_body(const Reference& reference, const JointVector& standing_position,
                     const RobotModel& model);

/// Height of the centre of mass above the soles, m, standing upright in `joint_position`.
double com_height_standing(const JointVector& joint_position, const RobotModel& model);

}  // namespace exoactor
