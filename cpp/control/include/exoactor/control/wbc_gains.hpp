#pragma once

namespace exoactor {

/// Task weights, feedback gains and limits of the QP. Weights are relative to each other.
struct WbcGains {
  double com_weight = 1000.0;
  double angular_momentum_weight = 1.0;
  double angular_momentum_damping = 3.0;  ///< 1/s
  double attitude_weight = 10.0;          ///< pelvis and torso, tilt
  double yaw_weight = 1.0;                ///< pelvis and torso, about the vertical
  double attitude_stiffness = 100.0;      ///< 1/s^2
  double attitude_damping = 20.0;         ///< 1/s
  double swing_weight = 100.0;
  double swing_stiffness = 400.0;  ///< 1/s^2
  double swing_damping = 40.0;     ///< 1/s
  double stance_damping = 20.0;    ///< 1/s, stops a slipping foot
  double stance_weight = 1e3;      ///< of what a straight leg cannot keep still of its foot
  double leg_posture_weight = 0.01;
  double upper_posture_weight = 0.3;  ///< waist and arms
  double posture_stiffness = 60.0;    ///< 1/s^2
  double posture_damping = 12.0;      ///< 1/s
  double acceleration_weight = 1e-4;  ///< regularisation
  double normal_force_weight = 1e-4;  ///< of each sole corner
  double tangential_force_weight = 1e-3;
  double friction = 0.3;                     ///< tangential over normal force, along each axis
  double torque_share = 0.95;                ///< of the joint's effort limit
  double max_joint_speed = 9.0;              ///< rad/s; the guard trips at 10
  double limit_horizon_s = 0.02;             ///< position and velocity limits hold this far ahead
  double min_knee_position = 0.12;           ///< rad, away from the straight leg
  double collision_gap_m = 0.01;             ///< kept between capsules, where none asks for less
  double collision_horizon_m = 0.15;         ///< wider gaps are not looked at
  double collision_rate = 20.0;              ///< 1/s, at which a gap may shrink to the kept one
  double max_collision_acceleration = 60.0;  ///< m/s^2, at which a gap is opened
};

}  // namespace exoactor
