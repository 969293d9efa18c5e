#include <algorithm>
#include <cmath>
#include <exoactor/control/posture_follower.hpp>

namespace exoactor {
namespace {

constexpr double kBandwidth = 30.0;        // 1/s
constexpr double kMaxJointSpeed = 5.0;     // rad/s
constexpr double kMaxAcceleration = 60.0;  // rad/s^2
/// The limiter and the attitudes' low-pass lag their targets so much: both are asked ahead of time.
constexpr double kLookahead = 2.0 / kBandwidth;
constexpr double kMaxTorsoSpeed = 3.0;   // rad/s
constexpr double kMaxPelvisSpeed = 2.0;  // rad/s
constexpr double kJointMargin = 0.03;    // rad
constexpr int kFirstUpperJoint = 12;

Eigen::Quaterniond read_quat(const Eigen::Matrix<double, Eigen::Dynamic, 4, Eigen::RowMajor>& wxyz,
                             Eigen::Index row) {
  return {wxyz(row, 0), wxyz(row, 1), wxyz(row, 2), wxyz(row, 3)};
}

/// Turns `current` towards `target`: first order, at most `max_angle`.
void turn_towards(const Eigen::Quaterniond& target, double share, double max_angle,
                  Eigen::Quaterniond& current) {
  const Eigen::AngleAxisd turn(current.conjugate() * target);
  const double step = std::min(share * turn.angle(), max_angle);
  current = (current * Eigen::Quaterniond(Eigen::AngleAxisd(step, turn.axis()))).normalized();
}

/// Angular velocity along world axes of a turn from `before` to `after`, rad/s.
Eigen::Vector3d angular_velocity(const Eigen::Matrix3d& before, const Eigen::Matrix3d& after,
                                 double dt_s) {
  const Eigen::AngleAxisd turn(Eigen::Matrix3d(after * before.transpose()));
  return turn.axis() * (turn.angle() / dt_s);
}

}  // namespace

PostureFollower::PostureFollower() : joints_(kBandwidth, kMaxJointSpeed, kMaxAcceleration) {}

void PostureFollower::reset(const JointVector& standing_position, double com_height) {
  follow(nullptr, standing_position, com_height);
  joints_.reset(standing_position);
  planned_position_ = standing_position;
  planned_com_height_ = com_height;
  quat_heading_torso_.setIdentity();
  quat_heading_pelvis_.setIdentity();
  written_ = false;
}

void PostureFollower::follow(const PostureTrack* track, const JointVector& standing_position,
                             double standing_com_height) {
  track_ = track;
  standing_position_ = standing_position;
  standing_com_height_ = standing_com_height;
}

PostureFollower::Pose PostureFollower::sample(double reference_time_s, double blend) const {
  Pose pose;
  pose.joint_position = standing_position_;
  pose.com_height = standing_com_height_;
  if (track_ == nullptr) return pose;
  const Eigen::Index last = track_->joint_position.rows() - 1;
  const double frame =
      std::clamp(reference_time_s * track_->rate_hz, 0.0, static_cast<double>(last));
  const Eigen::Index before = static_cast<Eigen::Index>(frame);
  const Eigen::Index after = std::min(before + 1, last);
  const double share = frame - static_cast<double>(before);
  for (int joint = kFirstUpperJoint; joint < kNumJoints; ++joint) {
    const double asked = (1.0 - share) * track_->joint_position(before, joint) +
                         share * track_->joint_position(after, joint);
    const double allowed = std::clamp(asked, kJointTable[joint].lower_rad + kJointMargin,
                                      kJointTable[joint].upper_rad - kJointMargin);
    pose.joint_position[joint] += blend * (allowed - standing_position_[joint]);
  }
  const Eigen::Quaterniond upright = Eigen::Quaterniond::Identity();
  pose.torso =
      upright.slerp(blend, read_quat(track_->quat_heading_torso_wxyz, before)
                               .slerp(share, read_quat(track_->quat_heading_torso_wxyz, after)));
  pose.pelvis =
      upright.slerp(blend, read_quat(track_->quat_heading_pelvis_wxyz, before)
                               .slerp(share, read_quat(track_->quat_heading_pelvis_wxyz, after)));
  const double height =
      (1.0 - share) * track_->com_height[before] + share * track_->com_height[after];
  pose.com_height += blend * (height - standing_com_height_);
  return pose;
}

void PostureFollower::update(double reference_time_s, double blend, double dt_s) {
  const Pose now = sample(reference_time_s, blend);
  planned_position_ = now.joint_position;
  planned_com_height_ = now.com_height;
  const Pose ahead = sample(reference_time_s + kLookahead, blend);
  joints_.update(ahead.joint_position, dt_s);
  const double share = 1.0 - std::exp(-dt_s / kLookahead);
  turn_towards(ahead.torso, share, kMaxTorsoSpeed * dt_s, quat_heading_torso_);
  turn_towards(ahead.pelvis, share, kMaxPelvisSpeed * dt_s, quat_heading_pelvis_);
}

void PostureFollower::write(double heading_rad, double dt_s, WholeBodyReference& reference) {
  const Eigen::AngleAxisd heading(heading_rad, Eigen::Vector3d::UnitZ());
  const Eigen::Matrix3d torso = (heading * quat_heading_torso_).toRotationMatrix();
  const Eigen::Matrix3d pelvis = (heading * quat_heading_pelvis_).toRotationMatrix();
  reference.torso_angular_velocity_in_world.setZero();
  reference.pelvis_angular_velocity_in_world.setZero();
  if (written_) {
    reference.torso_angular_velocity_in_world =
        angular_velocity(reference.R_world_torso, torso, dt_s);
    reference.pelvis_angular_velocity_in_world =
        angular_velocity(reference.R_world_pelvis, pelvis, dt_s);
  }
  written_ = true;
  reference.R_world_torso = torso;
  reference.R_world_pelvis = pelvis;
  reference.joint_position = joints_.position();
  reference.joint_velocity = joints_.velocity();
  reference.joint_acceleration = joints_.acceleration();
}

}  // namespace exoactor
