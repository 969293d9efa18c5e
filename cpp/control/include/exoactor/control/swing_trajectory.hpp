#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <exoactor/control/feet_pose.hpp>
#include <exoactor/control/whole_body_reference.hpp>
#include <exoactor/types/plan.hpp>

namespace exoactor {

/// The way of one swing foot from lift-off to touch-down: over an apex, or through keyframes. At
/// every tick it goes on from its present position, velocity and acceleration to the next knot with
/// the least jerk (quintics), so that its foothold and its duration may change on the way.
class SwingTrajectory {
 public:
  /// Lifts the foot of `step` from `ankle_in_world`; `feet` are where the feet stand. `keyframes`
  /// are those of the plan and must outlive the swing. RT-safe.
  void start(const Footstep& step, const FootKeyframe* keyframes, const FeetPose& feet,
             const Eigen::Vector3d& ankle_in_world);

  /// Where the foot shall land. RT-safe.
  void aim(const Eigen::Vector2d& ankle_in_world, double yaw_rad);

  /// Moves the touch-down to `duration_s` after lift-off. RT-safe.
  void set_duration(double duration_s) { duration_s_ = duration_s; }

  /// Leaves the keyframes out that are to come: the foot goes down from here. RT-safe.
  void cut_short();

  /// Goes on by `dt_s`; the foot meets the ground just before the end and presses on downwards, to
  /// ground that is lower too. RT-safe.
  void advance(double dt_s);

  /// Where the foot shall be. Its sole is level sideways as far as the ankle can roll under a leg
  /// that hangs from the swing leg's hip. RT-safe.
  FootReference reference(const LinkMotion& pelvis) const;

  double elapsed_s() const { return elapsed_s_; }
  double duration_s() const { return duration_s_; }
  double remaining_s() const { return duration_s_ - elapsed_s_; }
  /// Time past the planned touch-down, s.
  double late_s() const { return std::max(0.0, elapsed_s_ - duration_s_); }
  /// Time since the foot should have met the ground and presses on downwards, s; below 0 before.
  double pressing_s() const;
  double yaw_rad() const { return position_[kYaw]; }
  /// Height of the ankle in the world and its speed, m, m/s.
  double height_z() const { return position_[kHeight]; }
  double vertical_speed() const { return velocity_[kHeight]; }
  /// Keyframes are to come.
  bool held() const { return next_keyframe_ < keyframe_count_; }
  /// How much of the way since the last keyframe (or lift-off) is done; 1 at touch-down.
  double descent_share() const;

 private:
  using Vector5 = Eigen::Matrix<double, 5, 1>;
  static constexpr int kHeight = 2;
  static constexpr int kYaw = 3;
  static constexpr int kPitch = 4;

  /// The apex, or what can be reached of it in `rise_s`; and whether the foot can come to rest
  /// there at all.
  double reachable_apex(double rise_s) const;
  bool can_rise(double rise_s) const;
  /// With which the foot meets the ground `left_s` ahead: it presses on without a pause.
  Vector5 landing_velocity(double left_s) const;
  Vector5 keyframe_pose(int index) const;
  Vector5 keyframe_velocity(int index) const;
  /// Advances the coordinates `first` to `first + count - 1` towards a knot `left_s` away.
  void approach(int first, int count, const Vector5& position, const Vector5& velocity,
                double left_s, double dt_s);

  const FootKeyframe* keyframes_ = nullptr;
  int keyframe_count_ = 0;
  int next_keyframe_ = 0;
  int side_ = kLeft;
  Eigen::Vector3d stance_ankle_in_world_ = Eigen::Vector3d::Zero();
  double stance_yaw_rad_ = 0.0;
  double apex_z_ = 0.0;
  double elapsed_s_ = 0.0;
  double duration_s_ = 0.45;
  double descent_start_s_ = 0.0;
  Vector5 start_ = Vector5::Zero();  ///< x, y, z, yaw, pitch in the world
  Vector5 target_ = Vector5::Zero();
  Vector5 position_ = Vector5::Zero();
  Vector5 velocity_ = Vector5::Zero();
  Vector5 acceleration_ = Vector5::Zero();
};

}  // namespace exoactor
