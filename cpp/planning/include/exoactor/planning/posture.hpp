#pragma once

#include <exoactor/planning/body_track.hpp>
#include <exoactor/planning/contact_runs.hpp>
#include <exoactor/planning/level_limits.hpp>
#include <exoactor/types/plan.hpp>
#include <exoactor/types/reference.hpp>
#include <vector>

namespace exoactor {

inline constexpr double kPostureRate_hz = 50.0;

/// What the reference's body does, at kPostureRate_hz, before limits.
struct WantedPosture {
  Eigen::MatrixXd joint_position;         ///< [T, 29] rad
  Eigen::MatrixXd torso_yaw_pitch_roll;   ///< [T, 3] rad relative to the heading
  Eigen::MatrixXd pelvis_yaw_pitch_roll;  ///< [T, 3] rad
  Eigen::VectorXd com_height;             ///< [T] m above the soles
  int frames() const { return static_cast<int>(com_height.size()); }
};

/// Smoothed posture of a reference. The centre of mass is anchored so that the reference standing
/// upright, arms down, is `standing_com_m` high; `upright_com_m` is the robot's with straight legs.
/// Flights are bridged.
WantedPosture wanted_posture(const Reference& reference, const BodyTrack& body,
                             const ContactMatrix& contact, double standing_com_m,
                             double upright_com_m);

/// The posture track of `plan` (whose phases and steps are set) within `limits`. What had to give
/// is appended to the plan's changes.
void set_posture(const WantedPosture& wanted, const LevelLimits& limits, Plan& plan);

}  // namespace exoactor
