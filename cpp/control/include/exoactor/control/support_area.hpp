#pragma once

#include <Eigen/Core>
#include <exoactor/control/feet_pose.hpp>

namespace exoactor {

/// The point of one foot's sole nearest to `point` along its axes; `margin_m` is kept from the
/// edge. RT-safe.
Eigen::Vector2d nearest_in_foot(const FeetPose& feet, int side, const Eigen::Vector2d& point,
                                double margin_m = 0.0);

/// A point of the area that both feet span near to `point`: `point` itself inside. RT-safe.
Eigen::Vector2d nearest_in_feet(const FeetPose& feet, const Eigen::Vector2d& point,
                                double margin_m = 0.0);

/// Whether the sole of one foot holds `point`, or the area that both feet span. RT-safe.
bool is_in_foot(const FeetPose& feet, int side, const Eigen::Vector2d& point, double margin_m);
bool is_in_feet(const FeetPose& feet, const Eigen::Vector2d& point, double margin_m);

}  // namespace exoactor
