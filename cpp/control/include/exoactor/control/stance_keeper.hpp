#pragma once

#include <Eigen/Core>
#include <exoactor/control/feet_pose.hpp>
#include <exoactor/control/second_order_limiter.hpp>
#include <exoactor/control/whole_body_reference.hpp>

namespace exoactor {

/// Keeps the CoM over the middle of both feet and follows a height, with DCM feedback.
class StanceKeeper {
 public:
  StanceKeeper();

  /// Starts from where the CoM is; `com_height` is the height followed so far, m above the soles.
  void start(const DynamicsData& dynamics, const FeetPose& feet, double com_height);

  /// One step of `dt_s` towards `com_height`: writes CoM acceleration, contacts and feet. RT-safe.
  void update(const DynamicsData& dynamics, double com_height, double dt_s,
              WholeBodyReference& reference);

  /// The DCM is so near to the edge of the feet that only a step can help. RT-safe.
  bool falling(const DynamicsData& dynamics) const;

  double com_height() const { return height_.position()[0]; }
  const Eigen::Vector3d& planned_com() const { return planned_com_; }
  const Eigen::Vector2d& planned_dcm() const { return planned_dcm_; }
  const Eigen::Vector2d& zmp() const { return zmp_; }

 private:
  FeetPose feet_;
  SecondOrderLimiter<1> height_;
  double elapsed_s_ = 0.0;
  Eigen::Vector2d start_in_world_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d middle_in_world_ = Eigen::Vector2d::Zero();
  Eigen::Vector3d planned_com_ = Eigen::Vector3d::Zero();
  Eigen::Vector2d planned_dcm_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d zmp_ = Eigen::Vector2d::Zero();
};

}  // namespace exoactor
