#pragma once

#include <Eigen/Core>
#include <vector>

namespace exoactor {

/// A person's motion in the world (z up), the retargeter's input. T frames at one rate.
/// Keypoints and segments are in the order of `exoactor_rt/types.py`.
struct HumanMotion {
  static constexpr int kNumKeypoints = 18;
  static constexpr int kNumSegments = 6;

  double rate_hz = 30.0;
  /// [T, 18*3] m, row-major: keypoint k at columns 3k..3k+2.
  Eigen::Matrix<double, Eigen::Dynamic, kNumKeypoints * 3, Eigen::RowMajor> keypoints_in_world;
  /// [T, 6*4] wxyz: pelvis, torso, left foot, right foot, left hand, right hand.
  Eigen::Matrix<double, Eigen::Dynamic, kNumSegments * 4, Eigen::RowMajor> quat_world_segment_wxyz;
  /// [T, 2] 1 where the foot stands on the ground.
  Eigen::Matrix<int, Eigen::Dynamic, 2, Eigen::RowMajor> contact;
};

}  // namespace exoactor
