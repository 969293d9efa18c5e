#pragma once

#include <Eigen/Core>

namespace exoactor {

/// The rest of one swing. Vectors are in the stance foot's yaw frame; those of the DCM from the
/// point where the ZMP rests under that foot, those of feet from its ankle; m.
struct SwingOutlook {
  int side = 0;                                             ///< of the swing foot
  Eigen::Vector2d dcm = Eigen::Vector2d::Zero();            ///< now
  Eigen::Vector2d landing_dcm = Eigen::Vector2d::Zero();    ///< planned at touch-down
  double dcm_per_foothold = 1.0;                            ///< how `landing_dcm` moves with it
  Eigen::Vector2d foothold = Eigen::Vector2d::Zero();       ///< planned
  Eigen::Vector2d foot = Eigen::Vector2d::Zero();           ///< now
  Eigen::Vector2d foot_velocity = Eigen::Vector2d::Zero();  ///< m/s
  double elapsed_s = 0.0;                                   ///< since lift-off
  double remaining_s = 0.0;                                 ///< planned, to touch-down
};

/// Where and when the swing foot shall come down.
struct StepChoice {
  Eigen::Vector2d shift = Eigen::Vector2d::Zero();  ///< of the foothold, m, stance foot's frame
  double remaining_s = 0.0;                         ///< to touch-down
  double leftover_m = 0.0;                          ///< DCM error that remains at touch-down
};

/// Chooses foothold and time of touch-down so that the DCM arrives where the following steps need
/// it: first with the ZMP under the stance foot, then by moving the foothold within what the legs
/// reach, then by landing earlier or later (after Khadiv et al., "Walking control based on step
/// timing adaptation", 2020, with the times searched one by one). RT-safe.
StepChoice choose_step(const SwingOutlook& outlook);

}  // namespace exoactor
