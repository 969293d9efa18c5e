#pragma once

#include <array>
#include <exoactor/retarget/foot_path.hpp>
#include <exoactor/retarget/kinematics.hpp>
#include <exoactor/types/human_motion.hpp>
#include <vector>

namespace exoactor {

/// The robot's bodies and lengths that stand for the person's. Sides: 0 left, 1 right.
struct RobotLandmarks {
  explicit RobotLandmarks(const KinematicTree& tree);

  int torso;
  std::array<int, 2> hip, knee, foot, shoulder, elbow, wrist, hand;
  Eigen::Vector3d hip_centre_in_root;
  double hip_half_width_m, thigh_m, shank_m, upper_arm_m, forearm_m;
  double straight_knee_rad, straight_elbow_rad;  ///< joint angle of the stretched limb
};

/// How the person's size maps to the robot's.
struct HumanScale {
  double scale;              ///< robot leg / person's leg, for travel and heights
  double ankle_height_m;     ///< of the person's ankle above the ground while standing
  double stance_widening_m;  ///< outwards shift of each foot: the robot's hips are wider
};

/// Throws std::invalid_argument when there are no frames or the leg is not 0.2 .. 1.5 m long.
HumanScale measure_human(const HumanMotion& motion, const RobotLandmarks& robot);

/// What the robot shall do in one frame, in the robot's size.
struct FrameTargets {
  Eigen::Vector3d hip_centre_in_world;
  Eigen::Matrix3d R_world_pelvis, R_world_torso;
  std::array<FootTarget, 2> foot;
  std::array<Eigen::Vector3d, 2> shank_in_world, upper_arm_in_world, arm_in_world;
  std::array<Eigen::Matrix3d, 2> R_world_hand;
};

/// Targets of all frames.
std::vector<FrameTargets> make_targets(const HumanMotion& motion, const RobotLandmarks& robot,
                                       const RetargetOptions& options);

}  // namespace exoactor
