#include <algorithm>
#include <cmath>
#include <exoactor/control/step_adjustment.hpp>
#include <exoactor/control/support_area.hpp>
#include <exoactor/control/walker.hpp>

namespace exoactor {
namespace {

constexpr double kShiftPause = 0.4;       // of the shift, before the ZMP moves
constexpr double kLandingDoubt = 0.03;    // s, a foot just landed is not yet still
constexpr double kComSpeed = 0.05;        // m/s, vertical
constexpr double kGroundSpeed = 0.1;      // m/s, of the height that the CoM is kept above
constexpr double kLastAdjustment = 0.06;  // s before touch-down
constexpr double kAdjustmentShare = 0.3;  // of the wanted adjustment, each tick

/// A foot has landed: at the end of its swing by its force; when it stands still although it shall
/// press on; and before, when it hangs behind its way down and bears.
constexpr double kLandingShare = 0.95;
constexpr double kLandingForce = 40.0;  // N
constexpr double kStillSpeed = 0.05;    // m/s
constexpr double kPressing = 0.025;     // s
constexpr double kMaxLateness = 0.12;   // s
constexpr double kDescentShare = 0.55;
constexpr double kDescentSpeed = 0.15;  // m/s
constexpr double kEarlyForce = 60.0;    // N
constexpr double kEarlyLag = 0.008;     // m
constexpr double kMaxEarliness = 0.2;   // s
/// With such a DCM error at touch-down the next foot lifts off as soon as it is free of load.
constexpr double kHasteError = 0.04;          // m
constexpr double kHastyDoubleSupport = 0.04;  // s

/// Beyond the edge of the stance foot the ZMP asks this much of the trunk's momentum.
constexpr double kHipStrategy = 0.02;  // m

/// Recovery steps: one begins when the DCM comes so near to the edge of the feet.
constexpr double kRecoveryMargin = 0.01;         // m
constexpr double kRecoverySwing = 0.35;          // s
constexpr double kRecoveryDoubleSupport = 0.06;  // s
constexpr double kRecoverySettle = 1.0;          // s
constexpr double kRecoveryLateral = 0.22;        // m
/// A held foot is put down when the DCM's error leaves what the ZMP under the stance foot can hold.
constexpr double kHoldMargin = 0.0;  // m

}  // namespace

void Walker::begin(const DynamicsData& dynamics, const FeetPose& feet, double com_height) {
  steps_done_ = 0;
  elapsed_s_ = 0.0;
  feet_ = feet;
  landed_ = -1;
  zmp_start_ = dynamics.com_in_world.head<2>();
  com_height_ = com_height;
  ground_z_ = feet.ground_z();
  heading_rad_ = feet.heading_rad();
  adjustment_.setZero();
}

void Walker::start(const DynamicsData& dynamics, const FeetPose& feet, const Plan& plan,
                   const Phase& walk, double com_height) {
  timing_ = plan.burst;
  keyframes_ = plan.foot_keyframes.data();
  steps_.plan(&plan.steps[walk.first_step], walk.step_count);
  begin(dynamics, feet, com_height);
  activity_ = Activity::kShift;
  swing_ = steps_[0].side;
  footholds_.choose(feet_, steps_, 0);
}

void Walker::recover(const DynamicsData& dynamics, const FeetPose& feet, double com_height) {
  timing_ = BurstTiming();
  timing_.settle_s = kRecoverySettle;
  keyframes_ = nullptr;
  steps_.plan(nullptr, 0);
  begin(dynamics, feet, com_height);
  activity_ = Activity::kSettle;
  zmp_ = divergent_component(dynamics.com_in_world, dynamics.com_velocity_in_world);
  step_if_falling(dynamics);
}

bool Walker::done() const {
  return activity_ == Activity::kSettle && elapsed_s_ > timing_.settle_s;
}

Eigen::Vector2d Walker::support() const {
  return foot_centre(stance(), feet_.ankle_in_world[stance()].head<2>(), feet_.yaw_rad[stance()]);
}

ZmpPath Walker::path(const Eigen::Vector2d& adjustment) const {
  ZmpPath path;
  append_present(path);
  if (activity_ != Activity::kSettle) {
    footholds_.append_path(feet_, steps_, timing_.double_support_s, adjustment, path);
  }
  return path;
}

void Walker::append_present(ZmpPath& path) const {
  const Eigen::Vector2d rest = support();
  const auto append_shift = [&](double duration_s, double elapsed_s, const Eigen::Vector2d& end) {
    const double share = std::clamp(elapsed_s / duration_s, 0.0, 1.0);
    path.append(-elapsed_s, zmp_start_, zmp_start_);
    path.append(std::min(duration_s - elapsed_s, duration_s),
                zmp_start_ + share * (end - zmp_start_), end);
  };
  switch (activity_) {
    case Activity::kShift: {
      const double pause_s = kShiftPause * timing_.shift_s;
      append_shift(timing_.shift_s - pause_s, elapsed_s_ - pause_s, rest);
      path.append(steps_[steps_done_].swing_s, rest, rest);
      break;
    }
    case Activity::kDoubleSupport:
      append_shift(double_support_s_, elapsed_s_, rest);
      path.append(steps_[steps_done_].swing_s, rest, rest);
      break;
    case Activity::kSwing:
      path.append(swing_motion_.remaining_s(), rest, rest);
      break;
    default: {
      const Eigen::Vector2d other =
          foot_centre(swing_, feet_.ankle_in_world[swing_].head<2>(), feet_.yaw_rad[swing_]);
      append_shift(kSettleShift, elapsed_s_, 0.5 * (rest + other));
    }
  }
}

void Walker::update(const DynamicsData& dynamics, const std::array<Eigen::Vector3d, 2>& foot_force,
                    double com_height, double dt_s, WholeBodyReference& reference) {
  advance(dynamics, foot_force, dt_s);
  const Eigen::Vector2d dcm =
      divergent_component(dynamics.com_in_world, dynamics.com_velocity_in_world);
  if (activity_ == Activity::kSwing) adjust_step(dynamics, dcm);
  write_com(dynamics, dcm, com_height, dt_s, reference);
  write_feet(dynamics, reference);
}

void Walker::advance(const DynamicsData& dynamics, const std::array<Eigen::Vector3d, 2>& foot_force,
                     double dt_s) {
  elapsed_s_ += dt_s;
  since_landing_s_ += dt_s;
  if (activity_ == Activity::kSwing) {
    swing_motion_.advance(dt_s);
    if (has_landed(dynamics, foot_force[swing_].z())) touch_down(dynamics);
  } else if ((activity_ == Activity::kShift && elapsed_s_ >= timing_.shift_s) ||
             (activity_ == Activity::kDoubleSupport && elapsed_s_ >= double_support_s_)) {
    lift_off(dynamics);
  } else if (activity_ == Activity::kSettle) {
    step_if_falling(dynamics);
  }
}

bool Walker::has_landed(const DynamicsData& dynamics, double force_n) const {
  const LinkMotion& foot = dynamics.links[kLeftFootLink + swing_];
  const double share = swing_motion_.descent_share();
  if (share < kDescentShare) return false;
  const bool still = foot.velocity.z() > -kStillSpeed;
  if (share < kLandingShare) {
    const double lag_m = foot.position_in_world.z() - swing_motion_.height_z();
    return still && swing_motion_.vertical_speed() < -kDescentSpeed && lag_m > kEarlyLag &&
           force_n > kEarlyForce;
  }
  return force_n > kLandingForce || (still && swing_motion_.pressing_s() > kPressing) ||
         swing_motion_.late_s() > kMaxLateness;
}

void Walker::cut_short(const DynamicsData& dynamics) {
  if (activity_ == Activity::kSettle) return;
  if (activity_ == Activity::kShift) {
    zmp_start_ = dynamics.com_in_world.head<2>();
    activity_ = Activity::kSettle;
    elapsed_s_ = 0.0;
    return;
  }
  if (activity_ == Activity::kSwing && swing_motion_.held()) put_down();
  steps_.cut_short(steps_done_ + 2);
  footholds_.choose(feet_, steps_, steps_done_);
}

void Walker::lift_off(const DynamicsData& dynamics) {
  activity_ = Activity::kSwing;
  elapsed_s_ = 0.0;
  adjustment_.setZero();
  feet_.ankle_in_world[stance()] = dynamics.links[kLeftFootLink + stance()].position_in_world;
  footholds_.choose(feet_, steps_, steps_done_);
  swing_s_ = steps_[steps_done_].swing_s;
  swing_motion_.start(steps_[steps_done_], keyframes_, feet_,
                      dynamics.links[kLeftFootLink + swing_].position_in_world);
  swing_motion_.aim(footholds_.next().ankle_in_world, footholds_.next().yaw_rad);
}

void Walker::touch_down(const DynamicsData& dynamics) {
  const Eigen::Vector2d dcm =
      divergent_component(dynamics.com_in_world, dynamics.com_velocity_in_world);
  const bool hasty = (dcm - planned_dcm_).norm() > kHasteError;
  const double early_s = std::clamp(swing_motion_.remaining_s(), 0.0, kMaxEarliness);
  double_support_s_ =
      hasty ? std::min(kHastyDoubleSupport, timing_.double_support_s) : timing_.double_support_s;
  landed_ = swing_;
  since_landing_s_ = 0.0;
  feet_.ankle_in_world[swing_] = dynamics.links[kLeftFootLink + swing_].position_in_world;
  feet_.yaw_rad[swing_] = swing_motion_.yaw_rad();
  zmp_start_ = support();
  ++steps_done_;
  const bool last = steps_done_ == steps_.count();
  swing_ = last ? 1 - swing_ : static_cast<int>(steps_[steps_done_].side);
  activity_ = last ? Activity::kSettle : Activity::kDoubleSupport;
  adjustment_.setZero();
  footholds_.choose(feet_, steps_, steps_done_);
  elapsed_s_ = 0.0;
  const double error_m = (path(adjustment_).dcm() - dcm).norm();
  elapsed_s_ = -early_s;
  if ((path(adjustment_).dcm() - dcm).norm() > error_m) elapsed_s_ = 0.0;
}

void Walker::step_if_falling(const DynamicsData& dynamics) {
  const Eigen::Vector2d dcm =
      divergent_component(dynamics.com_in_world, dynamics.com_velocity_in_world);
  if (is_in_feet(feet_, dcm, kRecoveryMargin)) return;
  std::array<double, 2> distance;
  for (int side : {kLeft, kRight}) {
    distance[side] = (nearest_in_foot(feet_, side, dcm) - dcm).norm();
  }
  Footstep step;
  step.side = distance[kLeft] < distance[kRight] ? kRight : kLeft;
  step.lateral_m = kRecoveryLateral;
  step.swing_s = kRecoverySwing;
  Footstep closing = step;
  closing.side = step.side == kLeft ? kRight : kLeft;
  if (!steps_.append(step)) return;
  steps_.append(closing);
  swing_ = step.side;
  zmp_start_ = zmp_;
  timing_.double_support_s = std::min(timing_.double_support_s, kRecoveryDoubleSupport);
  double_support_s_ = timing_.double_support_s;
  activity_ = Activity::kDoubleSupport;
  elapsed_s_ = 0.0;
  footholds_.choose(feet_, steps_, steps_done_);
}

void Walker::put_down() {
  swing_motion_.cut_short();
  swing_s_ = swing_motion_.duration_s();
}

void Walker::adjust_step(const DynamicsData& dynamics, const Eigen::Vector2d& dcm) {
  if (swing_motion_.held()) {
    if (is_in_foot(feet_, stance(), support() + dcm - planned_dcm_, kHoldMargin)) return;
    put_down();
  }
  if (swing_motion_.remaining_s() <= kLastAdjustment) return;
  const Eigen::Matrix2d R_stance_world = planar_rotation(-feet_.yaw_rad[stance()]);
  const Eigen::Vector2d ankle = feet_.ankle_in_world[stance()].head<2>();
  const Eigen::Vector2d along = Eigen::Vector2d::UnitX();
  const auto landing_dcm = [&](const Eigen::Vector2d& adjustment) {
    ZmpPath after;
    footholds_.append_path(feet_, steps_, timing_.double_support_s, adjustment, after);
    return after.dcm();
  };
  const Eigen::Vector2d landing = landing_dcm(Eigen::Vector2d::Zero());
  SwingOutlook outlook;
  outlook.side = swing_;
  outlook.dcm = R_stance_world * (dcm - support());
  outlook.landing_dcm = R_stance_world * (landing - support());
  outlook.dcm_per_foothold = (landing_dcm(along) - landing).x();
  outlook.foothold = R_stance_world * (footholds_.next().ankle_in_world - ankle);
  outlook.foot =
      R_stance_world * (dynamics.links[kLeftFootLink + swing_].position_in_world.head<2>() - ankle);
  outlook.foot_velocity =
      R_stance_world * dynamics.links[kLeftFootLink + swing_].velocity.head<2>();
  outlook.elapsed_s = swing_motion_.elapsed_s();
  outlook.remaining_s = swing_s_ - swing_motion_.elapsed_s();
  const StepChoice choice = choose_step(outlook);
  adjustment_ += kAdjustmentShare * (R_stance_world.transpose() * choice.shift - adjustment_);
  const double change_s = choice.remaining_s - swing_motion_.remaining_s();
  swing_motion_.set_duration(swing_motion_.duration_s() + kAdjustmentShare * change_s);
  swing_motion_.aim(footholds_.next().ankle_in_world + adjustment_, footholds_.next().yaw_rad);
}

void Walker::write_com(const DynamicsData& dynamics, const Eigen::Vector2d& dcm, double com_height,
                       double dt_s, WholeBodyReference& reference) {
  const ZmpPath ahead = path(adjustment_);
  planned_dcm_ = ahead.dcm();
  const Eigen::Vector2d wanted = feedback_zmp(ahead.zmp(), dcm - planned_dcm_);
  const bool swinging = activity_ == Activity::kSwing;
  zmp_ = swinging ? nearest_in_foot(feet_, stance(), wanted, -kHipStrategy)
                  : nearest_in_feet(feet_, wanted);
  const double ground_z =
      swinging ? feet_.ankle_in_world[stance()].z() - kSoleBelowAnkle : feet_.ground_z();
  ground_z_ += std::clamp(ground_z - ground_z_, -kGroundSpeed * dt_s, kGroundSpeed * dt_s);
  com_height_ += std::clamp(com_height - com_height_, -kComSpeed * dt_s, kComSpeed * dt_s);
  Eigen::Vector3d& acceleration = reference.com_acceleration_in_world;
  acceleration.head<2>() = acceleration_from_zmp(dynamics.com_in_world, zmp_);
  acceleration.z() = kComHeightStiffness * (ground_z_ + com_height_ - dynamics.com_in_world.z()) -
                     kComHeightDamping * dynamics.com_velocity_in_world.z();
}

void Walker::write_feet(const DynamicsData& dynamics, WholeBodyReference& reference) {
  reference.contact = {true, true};
  reference.feet[kLeft] = FootReference();
  reference.feet[kRight] = FootReference();
  for (int side : {kLeft, kRight}) {
    reference.feet[side].position_in_world = feet_.ankle_in_world[side];
  }
  heading_rad_ = feet_.heading_rad();
  if (activity_ != Activity::kSwing) {
    limit_forces(reference);
    return;
  }
  reference.contact[swing_] = false;
  reference.feet[swing_] = swing_motion_.reference(dynamics.links[kPelvisLink]);
  heading_rad_ = 0.5 * (feet_.yaw_rad[stance()] + swing_motion_.yaw_rad());
}

void Walker::limit_forces(WholeBodyReference& reference) const {
  constexpr double kLeast = 5.0;
  constexpr double kMost = 700.0;
  constexpr double kUnloadFrom = 500.0;
  constexpr double kLoadFrom = 60.0;
  constexpr double kLoadBy = 900.0;
  double& leaving = reference.feet[swing_].max_normal_force_n;
  double& taking = reference.feet[stance()].max_normal_force_n;
  if (activity_ == Activity::kDoubleSupport) {
    const double share = std::max(0.0, elapsed_s_ / double_support_s_);
    leaving = std::max(kLeast, kUnloadFrom * (1.0 - share));
    taking = std::min(kMost, kLoadFrom + kLoadBy * share);
  } else if (activity_ == Activity::kShift) {
    const double left = (timing_.shift_s - elapsed_s_) / timing_.double_support_s;
    if (left < 1.0) leaving = std::max(kLeast, kUnloadFrom * left);
  }
}

std::array<bool, 2> Walker::standing_feet() const {
  std::array<bool, 2> standing{true, true};
  if (activity_ == Activity::kSwing) {
    standing[swing_] = false;
  } else if (landed_ >= 0 && since_landing_s_ < kLandingDoubt) {
    standing[landed_] = false;
  }
  return standing;
}

double Walker::reference_time(double start_s, double end_s) const {
  const int done = steps_done();
  const double from_s = done > 0 ? steps_[done - 1].reference_touchdown_s : start_s;
  if (activity_ == Activity::kSettle || done == steps_.planned_count()) {
    const bool settling = activity_ == Activity::kSettle && steps_done_ == steps_.planned_count() &&
                          !steps_.is_cut_short();
    return from_s + (settling ? share_of(timing_.settle_s) : 0.0) * (end_s - from_s);
  }
  const Footstep& next = steps_[done];
  const double lift_s = std::max(from_s, next.reference_liftoff_s);
  if (activity_ == Activity::kSwing) {
    const double land_s = std::max(lift_s, next.reference_touchdown_s);
    return lift_s + share_of(swing_motion_.duration_s()) * (land_s - lift_s);
  }
  const double wait_s = activity_ == Activity::kShift ? timing_.shift_s : double_support_s_;
  return from_s + share_of(wait_s) * (lift_s - from_s);
}

double Walker::blend(const Phase& walk) const {
  const double share = activity_ == Activity::kShift ? share_of(timing_.shift_s) : 1.0;
  return walk.blend_start + share * (walk.blend_end - walk.blend_start);
}

double Walker::share_of(double duration_s) const {
  return std::clamp(elapsed_s_ / duration_s, 0.0, 1.0);
}

}  // namespace exoactor
