#pragma once

#include <Eigen/Geometry>
#include <array>
#include <exoactor/planning/level_limits.hpp>

namespace exoactor {

/// Where a plan has put the feet so far, seen from where the robot starts.
struct PlannedFeet {
  std::array<Eigen::Vector2d, 2> ankle{Eigen::Vector2d(0.0, 0.5 * kOwnStanceWidth_m),
                                       Eigen::Vector2d(0.0, -0.5 * kOwnStanceWidth_m)};
  std::array<double, 2> yaw_rad{0.0, 0.0};

  double heading_rad() const { return 0.5 * (yaw_rad[kLeft] + yaw_rad[kRight]); }

  Eigen::Vector2d target(const Footstep& step) const {
    const int support = 1 - step.side;
    const double outward = step.side == kLeft ? step.lateral_m : -step.lateral_m;
    return ankle[support] +
           Eigen::Rotation2Dd(yaw_rad[support]) * Eigen::Vector2d(step.forward_m, outward);
  }

  /// How far the left foot is ahead of the right one, m.
  double stride_m() const {
    return (Eigen::Rotation2Dd(-heading_rad()) * (ankle[kLeft] - ankle[kRight])).x();
  }

  /// Way of the swinging foot, m.
  double travel_m(const Footstep& step) const { return (target(step) - ankle[step.side]).norm(); }

  void take(const Footstep& step) {
    ankle[step.side] = target(step);
    yaw_rad[step.side] = yaw_rad[1 - step.side] + step.yaw_rad;
  }
};

}  // namespace exoactor
