#pragma once

#include <Eigen/Core>

namespace exoactor {

/// Closest points of two segments; see Ericson, Real-Time Collision Detection, 5.1.9.
struct SegmentPair {
  Eigen::Vector3d on_first;
  Eigen::Vector3d on_second;
};
SegmentPair closest_points(const Eigen::Vector3d& start_a, const Eigen::Vector3d& end_a,
                           const Eigen::Vector3d& start_b, const Eigen::Vector3d& end_b);

}  // namespace exoactor
