#pragma once

#include <Eigen/Core>
#include <Eigen/StdVector>
#include <exoactor/types/state.hpp>
#include <string>
#include <vector>

namespace exoactor {

/// How much of the reference a plan may ask for; the ladder goes down this list.
enum class PlanLevel : int { kNominal = 0, kTight = 1, kStanceOnly = 2 };

/// What the reference did where a footstep stands, before limits; for the report.
struct AskedStep {
  double forward_m = 0.0;
  double lateral_m = 0.0;
  double yaw_rad = 0.0;
  double swing_s = 0.0;
  double lift_m = 0.0;
};

/// Where a raised foot passes at a time after its lift-off: its ankle relative to the stance foot's
/// ankle frame, yaw only.
struct FootKeyframe {
  double time_s = 0.0;     ///< after lift-off, in execution time
  double forward_m = 0.0;  ///< along the stance foot's x
  double lateral_m = 0.2;  ///< outward from the stance foot
  double height_m = 0.1;   ///< above the stance foot's ankle
  double yaw_rad = 0.0;    ///< relative to the stance foot
  double pitch_rad = 0.0;  ///< toes down positive
};

/// One footstep. Targets are relative to the other (stance) foot's ankle frame, yaw only, so that
/// they stay valid wherever the robot really stands. With keyframes the foot is held in the air: it
/// follows them (at rest where they turn or stay), then goes to its foothold by `swing_s`.
struct Footstep {
  Side side = kLeft;
  double forward_m = 0.0;              ///< along the stance foot's x
  double lateral_m = 0.22;             ///< outward from the stance foot, always positive
  double yaw_rad = 0.0;                ///< relative to the stance foot
  double swing_s = 0.45;               ///< single support time
  double lift_m = 0.06;                ///< swing apex above the higher of start and end
  double reference_liftoff_s = 0.0;    ///< reference time at lift-off
  double reference_touchdown_s = 0.0;  ///< reference time at touch-down
  int first_keyframe = 0;              ///< into Plan::foot_keyframes
  int keyframe_count = 0;              ///< 0: an ordinary swing, over `lift_m`
  bool inserted = false;               ///< not in the reference: turns or closes the stance
  AskedStep asked;                     ///< zero where inserted
};

enum class PhaseKind : int { kStance = 0, kWalk = 1 };

/// A stretch of the plan: standing on both feet, or a burst of steps.
struct Phase {
  PhaseKind kind = PhaseKind::kStance;
  double reference_start_s = 0.0;
  double reference_end_s = 0.0;
  double duration_s = 0.0;  ///< stance only; a burst lasts as long as its steps
  /// 0 = standing pose, 1 = reference; linear over a stance phase, over the first weight shift of a
  /// burst.
  double blend_start = 1.0;
  double blend_end = 1.0;
  int first_step = 0;  ///< into Plan::steps, walk only
  int step_count = 0;
};

/// The posture to follow, by reference time. T frames at one rate.
struct PostureTrack {
  double rate_hz = 30.0;
  /// [T, 29] rad, SDK order; legs are a hint, waist and arms are followed.
  Eigen::Matrix<double, Eigen::Dynamic, kNumJoints, Eigen::RowMajor> joint_position;
  /// [T, 4] torso and pelvis attitude relative to the heading frame (z up, x along mean foot yaw).
  Eigen::Matrix<double, Eigen::Dynamic, 4, Eigen::RowMajor> quat_heading_torso_wxyz;
  Eigen::Matrix<double, Eigen::Dynamic, 4, Eigen::RowMajor> quat_heading_pelvis_wxyz;
  /// [T] m, height of the centre of mass above the soles.
  Eigen::VectorXd com_height;
};

/// What a burst takes besides its swings. The plan's clock counts with it: the reference time goes
/// linearly from Phase::reference_start_s to the first lift-off during `shift_s`, from lift-off to
/// touch-down during a swing, on to the next lift-off during `double_support_s`, and from the last
/// touch-down to Phase::reference_end_s during `settle_s`. Plans keep both ends at the first
/// lift-off and last touch-down unless the reference itself stands there.
struct BurstTiming {
  double shift_s = 1.0;
  double double_support_s = 0.1;
  double settle_s = 0.5;
};

/// What planning changed or left out, for the report.
struct PlanChange {
  std::string what;  ///< e.g. "step shortened", "flight", "squat raised"
  double reference_start_s = 0.0;
  double reference_end_s = 0.0;
  double asked = 0.0;
  double given = 0.0;
  std::string unit;  ///< "m", "rad", "s" or ""
  std::string why;
};

/// What the controller executes: phases over footsteps, with the posture by reference time.
struct Plan {
  PlanLevel level = PlanLevel::kNominal;
  JointVector standing_position = JointVector::Zero();  ///< rad; pose at blend 0
  PostureTrack posture;
  std::vector<Footstep> steps;
  std::vector<FootKeyframe> foot_keyframes;
  std::vector<Phase> phases;
  std::vector<PlanChange> changes;
  BurstTiming burst;
};

}  // namespace exoactor
