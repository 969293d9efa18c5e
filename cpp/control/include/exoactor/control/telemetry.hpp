#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// What the controller is doing.
enum class Activity : int {
  kHold = 0,    ///< standing still: no plan, or the plan has ended
  kStance = 1,  ///< a stance phase of the plan
  kShift = 2,   ///< a walk phase: weight goes to the first stance foot
  kDoubleSupport = 3,
  kSwing = 4,
  kSettle = 5,  ///< after the last step of a burst
  kTrack = 6,   ///< a learned tracker follows its reference
};

/// Which controller drives the robot.
enum class Driver : int {
  kWholeBody = 0,
  kToTracker = 1,  ///< blending over
  kTracker = 2,
  kToWholeBody = 3,  ///< blending back
};

/// Whether a command may be trusted.
enum class ControlStatus : int {
  kOk = 0,
  kHeldSolution = 1,  ///< the QP failed this tick, or a tracker's target is late: the last is used
  kFailed = 2,        ///< latched after repeated failures: commands are pure damping until `reset`
  kRelaxed = 3,       ///< solved without the joints' limits, torques cut at theirs
};

/// Everything one tick leaves behind for logs and checks. Plain data, copied by the recorder. While
/// a tracker drives, what only the whole-body controller plans is not a number.
struct ControlTelemetry {
  std::int64_t stamp_ns = 0;
  Driver driver = Driver::kWholeBody;
  Activity activity = Activity::kHold;
  ControlStatus status = ControlStatus::kOk;
  bool has_plan = false;
  bool done = false;     ///< the plan has ended and the robot stands
  int phase_index = -1;  ///< into Plan::phases; -1 without a plan, their number after it
  double reference_time_s = 0.0;
  double blend = 0.0;  ///< 0 standing pose, 1 reference
  int steps_done = 0;  ///< of Plan::steps, in order
  int steps_planned = 0;

  JointVector planned_joint_position = JointVector::Zero();  ///< rad, before rate limits
  JointVector desired_joint_position = JointVector::Zero();  ///< rad, after rate limits

  Eigen::Vector3d planned_com_in_world = Eigen::Vector3d::Zero();
  Eigen::Vector3d com_in_world = Eigen::Vector3d::Zero();
  Eigen::Vector2d planned_dcm_in_world = Eigen::Vector2d::Zero();
  Eigen::Vector2d dcm_in_world = Eigen::Vector2d::Zero();
  Eigen::Vector2d zmp_in_world = Eigen::Vector2d::Zero();  ///< commanded

  std::array<Eigen::Vector3d, 2> foot_position_in_world{Eigen::Vector3d::Zero(),
                                                        Eigen::Vector3d::Zero()};
  std::array<Eigen::Vector3d, 2> foot_target_in_world{Eigen::Vector3d::Zero(),
                                                      Eigen::Vector3d::Zero()};
  Eigen::Vector2d step_adjustment_in_world = Eigen::Vector2d::Zero();  ///< m, of the next foothold
  double heading_rad = 0.0;                                            ///< mean of the feet
  std::array<bool, 2> contact{true, true};                             ///< commanded
  std::array<Eigen::Vector3d, 2> planned_foot_force_in_world{Eigen::Vector3d::Zero(),
                                                             Eigen::Vector3d::Zero()};  ///< N

  double target_age_s = 0.0;  ///< of the tracker's target
  int late_ticks = 0;         ///< ticks with a late target, since the tracker was let in
  /// m, between the robot's own links; wider ones are not looked at.
  double smallest_gap_m = 0.0;

  int qp_status = 0;  ///< eiquadprog's; 0 = optimal
  int qp_iterations = 0;
  int qp_failures = 0;       ///< ticks since reset that held the previous solution
  int qp_relaxed = 0;        ///< ticks since reset that were solved without the joints' limits
  double dynamics_us = 0.0;  ///< thread CPU time
  double qp_us = 0.0;        ///< thread CPU time: building and solving
  double tick_us = 0.0;      ///< thread CPU time of the whole step
};

}  // namespace exoactor
