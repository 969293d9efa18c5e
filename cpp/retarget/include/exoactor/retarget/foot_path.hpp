#pragma once

#include <Eigen/Geometry>
#include <array>
#include <exoactor/retarget/retarget_options.hpp>
#include <exoactor/types/human_motion.hpp>
#include <vector>

namespace exoactor {

/// Corners of the G1's sole in the ankle-roll frame, m: heel left, heel right, toe left, toe right.
inline const std::array<Eigen::Vector3d, 4> kSoleCorners = {
    Eigen::Vector3d(-0.05, 0.025, -0.035), Eigen::Vector3d(-0.05, -0.025, -0.035),
    Eigen::Vector3d(0.12, 0.03, -0.035), Eigen::Vector3d(0.12, -0.03, -0.035)};
/// Height of the ankle-roll origin above the ground when the foot stands flat.
inline constexpr double kAnkleHeight = 0.035;

/// Where one foot shall be in one frame.
struct FootTarget {
  Eigen::Vector3d position_in_world;  ///< ankle-roll origin
  Eigen::Matrix3d R_world_foot;
  bool contact = false;
  double clearance_m = 0;  ///< least height of the sole's corners; 0 in contact
};

/// Height of the lowest sole corner of a foot at this pose.
double lowest_corner_height(const Eigen::Vector3d& position_in_world,
                            const Eigen::Matrix3d& R_world_foot);

/// Turns a person's scaled ankle path into one that a rigid sole can follow: in a contact run the
/// sole rolls about its lowest corner and never slides, heading is the run's mean and roll zero; in
/// a swing the differences to the person at both ends are blended and the sole is lifted to the
/// clearance. `path` comes in holding the raw position, attitude and contact of every frame.
void latch_foot_path(double rate_hz, const RetargetOptions& options, std::vector<FootTarget>& path);

}  // namespace exoactor
