#pragma once

#include <Eigen/Core>
#include <array>
#include <exoactor/control/dcm.hpp>
#include <exoactor/control/feet_pose.hpp>
#include <exoactor/control/foothold_sequence.hpp>
#include <exoactor/control/step_queue.hpp>
#include <exoactor/control/swing_trajectory.hpp>
#include <exoactor/control/telemetry.hpp>
#include <exoactor/control/whole_body_reference.hpp>
#include <exoactor/types/plan.hpp>

namespace exoactor {

/// Walks one burst of footsteps: DCM reference over the coming footholds in closed form, DCM
/// feedback through the ZMP, foothold and step time adjusted to the DCM error that the ZMP cannot
/// mend, and recovery steps after the last one while the robot does not come to rest.
class Walker {
 public:
  /// Starts the steps of `walk` in `plan` (which must outlive the burst) from where the feet stand;
  /// `com_height` is the height followed so far, m above the soles.
  void start(const DynamicsData& dynamics, const FeetPose& feet, const Plan& plan,
             const Phase& walk, double com_height);

  /// Starts recovery steps only: the robot stood and has been pushed. RT-safe.
  void recover(const DynamicsData& dynamics, const FeetPose& feet, double com_height);

  /// One step of `dt_s`: writes CoM acceleration, contacts and feet. `com_height` is wanted above
  /// the soles, m. RT-safe.
  void update(const DynamicsData& dynamics, const std::array<Eigen::Vector3d, 2>& foot_force,
              double com_height, double dt_s, WholeBodyReference& reference);

  /// After the present step only one more, beside it; before the first lift-off none at all.
  /// RT-safe.
  void cut_short(const DynamicsData& dynamics);

  Activity activity() const { return activity_; }
  /// The burst is over and the robot has settled on both feet.
  bool done() const;
  /// Of the plan.
  int steps_done() const { return std::min(steps_done_, steps_.planned_count()); }
  double heading_rad() const { return heading_rad_; }
  double com_height() const { return com_height_; }
  const FeetPose& feet() const { return feet_; }
  const Eigen::Vector2d& planned_dcm() const { return planned_dcm_; }
  const Eigen::Vector2d& zmp() const { return zmp_; }
  const Eigen::Vector2d& adjustment() const { return adjustment_; }
  /// Feet that stand still; a foot that has just landed is left out for a moment.
  std::array<bool, 2> standing_feet() const;
  /// Reference time of this moment by the plan's clock (see BurstTiming), for a phase from
  /// `start_s` to `end_s`.
  double reference_time(double start_s, double end_s) const;
  /// Blend of this moment: that of `walk`'s end, reached during the first weight shift.
  double blend(const Phase& walk) const;

 private:
  int stance() const { return 1 - swing_; }
  Eigen::Vector2d support() const;
  void begin(const DynamicsData& dynamics, const FeetPose& feet, double com_height);
  ZmpPath path(const Eigen::Vector2d& adjustment) const;
  void append_present(ZmpPath& path) const;
  void advance(const DynamicsData& dynamics, const std::array<Eigen::Vector3d, 2>& foot_force,
               double dt_s);
  bool has_landed(const DynamicsData& dynamics, double force_n) const;
  void lift_off(const DynamicsData& dynamics);
  void touch_down(const DynamicsData& dynamics);
  void step_if_falling(const DynamicsData& dynamics);
  void put_down();
  void adjust_step(const DynamicsData& dynamics, const Eigen::Vector2d& dcm);
  void write_com(const DynamicsData& dynamics, const Eigen::Vector2d& dcm, double com_height,
                 double dt_s, WholeBodyReference& reference);
  void write_feet(const DynamicsData& dynamics, WholeBodyReference& reference);
  void limit_forces(WholeBodyReference& reference) const;

  double share_of(double duration_s) const;

  BurstTiming timing_;
  StepQueue steps_;
  const FootKeyframe* keyframes_ = nullptr;
  int steps_done_ = 0;
  Activity activity_ = Activity::kSettle;
  double elapsed_s_ = 0.0;         ///< in this activity; below 0 after a touch-down before its time
  double double_support_s_ = 0.1;  ///< of the present one
  int swing_ = kLeft;              ///< the foot that swings, or will swing next
  FeetPose feet_;                  ///< where the feet stood last
  Eigen::Vector2d zmp_start_ = Eigen::Vector2d::Zero();  ///< of the present weight shift
  FootholdSequence footholds_;                           ///< the coming ones, before adjustment
  Eigen::Vector2d adjustment_ = Eigen::Vector2d::Zero();
  SwingTrajectory swing_motion_;
  double swing_s_ = 0.0;     ///< planned duration of this swing
  double com_height_ = 0.0;  ///< followed so far, m above the soles
  double ground_z_ = 0.0;
  double heading_rad_ = 0.0;
  int landed_ = -1;               ///< the foot of the last touch-down
  double since_landing_s_ = 0.0;  ///< by the clock, unlike `elapsed_s_`
  Eigen::Vector2d planned_dcm_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d zmp_ = Eigen::Vector2d::Zero();
};

}  // namespace exoactor
