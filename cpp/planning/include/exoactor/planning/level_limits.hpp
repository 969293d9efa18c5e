#pragma once

#include <exoactor/types/plan.hpp>

namespace exoactor {

/// Distance between the ankles in the robot's standing pose, m.
inline constexpr double kOwnStanceWidth_m = 0.237;

/// What a plan may ask of the controller. Steps are relative to the stance foot. Measured with the
/// whole-body controller in simulation, every number of every step drawn from the nominal level's
/// limits: 100 of 100 random walks stand; of 120 with, in turn, friction 0.5, 8 % more and less
/// mass, 4 ms of latency and a soft floor, one fell. The tight level is what never fell.
struct LevelLimits {
  bool steps_allowed = true;
  double forward_min_m = -0.25;
  double forward_max_m = 0.30;
  double lateral_min_m = 0.18;
  double lateral_max_m = 0.32;
  double toe_out_max_rad = 0.55;
  double toe_in_max_rad = 0.3;
  double swing_min_s = 0.4;
  double swing_max_s = 0.6;
  double swing_speed_m_s = 0.9;     ///< mean, horizontal, of a swinging foot
  bool feet_held = true;            ///< raised feet follow the reference
  double raised_swing_max_s = 1.0;  ///< a raised foot that does not
  double lift_min_m = 0.05;
  double lift_max_m = 0.07;
  double raised_lift_max_m = 0.12;
  double leg_reach_m = 0.62;  ///< hip to ankle, while stepping; straight is 0.654

  double com_stepping_min_m = 0.60;
  double com_stepping_max_m = 0.66;
  double com_stance_min_m = 0.46;
  double com_stance_max_m = 0.68;
  double com_stepping_speed_m_s = 0.05;
  double com_stance_speed_m_s = 0.35;
  double com_acceleration_m_s2 = 4.0;

  double arm_speed_rad_s = 5.0;  ///< waist and arms
  double arm_acceleration_rad_s2 = 60.0;
  double leg_speed_rad_s = 10.0;  ///< legs are a hint only
  double leg_acceleration_rad_s2 = 120.0;
  double joint_margin_rad = 0.03;  ///< to the joint limits

  Eigen::Vector3d torso_yaw_pitch_roll_max_rad{0.6, 0.45, 0.3};
  Eigen::Vector3d pelvis_yaw_pitch_roll_max_rad{0.35, 0.25, 0.15};
  double torso_speed_rad_s = 3.0;
  double torso_acceleration_rad_s2 = 36.0;
  double pelvis_speed_rad_s = 2.0;
  double pelvis_acceleration_rad_s2 = 24.0;

  /// The same with shorter, narrower, slower and less turned steps; `share` of these limits.
  LevelLimits with_stride(double share) const;

  /// Lowest and highest yaw of a step of `side`, relative to the stance foot, left positive.
  double yaw_min_rad(Side side) const { return side == kLeft ? -toe_in_max_rad : -toe_out_max_rad; }
  double yaw_max_rad(Side side) const { return side == kLeft ? toe_out_max_rad : toe_in_max_rad; }
};

/// The limits of a rung of the ladder.
LevelLimits level_limits(PlanLevel level);

}  // namespace exoactor
