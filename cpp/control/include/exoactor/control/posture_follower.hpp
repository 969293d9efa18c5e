#pragma once

#include <Eigen/Core>
#include <Eigen/Geometry>
#include <exoactor/control/second_order_limiter.hpp>
#include <exoactor/control/whole_body_reference.hpp>
#include <exoactor/types/plan.hpp>

namespace exoactor {

/// Waist, arms, torso and pelvis attitude and CoM height of a plan by reference time, blended with
/// the standing pose and limited in speed and acceleration. Legs keep the standing pose as a hint.
class PostureFollower {
 public:
  PostureFollower();

  /// Rests in `standing_position` (rad) at `com_height` (m above the soles), without a track.
  void reset(const JointVector& standing_position, double com_height);

  /// Goes on from where it is towards `track`, which must outlive its use; null for none.
  void follow(const PostureTrack* track, const JointVector& standing_position,
              double standing_com_height);

  /// One step of `dt_s`; `blend` is 0 for the standing pose, 1 for the track. RT-safe.
  void update(double reference_time_s, double blend, double dt_s);

  /// Writes posture and attitudes for the heading (rad) of the feet; angular velocities come from
  /// what `reference` held a tick of `dt_s` ago. RT-safe.
  void write(double heading_rad, double dt_s, WholeBodyReference& reference);

  /// What the plan asks for now, before limits, rad.
  const JointVector& planned_position() const { return planned_position_; }

  /// CoM height the plan asks for now, m above the soles, before limits.
  double planned_com_height() const { return planned_com_height_; }

  const JointVector& desired_position() const { return joints_.position(); }

 private:
  /// A moment of the track, blended with the standing pose.
  struct Pose {
    JointVector joint_position = JointVector::Zero();
    Eigen::Quaterniond torso = Eigen::Quaterniond::Identity();
    Eigen::Quaterniond pelvis = Eigen::Quaterniond::Identity();
    double com_height = 0.0;
  };

  Pose sample(double reference_time_s, double blend) const;

  const PostureTrack* track_ = nullptr;
  JointVector standing_position_ = JointVector::Zero();
  double standing_com_height_ = 0.0;
  SecondOrderLimiter<kNumJoints> joints_;
  Eigen::Quaterniond quat_heading_torso_ = Eigen::Quaterniond::Identity();
  Eigen::Quaterniond quat_heading_pelvis_ = Eigen::Quaterniond::Identity();
  bool written_ = false;
  JointVector planned_position_ = JointVector::Zero();
  double planned_com_height_ = 0.0;
};

}  // namespace exoactor
