#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <exoactor/control/swing_trajectory.hpp>

namespace exoactor {
namespace {

constexpr double kHorizontalShare = 0.92;   ///< of the way down
constexpr double kLateShare = 0.5;          ///< of the time left, for a foothold that moves late
constexpr double kApexShare = 0.45;         ///< of the swing
constexpr double kDownShare = 0.95;         ///< of the way down, after which the foot presses on
constexpr double kMeetSpeed = 0.1;          ///< m/s, down, where the ground shall be
constexpr double kPressSpeed = 0.25;        ///< m/s, reached below it, where the ground is lower
constexpr double kPressAcceleration = 5.0;  ///< m/s^2, from one to the other
/// Of a rise whose time has been cut: the apex gives way to it.
constexpr double kMostLiftAcceleration = 30.0;  ///< m/s^2
/// Peak acceleration of the least jerk from rest to rest, over way / time^2; and of coming to rest
/// with the way left free, over speed / time.
constexpr double kRestToRest = 5.7735;
constexpr double kBraking = 1.5;

/// Hip roll axis in the pelvis frame, m: outward, up.
constexpr double kHipOutward = 0.1165;
constexpr double kHipUp = -0.133;
/// Of the ankle; its range ends at 0.26.
constexpr double kLevelRoll = 0.2;  ///< rad

/// The mean slope at a knot that a monotone curve may have, from the slopes on its two sides.
double monotone_slope(double before, double after) {
  return before * after > 0.0 ? 2.0 * before * after / (before + after) : 0.0;
}

}  // namespace

void SwingTrajectory::start(const Footstep& step, const FootKeyframe* keyframes,
                            const FeetPose& feet, const Eigen::Vector3d& ankle_in_world) {
  const int stance = 1 - step.side;
  side_ = step.side;
  keyframe_count_ = step.keyframe_count;
  keyframes_ = step.keyframe_count > 0 ? keyframes + step.first_keyframe : nullptr;
  next_keyframe_ = 0;
  stance_ankle_in_world_ = feet.ankle_in_world[stance];
  stance_yaw_rad_ = feet.yaw_rad[stance];
  elapsed_s_ = 0.0;
  duration_s_ = step.swing_s;
  descent_start_s_ = step.keyframe_count > 0 ? keyframes_[step.keyframe_count - 1].time_s : 0.0;
  apex_z_ = std::max(ankle_in_world.z(), stance_ankle_in_world_.z()) + step.lift_m;
  start_ << ankle_in_world, feet.yaw_rad[step.side], 0.0;
  target_ = start_;
  target_[kHeight] = stance_ankle_in_world_.z();
  position_ = start_;
  velocity_.setZero();
  acceleration_.setZero();
}

void SwingTrajectory::aim(const Eigen::Vector2d& ankle_in_world, double yaw_rad) {
  target_.head<2>() = ankle_in_world;
  target_[kYaw] = yaw_rad;
}

void SwingTrajectory::cut_short() {
  if (!held()) return;
  const double descent_s = duration_s_ - descent_start_s_;
  next_keyframe_ = keyframe_count_;
  descent_start_s_ = elapsed_s_;
  duration_s_ = elapsed_s_ + descent_s;
}

double SwingTrajectory::pressing_s() const {
  return elapsed_s_ - descent_start_s_ - kDownShare * (duration_s_ - descent_start_s_);
}

double SwingTrajectory::descent_share() const {
  return held() ? 0.0 : (elapsed_s_ - descent_start_s_) / (duration_s_ - descent_start_s_);
}

SwingTrajectory::Vector5 SwingTrajectory::keyframe_pose(int index) const {
  const FootKeyframe& frame = keyframes_[index];
  const Eigen::Vector2d offset(frame.forward_m, outward(side_) * frame.lateral_m);
  Vector5 pose;
  pose << stance_ankle_in_world_.head<2>() + planar_rotation(stance_yaw_rad_) * offset,
      stance_ankle_in_world_.z() + frame.height_m, stance_yaw_rad_ + frame.yaw_rad, frame.pitch_rad;
  return pose;
}

SwingTrajectory::Vector5 SwingTrajectory::keyframe_velocity(int index) const {
  const bool last = index + 1 == keyframe_count_;
  const double before_s = keyframes_[index].time_s - (index > 0 ? keyframes_[index - 1].time_s : 0);
  const double after_s = (last ? duration_s_ : keyframes_[index + 1].time_s) -  //
                         keyframes_[index].time_s;
  const Vector5 here = keyframe_pose(index);
  const Vector5 before = (here - (index > 0 ? keyframe_pose(index - 1) : start_)) / before_s;
  const Vector5 after = ((last ? target_ : keyframe_pose(index + 1)) - here) / after_s;
  return before.binaryExpr(after, &monotone_slope);
}

void SwingTrajectory::approach(int first, int count, const Vector5& position,
                               const Vector5& velocity, double left_s, double dt_s) {
  for (int axis = first; axis < first + count; ++axis) {
    double& p = position_[axis];
    double& v = velocity_[axis];
    double& a = acceleration_[axis];
    if (left_s <= dt_s) {
      p = position[axis];
      v = velocity[axis];
      a = 0.0;
      continue;
    }
    const double T = left_s;
    const double gap = position[axis] - p - v * T - 0.5 * a * T * T;
    const double gap_v = (velocity[axis] - v - a * T) * T;
    const double gap_a = -a * T * T;
    const double c3 = 10.0 * gap - 4.0 * gap_v + 0.5 * gap_a;
    const double c4 = -15.0 * gap + 7.0 * gap_v - gap_a;
    const double c5 = 6.0 * gap - 3.0 * gap_v + 0.5 * gap_a;
    const double u = dt_s / T;
    const double u2 = u * u;
    p += v * dt_s + 0.5 * a * dt_s * dt_s + u2 * u * (c3 + u * (c4 + u * c5));
    v += a * dt_s + u2 * (3.0 * c3 + u * (4.0 * c4 + u * 5.0 * c5)) / T;
    a += u * (6.0 * c3 + u * (12.0 * c4 + u * 20.0 * c5)) / (T * T);
  }
}

double SwingTrajectory::reachable_apex(double rise_s) const {
  const double natural_z = position_[kHeight] + 0.5 * velocity_[kHeight] * rise_s +
                           acceleration_[kHeight] * rise_s * rise_s / 12.0;
  const double most_m = kMostLiftAcceleration / kRestToRest * rise_s * rise_s;
  return std::clamp(apex_z_, natural_z - most_m, natural_z + most_m);
}

bool SwingTrajectory::can_rise(double rise_s) const {
  return rise_s > 0.0 && kBraking * std::abs(velocity_[kHeight]) <= kMostLiftAcceleration * rise_s;
}

SwingTrajectory::Vector5 SwingTrajectory::landing_velocity(double left_s) const {
  Vector5 velocity = Vector5::Zero();
  const double mean = (position_[kHeight] - target_[kHeight]) / std::max(left_s, 1e-3);
  velocity[kHeight] = -std::clamp(mean, 0.0, kMeetSpeed);
  return velocity;
}

void SwingTrajectory::advance(double dt_s) {
  while (held() && keyframes_[next_keyframe_].time_s <= elapsed_s_) ++next_keyframe_;
  if (held()) {
    approach(0, 5, keyframe_pose(next_keyframe_), keyframe_velocity(next_keyframe_),
             keyframes_[next_keyframe_].time_s - elapsed_s_, dt_s);
    elapsed_s_ += dt_s;
    return;
  }
  const double way_s = duration_s_ - descent_start_s_;
  const double flat_s = std::max(descent_start_s_ + kHorizontalShare * way_s - elapsed_s_,
                                 kLateShare * remaining_s());
  const double rise_s = keyframe_count_ > 0 ? 0.0 : kApexShare * way_s - elapsed_s_;
  Vector5 knot = target_;
  approach(0, 2, knot, Vector5::Zero(), flat_s, dt_s);
  approach(kYaw, 2, knot, Vector5::Zero(), flat_s, dt_s);
  if (can_rise(rise_s)) {
    knot[kHeight] = reachable_apex(rise_s);
    approach(kHeight, 1, knot, Vector5::Zero(), rise_s, dt_s);
  } else {
    approach(kHeight, 1, knot, landing_velocity(-pressing_s()), -pressing_s(), dt_s);
  }
  elapsed_s_ += dt_s;
  if (pressing_s() > 0.0) {
    constexpr double kSpeedUp = (kPressSpeed - kMeetSpeed) / kPressAcceleration;  // s
    const double faster_s = std::min(pressing_s(), kSpeedUp);
    const double speed = kMeetSpeed + kPressAcceleration * faster_s;
    position_[kHeight] = target_[kHeight] - 0.5 * (kMeetSpeed + speed) * faster_s -
                         speed * (pressing_s() - faster_s);
    velocity_[kHeight] = -speed;
    acceleration_[kHeight] = 0.0;
  }
}

FootReference SwingTrajectory::reference(const LinkMotion& pelvis) const {
  const Eigen::AngleAxisd yaw(position_[kYaw], Eigen::Vector3d::UnitZ());
  const Eigen::AngleAxisd pitch(position_[kPitch], Eigen::Vector3d::UnitY());
  const Eigen::Vector3d pitch_axis = yaw * Eigen::Vector3d::UnitY();
  const Eigen::Vector3d hip =
      pelvis.position_in_world +
      pelvis.R_world_link * Eigen::Vector3d(0.0, outward(side_) * kHipOutward, kHipUp);
  const Eigen::Vector3d leg = position_.head<3>() - hip;
  const double lean = std::atan2(leg.dot(pitch_axis), -leg.z());
  const Eigen::AngleAxisd roll(lean - std::clamp(lean, -kLevelRoll, kLevelRoll),
                               Eigen::Vector3d::UnitX());
  FootReference foot;
  foot.position_in_world = position_.head<3>();
  foot.R_world_foot = (yaw * pitch * roll).toRotationMatrix();
  foot.velocity << velocity_.head<3>(),
      velocity_[kYaw] * Eigen::Vector3d::UnitZ() + velocity_[kPitch] * pitch_axis;
  foot.acceleration << acceleration_.head<3>(),
      acceleration_[kYaw] * Eigen::Vector3d::UnitZ() + acceleration_[kPitch] * pitch_axis +
          velocity_[kYaw] * velocity_[kPitch] * Eigen::Vector3d::UnitZ().cross(pitch_axis);
  return foot;
}

}  // namespace exoactor
