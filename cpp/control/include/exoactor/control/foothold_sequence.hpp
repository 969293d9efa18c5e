#pragma once

#include <Eigen/Core>
#include <array>
#include <exoactor/control/dcm.hpp>
#include <exoactor/control/feet_pose.hpp>
#include <exoactor/control/step_queue.hpp>

namespace exoactor {

inline constexpr double kSettleShift = 0.4;  ///< s, to the middle of the feet after the last step

/// Where the next feet will stand.
class FootholdSequence {
 public:
  struct Foothold {
    int side = kLeft;
    Eigen::Vector2d ankle_in_world = Eigen::Vector2d::Zero();
    double yaw_rad = 0.0;
  };

  /// Lays the steps of `queue` from `first` on out from `feet`. RT-safe.
  void choose(const FeetPose& feet, const StepQueue& queue, int first);

  const Foothold& next() const { return footholds_[0]; }

  /// Appends the ZMP's way from under the stance foot at the next touch-down until rest, with all
  /// footholds moved by `adjustment` (m, in the world). RT-safe.
  void append_path(const FeetPose& feet, const StepQueue& queue, double double_support_s,
                   const Eigen::Vector2d& adjustment, ZmpPath& path) const;

 private:
  static constexpr int kMost = 3;
  std::array<Foothold, kMost> footholds_;
  int count_ = 0;
  int first_ = 0;
};

}  // namespace exoactor
