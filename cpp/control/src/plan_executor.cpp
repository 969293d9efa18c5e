#include <algorithm>
#include <exoactor/control/dcm.hpp>
#include <exoactor/control/plan_executor.hpp>

namespace exoactor {
namespace {

/// CoM heights that the controller asks for, m above the soles.
constexpr double kStanceHeightMin = 0.46;
constexpr double kStanceHeightMax = 0.68;
constexpr double kWalkHeightMin = 0.60;
constexpr double kWalkHeightMax = 0.66;
/// For so long the DCM must be at the edge before a stance is left, so that noise takes no step, s.
constexpr double kFallingDoubt = 0.01;
/// After a plan that ends away from the standing pose, 1/s.
constexpr double kHoldBlendSpeed = 1.0;
/// Of the heading that pelvis and torso follow, rad/s.
constexpr double kMaxTurnSpeed = 2.0;

}  // namespace

void PlanExecutor::reset(const DynamicsData& dynamics, const JointVector& joint_position) {
  plan_ = nullptr;
  phase_index_ = -1;
  done_ = false;
  recovering_ = false;
  stopping_ = false;
  reference_time_s_ = 0.0;
  blend_ = 0.0;
  steps_before_ = 0;
  FeetPose found = measured_feet(dynamics, FeetPose());
  found.yaw_rad[kRight] = found.yaw_rad[kLeft];  // so that facing backwards the mean is no zero
  feet_ = measured_feet(dynamics, found);
  com_height_ = dynamics.com_in_world.z() - feet_.ground_z();
  heading_rad_ = feet_.heading_rad();
  posture_.reset(joint_position, com_height_);
  hold(dynamics);
}

void PlanExecutor::start(const Plan& plan, double standing_com_height,
                         const DynamicsData& dynamics) {
  plan_ = &plan;
  phase_index_ = 0;
  done_ = false;
  stopping_ = false;
  reference_time_s_ = 0.0;
  blend_ = 0.0;
  steps_before_ = 0;
  posture_.follow(&plan.posture, plan.standing_position, standing_com_height);
  enter_phase(dynamics);
}

void PlanExecutor::stop(const DynamicsData& dynamics) {
  if (holding() || stopping_) return;
  stopping_ = true;
  if (walking()) walker_.cut_short(dynamics);
}

bool PlanExecutor::walking() const {
  return recovering_ || (!no_phase() && phase().kind == PhaseKind::kWalk);
}

void PlanExecutor::hold(const DynamicsData& dynamics) {
  stance_.start(dynamics, feet_, com_height_);
  elapsed_s_ = 0.0;
}

void PlanExecutor::enter_phase(const DynamicsData& dynamics) {
  feet_ = measured_feet(dynamics, feet_);
  hold(dynamics);
  if (walking()) {
    walker_.start(dynamics, feet_, *plan_, phase(), com_height_);
  }
}

bool PlanExecutor::phase_finished() const {
  return walking() ? walker_.done() : stopping_ || elapsed_s_ >= phase().duration_s;
}

void PlanExecutor::leave_finished_phase(const DynamicsData& dynamics) {
  if (recovering_) {
    if (!walker_.done()) return;
    recovering_ = false;
    feet_ = measured_feet(dynamics, walker_.feet());
    stance_.start(dynamics, feet_, com_height_);
  } else if (!no_phase() && phase_finished()) {
    if (walking()) {
      steps_before_ += walker_.steps_done();
      feet_ = walker_.feet();
    } else if (!stopping_) {
      blend_ = phase().blend_end;
    }
    if (!stopping_) reference_time_s_ = std::max(reference_time_s_, phase().reference_end_s);
    ++phase_index_;
    done_ = stopping_ || phase_index_ == static_cast<int>(plan_->phases.size());
    enter_phase(dynamics);
  }
}

void PlanExecutor::update(const DynamicsData& dynamics,
                          const std::array<Eigen::Vector3d, 2>& foot_force, double dt_s,
                          WholeBodyReference& reference) {
  leave_finished_phase(dynamics);
  recover_if_falling(dynamics, dt_s);
  if (!recovering_) elapsed_s_ += dt_s;
  if (walking()) {
    update_walk(dynamics, foot_force, dt_s, reference);
  } else {
    update_stance(dynamics, dt_s, reference);
  }
  const double turn = (walking() ? walker_.heading_rad() : feet_.heading_rad()) - heading_rad_;
  heading_rad_ += std::clamp(turn, -kMaxTurnSpeed * dt_s, kMaxTurnSpeed * dt_s);
  posture_.write(heading_rad_, dt_s, reference);
}

void PlanExecutor::recover_if_falling(const DynamicsData& dynamics, double dt_s) {
  falling_s_ = !walking() && stance_.falling(dynamics) ? falling_s_ + dt_s : 0.0;
  if (falling_s_ < kFallingDoubt) return;
  falling_s_ = 0.0;
  recovering_ = true;
  walker_.recover(dynamics, feet_, com_height_);
}

void PlanExecutor::update_stance(const DynamicsData& dynamics, double dt_s,
                                 WholeBodyReference& reference) {
  if (no_phase()) {
    blend_ = std::max(0.0, blend_ - kHoldBlendSpeed * dt_s);
  } else {
    const double share = std::min(1.0, elapsed_s_ / phase().duration_s);
    const double time_s =
        phase().reference_start_s + share * (phase().reference_end_s - phase().reference_start_s);
    reference_time_s_ = std::max(reference_time_s_, time_s);
    blend_ = phase().blend_start + share * (phase().blend_end - phase().blend_start);
  }
  posture_.update(reference_time_s_, blend_, dt_s);
  const double height =
      std::clamp(posture_.planned_com_height(), kStanceHeightMin, kStanceHeightMax);
  stance_.update(dynamics, height, dt_s, reference);
  com_height_ = stance_.com_height();
  planned_com_ = stance_.planned_com();
}

void PlanExecutor::update_walk(const DynamicsData& dynamics,
                               const std::array<Eigen::Vector3d, 2>& foot_force, double dt_s,
                               WholeBodyReference& reference) {
  if (stopping_) {
    blend_ = std::max(0.0, blend_ - kHoldBlendSpeed * dt_s);
  } else if (!recovering_) {
    blend_ = walker_.blend(phase());
  }
  posture_.update(reference_time_s_, blend_, dt_s);
  const double height = std::clamp(posture_.planned_com_height(), kWalkHeightMin, kWalkHeightMax);
  walker_.update(dynamics, foot_force, height, dt_s, reference);
  if (!recovering_ && !stopping_) {
    const double time_s =
        walker_.reference_time(phase().reference_start_s, phase().reference_end_s);
    reference_time_s_ = std::max(reference_time_s_, time_s);
  }
  com_height_ = walker_.com_height();
  planned_com_.head<2>() +=
      dt_s * kPendulumFrequency * (walker_.planned_dcm() - planned_com_.head<2>());
  planned_com_.z() = walker_.feet().ground_z() + com_height_;
}

std::array<bool, 2> PlanExecutor::standing_feet() const {
  return walking() ? walker_.standing_feet() : std::array<bool, 2>{true, true};
}

void PlanExecutor::write(ControlTelemetry& telemetry) const {
  const bool walk = walking();
  telemetry.activity = walk ? walker_.activity() : no_phase() ? Activity::kHold : Activity::kStance;
  telemetry.has_plan = plan_ != nullptr;
  telemetry.done = done_;
  telemetry.phase_index = phase_index_;
  telemetry.reference_time_s = reference_time_s_;
  telemetry.blend = blend_;
  telemetry.steps_done = steps_before_ + (walk && !recovering_ ? walker_.steps_done() : 0);
  telemetry.steps_planned = plan_ == nullptr ? 0 : static_cast<int>(plan_->steps.size());
  telemetry.planned_joint_position = posture_.planned_position();
  telemetry.desired_joint_position = posture_.desired_position();
  telemetry.planned_com_in_world = planned_com_;
  telemetry.planned_dcm_in_world = walk ? walker_.planned_dcm() : stance_.planned_dcm();
  telemetry.zmp_in_world = walk ? walker_.zmp() : stance_.zmp();
  telemetry.step_adjustment_in_world = walk ? walker_.adjustment() : Eigen::Vector2d::Zero().eval();
  telemetry.heading_rad = heading_rad_;
}

}  // namespace exoactor
