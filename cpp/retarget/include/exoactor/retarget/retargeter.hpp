#pragma once

#include <exoactor/retarget/bounded_solver.hpp>
#include <exoactor/retarget/human_targets.hpp>
#include <exoactor/retarget/self_collision.hpp>
#include <exoactor/types/reference.hpp>

namespace exoactor {

/// What happened in one frame.
struct FrameReport {
  int iterations = 0;
  int close_pairs = 0;  ///< capsule pairs inside the margin
  double hip_centre_error_m = 0;
  double pelvis_error_rad = 0;
  double torso_error_rad = 0;
  double foot_error_m = 0;                  ///< the larger of the two ankle errors
  double arm_error_m = 0;                   ///< the larger of the two shoulder-to-wrist errors
  std::array<bool, kNumJoints> at_limit{};  ///< joint range
  std::array<bool, kNumJoints> at_rate{};   ///< velocity limit
};

/// Human motion to robot motion: damped Gauss-Newton over 35 variables, frame by frame, each
/// started from the last, with bounds on joint positions and velocities.
class Retargeter {
 public:
  /// Prepares all targets; allocates. Throws std::invalid_argument for an unusable motion.
  Retargeter(KinematicTree tree, SelfCollision collision, const HumanMotion& motion,
             const RetargetOptions& options);

  int num_frames() const { return static_cast<int>(targets_.size()); }

  /// Solves the next frame; does nothing after the last. RT-safe: allocates nothing.
  void step();

  /// Smooths waist and arms, keeps the arms clear of the body and gives the reference away; call
  /// after the last step().
  Reference finish();

  const std::vector<FrameReport>& report() const { return report_; }

 private:
  void set_range();
  void start(const FrameTargets& targets);
  void set_bounds();
  void keep_in_reach(const JointVector& from);
  void extrapolate();
  void build(const FrameTargets& targets, FrameReport& report);
  void add_feet(const FrameTargets& targets);
  void add_regularisation();
  void minimise(const FrameTargets& targets, FrameReport& report);
  void clear_arms();
  void turn_wrists(const FrameTargets& targets);
  double advance(const VariableVector& step);
  void measure(const FrameTargets& targets, FrameReport& report) const;

  KinematicTree tree_;
  SelfCollision collision_;
  RobotLandmarks robot_;
  RetargetOptions options_;
  std::vector<FrameTargets> targets_;
  Reference reference_;
  std::vector<FrameReport> report_;

  int frame_ = 0;
  RobotPose pose_, best_pose_;
  BodyPoses bodies_;
  JointVector range_lower_, range_upper_;  // joint table, margin, stretched knees and elbows
  JointVector last_, before_last_, lower_, upper_, step_lower_, step_upper_;
  Eigen::Quaterniond last_quat_ = Eigen::Quaterniond::Identity();
  NormalEquations equations_, best_equations_;
  BoundedSolver solver_;
};

}  // namespace exoactor
