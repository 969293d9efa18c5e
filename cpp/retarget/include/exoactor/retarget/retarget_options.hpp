#pragma once

namespace exoactor {

/// Weights and limits of the retargeter. Position weights are per m^2, attitude weights per rad^2;
/// only their ratios matter. A limb of length l turns a position weight w into w l^2 per rad^2.
struct RetargetOptions {
  double hip_centre_weight = 20;     ///< midpoint of the hips, world
  double pelvis_weight = 6;          ///< pelvis attitude
  double torso_weight = 10;          ///< torso attitude
  double shank_weight = 10;          ///< knee to ankle vector
  double upper_arm_weight = 30;      ///< shoulder to elbow vector
  double arm_weight = 60;            ///< shoulder to wrist vector
  double swing_foot_weight = 100;    ///< ankle position of a foot in the air
  double swing_attitude_weight = 2;  ///< attitude of a foot in the air
  double contact_weight = 1000;      ///< each sole corner of a foot on the ground
  double ground_weight = 3000;       ///< sole corners below the ground or the clearance
  double collision_weight = 500;     ///< capsules nearer than the margin
  double velocity_weight = 0.2;      ///< joint step from the last frame, rad^2
  double acceleration_weight = 0.5;  ///< joint step from the extrapolated last frames, rad^2
  double posture_weight = 0.03;      ///< joints towards zero: leads out of twisted arms
  double damping = 0.02;             ///< Levenberg-Marquardt, joints

  double collision_margin_m = 0.035;  ///< between the legs
  double arm_margin_m = 0.01;         ///< of the arms while solving; more twists them
  double arm_clearance_m = 0.02;      ///< of the arms after smoothing; 0 = none
  double swing_clearance_m = 0.03;    ///< least sole height in mid swing; 0 turns lifting off
  double clearance_ramp_s = 0.12;     ///< time from contact to the full clearance
  double velocity_fraction = 0.6;     ///< of the joint table's velocity limit
  double wrist_rate_rad_s = 10;       ///< wrists turn no faster: hand attitudes are noisy
  double limit_margin_rad = 1e-4;     ///< kept from every joint limit
  double smoothing_s = 0.04;          ///< Gaussian on waist and arm joints afterwards; 0 = none
  int max_iterations = 6;
  int first_frame_iterations = 40;
  double convergence_rad = 4e-3;  ///< largest step that ends a frame
};

}  // namespace exoactor
