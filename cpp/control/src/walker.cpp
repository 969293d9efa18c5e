#include <algorithm>
#include <cmath>
#include <exoactor/control/walker.hpp>

namespace exoactor {
namespace {

constexpr double kShiftPause = 0.4;       // of the shift, before the ZMP moves
constexpr double kSettleShift = 0.4;      // s
constexpr double kLandingShare = 0.85;    // of the swing, before which no touch-down counts
constexpr double kLandingForce = 40.0;    // N
constexpr double kMaxLateness = 0.02;     // s
constexpr double kLandingDoubt = 0.03;    // s, a foot just landed is not yet still
constexpr double kComSpeed = 0.05;        // m/s, vertical
constexpr double kLastAdjustment = 0.08;  // s before touch-down
constexpr double kAdjustmentShare = 0.3;  // of the wanted adjustment, each tick
constexpr double kMaxAdjustment = 0.25;   // m
constexpr double kMaxSpeedUp = 0.8;
constexpr double kSpeedUpPerError = 12.0;  // 1/m
/// What the ZMP can move under the stance foot, m: forward, lateral.
const Eigen::Vector2d kZmpAuthority{0.05, 0.015};
const Eigen::Vector2d kZmpLower{-0.045, -0.025};
const Eigen::Vector2d kZmpUpper{0.115, 0.025};
/// Footholds of an adjusted step, from the stance foot, m.
constexpr double kForwardMin = -0.35;
constexpr double kForwardMax = 0.45;
constexpr double kLateralMin = 0.13;
constexpr double kLateralMax = 0.45;

}  // namespace

void Walker::start(const DynamicsData& dynamics, const FeetPose& feet, const Plan& plan,
                   const Phase& walk, double com_height) {
  timing_ = plan.burst;
  steps_ = &plan.steps[walk.first_step];
  keyframes_ = plan.foot_keyframes.data();
  count_ = walk.step_count;
  steps_done_ = 0;
  activity_ = Activity::kShift;
  elapsed_s_ = 0.0;
  swing_ = steps_[0].side;
  feet_ = feet;
  landed_ = -1;
  zmp_start_ = dynamics.com_in_world.head<2>();
  com_height_ = com_height;
  heading_rad_ = feet.heading_rad();
  adjustment_.setZero();
  choose_footholds();
}

const Footstep& Walker::step(int index) const { return steps_[std::min(index, count_ - 1)]; }

bool Walker::done() const {
  return activity_ == Activity::kSettle && elapsed_s_ > timing_.settle_s;
}

void Walker::choose_footholds() {
  foothold_count_ = 0;
  FeetPose feet = feet_;
  for (int index = steps_done_; index < count_ && foothold_count_ < 3; ++index) {
    const Footstep& next = steps_[index];
    const int support = 1 - next.side;
    const Eigen::Vector2d offset(next.forward_m, outward(next.side) * next.lateral_m);
    Foothold& foothold = footholds_[foothold_count_++];
    foothold.side = next.side;
    foothold.ankle_in_world =
        feet.ankle_in_world[support].head<2>() + planar_rotation(feet.yaw_rad[support]) * offset;
    foothold.yaw_rad = feet.yaw_rad[support] + next.yaw_rad;
    feet.ankle_in_world[next.side].head<2>() = foothold.ankle_in_world;
    feet.yaw_rad[next.side] = foothold.yaw_rad;
  }
}

ZmpPath Walker::path(const Eigen::Vector2d& adjustment) const {
  ZmpPath path;
  const Eigen::Vector2d support =
      foot_centre(stance(), feet_.ankle_in_world[stance()].head<2>(), feet_.yaw_rad[stance()]);
  append_present(path, support);
  if (activity_ != Activity::kSettle) append_footholds(adjustment, support, path);
  return path;
}

void Walker::append_present(ZmpPath& path, const Eigen::Vector2d& support) const {
  const double swing_s = step(steps_done_).swing_s;
  const auto append_shift = [&](double duration_s, double elapsed_s, const Eigen::Vector2d& end) {
    const double share = std::min(1.0, elapsed_s / duration_s);
    path.append(std::max(duration_s - elapsed_s, 0.0), zmp_start_ + share * (end - zmp_start_),
                end);
  };
  switch (activity_) {
    case Activity::kShift: {
      const double pause_s = kShiftPause * timing_.shift_s;
      path.append(std::max(pause_s - elapsed_s_, 0.0), zmp_start_, zmp_start_);
      append_shift(timing_.shift_s - pause_s, std::max(elapsed_s_ - pause_s, 0.0), support);
      path.append(swing_s, support, support);
      break;
    }
    case Activity::kDoubleSupport:
      append_shift(timing_.double_support_s, elapsed_s_, support);
      path.append(swing_s, support, support);
      break;
    case Activity::kSwing:
      path.append(std::max(swing_motion_.remaining_s(), 0.0), support, support);
      break;
    default: {
      const Eigen::Vector2d other =
          foot_centre(swing_, feet_.ankle_in_world[swing_].head<2>(), feet_.yaw_rad[swing_]);
      append_shift(kSettleShift, elapsed_s_, 0.5 * (support + other));
    }
  }
}

void Walker::append_footholds(const Eigen::Vector2d& adjustment, Eigen::Vector2d from,
                              ZmpPath& path) const {
  std::array<Eigen::Vector2d, 2> centre;
  for (int side : {kLeft, kRight}) {
    centre[side] = foot_centre(side, feet_.ankle_in_world[side].head<2>(), feet_.yaw_rad[side]);
  }
  for (int index = 0; index < foothold_count_; ++index) {
    const Foothold& foothold = footholds_[index];
    centre[foothold.side] =
        foot_centre(foothold.side, foothold.ankle_in_world + adjustment, foothold.yaw_rad);
    const int following = steps_done_ + index + 1;
    if (following == count_) {
      path.append(kSettleShift, from, 0.5 * (centre[kLeft] + centre[kRight]));
      return;
    }
    const Eigen::Vector2d& to = centre[1 - steps_[following].side];
    path.append(timing_.double_support_s, from, to);
    path.append(steps_[following].swing_s, to, to);
    from = to;
  }
}

void Walker::update(const DynamicsData& dynamics, const std::array<Eigen::Vector3d, 2>& foot_force,
                    double com_height, double dt_s, WholeBodyReference& reference) {
  advance(dynamics, foot_force, dt_s);
  const Eigen::Vector2d dcm =
      divergent_component(dynamics.com_in_world, dynamics.com_velocity_in_world);
  if (activity_ == Activity::kSwing) adjust_step(dcm);
  write_com(dynamics, dcm, com_height, dt_s, reference);
  write_feet(dynamics, reference);
}

void Walker::advance(const DynamicsData& dynamics, const std::array<Eigen::Vector3d, 2>& foot_force,
                     double dt_s) {
  elapsed_s_ += dt_s;
  if (activity_ == Activity::kSwing) {
    swing_motion_.advance(dt_s * swing_rate_);
    const bool landed =
        swing_motion_.descent_share() > kLandingShare && foot_force[swing_].z() > kLandingForce;
    if (landed || swing_motion_.late_s() > kMaxLateness) touch_down(dynamics);
  } else if ((activity_ == Activity::kShift && elapsed_s_ >= timing_.shift_s) ||
             (activity_ == Activity::kDoubleSupport && elapsed_s_ >= timing_.double_support_s)) {
    lift_off(dynamics);
  }
}

void Walker::lift_off(const DynamicsData& dynamics) {
  activity_ = Activity::kSwing;
  elapsed_s_ = 0.0;
  adjustment_.setZero();
  feet_.ankle_in_world[stance()] = dynamics.links[kLeftFootLink + stance()].position_in_world;
  choose_footholds();
  swing_rate_ = 1.0;
  swing_motion_.start(step(steps_done_), keyframes_, feet_,
                      dynamics.links[kLeftFootLink + swing_].position_in_world);
  swing_motion_.aim(footholds_[0].ankle_in_world, footholds_[0].yaw_rad);
}

void Walker::touch_down(const DynamicsData& dynamics) {
  landed_ = swing_;
  feet_.ankle_in_world[swing_] = dynamics.links[kLeftFootLink + swing_].position_in_world;
  feet_.yaw_rad[swing_] = footholds_[0].yaw_rad;
  zmp_start_ =
      foot_centre(stance(), feet_.ankle_in_world[stance()].head<2>(), feet_.yaw_rad[stance()]);
  ++steps_done_;
  swing_ = steps_done_ < count_ ? static_cast<int>(steps_[steps_done_].side) : 1 - swing_;
  activity_ = steps_done_ < count_ ? Activity::kDoubleSupport : Activity::kSettle;
  elapsed_s_ = 0.0;
  adjustment_.setZero();
  choose_footholds();
}

void Walker::adjust_step(const Eigen::Vector2d& dcm) {
  const double remaining_s = swing_motion_.remaining_s();
  if (swing_motion_.held() || remaining_s <= kLastAdjustment) return;
  const double growth = std::exp(kPendulumFrequency * remaining_s);
  const Eigen::Matrix2d R = planar_rotation(feet_.yaw_rad[stance()]);
  const Eigen::Vector2d error = R.transpose() * (dcm - path(Eigen::Vector2d::Zero()).dcm());
  const Eigen::Vector2d authority = kZmpAuthority * (1.0 - 1.0 / growth);
  const Eigen::Vector2d residual = error - error.cwiseMax(-authority).cwiseMin(authority);
  Eigen::Vector2d wanted = (growth * residual).cwiseMax(-kMaxAdjustment).cwiseMin(kMaxAdjustment);
  const Eigen::Vector2d target =
      R.transpose() * (footholds_[0].ankle_in_world - feet_.ankle_in_world[stance()].head<2>());
  const double sign = outward(swing_);
  wanted.x() = std::clamp(target.x() + wanted.x(), kForwardMin, kForwardMax) - target.x();
  wanted.y() =
      sign * std::clamp(sign * (target.y() + wanted.y()), kLateralMin, kLateralMax) - target.y();
  adjustment_ += kAdjustmentShare * (R * wanted - adjustment_);
  swing_motion_.aim(footholds_[0].ankle_in_world + adjustment_, footholds_[0].yaw_rad);
  swing_rate_ = swing_motion_.descent_share() > 0.1
                    ? 1.0 + std::min(kMaxSpeedUp, kSpeedUpPerError * residual.norm())
                    : 1.0;
}

void Walker::write_com(const DynamicsData& dynamics, const Eigen::Vector2d& dcm, double com_height,
                       double dt_s, WholeBodyReference& reference) {
  const ZmpPath ahead = path(adjustment_);
  planned_dcm_ = ahead.dcm();
  zmp_ = feedback_zmp(ahead.zmp(), dcm - planned_dcm_);
  double ground_z = feet_.ground_z();
  if (activity_ == Activity::kSwing) {
    const Eigen::Vector3d& ankle = feet_.ankle_in_world[stance()];
    const Eigen::Matrix2d R = planar_rotation(feet_.yaw_rad[stance()]);
    const Eigen::Vector2d in_foot = R.transpose() * (zmp_ - ankle.head<2>());
    zmp_ = ankle.head<2>() + R * in_foot.cwiseMax(kZmpLower).cwiseMin(kZmpUpper);
    ground_z = ankle.z() - kSoleBelowAnkle;
  }
  com_height_ += std::clamp(com_height - com_height_, -kComSpeed * dt_s, kComSpeed * dt_s);
  Eigen::Vector3d& acceleration = reference.com_acceleration_in_world;
  acceleration.head<2>() = acceleration_from_zmp(dynamics.com_in_world, zmp_);
  acceleration.z() = kComHeightStiffness * (ground_z + com_height_ - dynamics.com_in_world.z()) -
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
  reference.feet[swing_].velocity *= swing_rate_;
  reference.feet[swing_].acceleration *= swing_rate_ * swing_rate_;
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
    const double share = elapsed_s_ / timing_.double_support_s;
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
  } else if (landed_ >= 0 && elapsed_s_ < kLandingDoubt) {
    standing[landed_] = false;
  }
  return standing;
}

double Walker::reference_time(double start_s, double end_s) const {
  const double from_s = steps_done_ > 0 ? steps_[steps_done_ - 1].reference_touchdown_s : start_s;
  if (activity_ == Activity::kSettle) {
    return from_s + share_of(timing_.settle_s) * (end_s - from_s);
  }
  const Footstep& next = step(steps_done_);
  const double lift_s = std::max(from_s, next.reference_liftoff_s);
  if (activity_ == Activity::kSwing) {
    const double land_s = std::max(lift_s, next.reference_touchdown_s);
    return lift_s + std::clamp(swing_motion_.elapsed_s() / swing_motion_.duration_s(), 0.0, 1.0) *
                        (land_s - lift_s);
  }
  const double wait_s = activity_ == Activity::kShift ? timing_.shift_s : timing_.double_support_s;
  return from_s + share_of(wait_s) * (lift_s - from_s);
}

double Walker::share_of(double duration_s) const { return std::min(1.0, elapsed_s_ / duration_s); }

}  // namespace exoactor
