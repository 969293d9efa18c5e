#include <algorithm>
#include <cmath>
#include <exoactor/control/tracker_follower.hpp>
#include <limits>

namespace exoactor {
namespace {

constexpr double kSafeDamping = 5.0;  // Nm s/rad
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double seconds(std::int64_t duration_ns) { return 1e-9 * static_cast<double>(duration_ns); }

/// What only the whole-body controller plans or computes.
void leave_unknown(ControlTelemetry& telemetry) {
  telemetry.planned_com_in_world.setConstant(kUnknown);
  telemetry.com_in_world.setConstant(kUnknown);
  telemetry.planned_dcm_in_world.setConstant(kUnknown);
  telemetry.dcm_in_world.setConstant(kUnknown);
  telemetry.zmp_in_world.setConstant(kUnknown);
  for (int side : {kLeft, kRight}) {
    telemetry.foot_position_in_world[side].setConstant(kUnknown);
    telemetry.foot_target_in_world[side].setConstant(kUnknown);
  }
}

}  // namespace

void TrackerFollower::reset() {
  telemetry_ = ControlTelemetry();
  leave_unknown(telemetry_);
}

bool TrackerFollower::is_fresh(std::int64_t now_ns) const {
  const std::int64_t age_ns = now_ns - target_.stamp_ns;
  return age_ns >= 0 && age_ns <= kTargetLate;
}

ControlStatus TrackerFollower::judge_age(std::int64_t age_ns) {
  const bool lost = age_ns < 0 || age_ns > kTargetLost;
  if (lost || telemetry_.status == ControlStatus::kFailed) return ControlStatus::kFailed;
  if (age_ns <= kTargetLate) return ControlStatus::kOk;
  ++telemetry_.late_ticks;
  return ControlStatus::kHeldSolution;
}

const JointCommand& TrackerFollower::step(const RobotState& state, std::int64_t now_ns) {
  telemetry_.status = judge_age(now_ns - target_.stamp_ns);
  command_.stamp_ns = state.stamp_ns;
  command_.velocity.setZero();
  command_.torque.setZero();
  if (telemetry_.status == ControlStatus::kFailed) {
    command_.position = state.joint_position;
    command_.stiffness.setZero();
    command_.damping.setConstant(kSafeDamping);
  } else {
    command_.position = target_.position;
    command_.stiffness = target_.stiffness;
    command_.damping = target_.damping;
  }
  write_telemetry(state, now_ns);
  return command_;
}

void TrackerFollower::write_telemetry(const RobotState& state, std::int64_t now_ns) {
  const double age_s = seconds(now_ns - target_.stamp_ns);
  const double ahead_s = std::clamp(age_s, 0.0, seconds(kTargetLate));
  telemetry_.stamp_ns = now_ns;
  telemetry_.activity = Activity::kTrack;
  telemetry_.target_age_s = age_s;
  telemetry_.reference_time_s = target_.reference_time_s + ahead_s * target_.reference_rate;
  telemetry_.blend = target_.blend;
  telemetry_.planned_joint_position =
      target_.reference_position + ahead_s * target_.reference_velocity;
  telemetry_.desired_joint_position = target_.position;
  const Eigen::Vector4d& q = state.quat_world_base_wxyz;
  telemetry_.heading_rad =
      std::atan2(2.0 * (q[0] * q[3] + q[1] * q[2]), 1.0 - 2.0 * (q[2] * q[2] + q[3] * q[3]));
}

}  // namespace exoactor
