#pragma once

#include <array>
#include <exoactor/control/feet_pose.hpp>
#include <exoactor/control/posture_follower.hpp>
#include <exoactor/control/stance_keeper.hpp>
#include <exoactor/control/telemetry.hpp>
#include <exoactor/control/walker.hpp>
#include <exoactor/control/whole_body_reference.hpp>
#include <exoactor/types/plan.hpp>

namespace exoactor {

/// Runs the phases of a plan one after the other and stands before and after it.
class PlanExecutor {
 public:
  /// Holds the posture and CoM height that `dynamics` and `joint_position` show. RT-safe.
  void reset(const DynamicsData& dynamics, const JointVector& joint_position);

  /// Starts `plan`, which must be sound and outlive its use; `standing_com_height` is that of its
  /// standing pose, m above the soles. RT-safe.
  void start(const Plan& plan, double standing_com_height, const DynamicsData& dynamics);

  /// Ends the plan at the next stand, after the present step when walking; the posture returns to
  /// the standing pose. RT-safe.
  void stop(const DynamicsData& dynamics);

  /// One step of `dt_s`: what to ask of the whole body. RT-safe.
  void update(const DynamicsData& dynamics, const std::array<Eigen::Vector3d, 2>& foot_force,
              double dt_s, WholeBodyReference& reference);

  /// Standing, with no plan under way.
  bool holding() const { return !recovering_ && no_phase(); }

  std::array<bool, 2> standing_feet() const;
  void write(ControlTelemetry& telemetry) const;

 private:
  const Phase& phase() const { return plan_->phases[phase_index_]; }
  bool no_phase() const { return plan_ == nullptr || done_; }
  bool walking() const;
  void enter_phase(const DynamicsData& dynamics);
  /// One at most a tick, so that its work is bounded.
  void leave_finished_phase(const DynamicsData& dynamics);
  bool phase_finished() const;
  void hold(const DynamicsData& dynamics);
  /// Takes recovery steps when the stance cannot hold the robot; the phase waits.
  void recover_if_falling(const DynamicsData& dynamics, double dt_s);
  void update_stance(const DynamicsData& dynamics, double dt_s, WholeBodyReference& reference);
  void update_walk(const DynamicsData& dynamics, const std::array<Eigen::Vector3d, 2>& foot_force,
                   double dt_s, WholeBodyReference& reference);

  const Plan* plan_ = nullptr;
  int phase_index_ = -1;
  bool done_ = false;
  bool recovering_ = false;
  double falling_s_ = 0.0;  ///< the DCM is at the edge of the feet
  bool stopping_ = false;   ///< no further phase
  double elapsed_s_ = 0.0;  ///< in the phase
  double reference_time_s_ = 0.0;
  double blend_ = 0.0;
  int steps_before_ = 0;  ///< done in earlier bursts
  double com_height_ = 0.0;
  double heading_rad_ = 0.0;
  FeetPose feet_;
  PostureFollower posture_;
  StanceKeeper stance_;
  Walker walker_;
  Eigen::Vector3d planned_com_ = Eigen::Vector3d::Zero();
};

}  // namespace exoactor
