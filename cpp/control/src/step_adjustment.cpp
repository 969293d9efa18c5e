#include <algorithm>
#include <cmath>
#include <exoactor/control/dcm.hpp>
#include <exoactor/control/feet_pose.hpp>
#include <exoactor/control/step_adjustment.hpp>
#include <exoactor/types/plan_bounds.hpp>
#include <limits>

namespace exoactor {
namespace {

/// Where the ZMP may stay for the rest of a swing, from its rest point, m: forward, towards the
/// swing foot.
const Eigen::Vector2d kZmpLower{-0.055, -0.028};
const Eigen::Vector2d kZmpUpper{0.060, 0.012};
/// Footholds of an adjusted step, from the stance ankle, m: forward, outward. As near as a plan may
/// ask, which leaves 6 cm between the feet's capsules; and as wide as both soles stand flat at the
/// ends of their ankles' roll: the ankles are 0.237 m apart under the hips, which are 0.56 m above
/// them when the CoM walks low, and roll by 0.26 rad.
const Eigen::Vector2d kReachLower{-0.40, plan_bounds::kLateral.low};
const Eigen::Vector2d kReachUpper{0.50, 0.54};

constexpr double kTimeStep = 0.01;       // s, between the times that are tried
constexpr double kShortestSwing = 0.22;  // s
constexpr double kShortestRest = 0.06;   // s
constexpr double kMaxEarlier = 0.30;     // s
constexpr double kMaxLater = 0.12;       // s
/// Mean speed of a swing with the least jerk whose peak the joints can follow, m/s.
constexpr double kMeanSpeed = 1.5;
constexpr double kStillTime = 0.03;   ///< s, before touch-down
constexpr double kTolerance = 0.006;  ///< m, of the DCM at touch-down

/// A foothold on which the DCM does not rest is not moved; one on which it rests in part (the last
/// before settling) no further than this gain says.
constexpr double kLeastEffect = 0.1;
constexpr double kLeastGain = 0.6;

/// What the swing leg does to the DCM, for each m/s^2 of the foot: omega^2 times the moment about
/// the CoM over the weight; forward, outward. By the model, with the trunk level, the upper body
/// still and the CoM not accelerated, 1 m/s^2 takes 1.79 and 1.46 Nm of 327 N (CoM 0.64 m up, foot
/// 3 cm): 7.2 kg of leg, of which 2.9 kg go with the foot, 0.45 m below the CoM. Where the foot is
/// changes that by a tenth.
const Eigen::Vector2d kLegReaction{0.082, 0.067};

constexpr double kLeftoverWeight = 100.0;  // 1/m^2
constexpr double kShiftWeight = 1.0;       // 1/m^2
constexpr double kTimeWeight = 0.4;        // 1/s^2

Eigen::Vector2d clamped(const Eigen::Vector2d& value, const Eigen::Vector2d& lower,
                        const Eigen::Vector2d& upper) {
  return value.cwiseMax(lower).cwiseMin(upper);
}

/// What of `value` lies beyond `tolerance` along each axis.
Eigen::Vector2d beyond(const Eigen::Vector2d& value, double tolerance) {
  const Eigen::Vector2d most = Eigen::Vector2d::Constant(tolerance);
  return value - clamped(value, -most, most);
}

/// What the swing leg does to the DCM at touch-down, over kLegReaction.
struct LegReaction {
  double per_way;    ///< of the foot's way left
  double per_speed;  ///< s, of the foot's speed now, whose braking acts against it
};

/// The foot goes by the least jerk and rests before touch-down. Its acceleration, weighted with the
/// DCM's growth until then, is integrated by parts, and the growth taken as linear over the way.
LegReaction leg_reaction(double remaining_s, double growth) {
  const double moving_s = std::max(remaining_s - kStillTime, 0.5 * remaining_s);
  const double from_middle = std::exp(kPendulumFrequency * (remaining_s - 0.5 * moving_s));
  const double early_s = 0.1 * kPendulumFrequency * moving_s * moving_s;
  return {from_middle, growth / kPendulumFrequency - early_s * from_middle};
}

}  // namespace

StepChoice choose_step(const SwingOutlook& outlook) {
  // Outward positive on both sides.
  const Eigen::Vector2d mirror(1.0, outward(outlook.side));
  const Eigen::Vector2d dcm = outlook.dcm.cwiseProduct(mirror);
  const Eigen::Vector2d landing = outlook.landing_dcm.cwiseProduct(mirror);
  const Eigen::Vector2d foothold = outlook.foothold.cwiseProduct(mirror);
  const Eigen::Vector2d foot = outlook.foot.cwiseProduct(mirror);
  const Eigen::Vector2d foot_velocity = outlook.foot_velocity.cwiseProduct(mirror);
  const double shortest_s = std::max(kShortestRest, kShortestSwing - outlook.elapsed_s);
  const auto first = static_cast<int>(
      std::ceil(std::clamp(shortest_s - outlook.remaining_s, -kMaxEarlier, kMaxLater) / kTimeStep));
  const auto last = static_cast<int>(kMaxLater / kTimeStep);
  const double planned_way = (foothold - foot).norm();
  const bool moves = outlook.dcm_per_foothold >= kLeastEffect;

  StepChoice best;
  best.remaining_s = outlook.remaining_s;
  double least_cost = std::numeric_limits<double>::infinity();
  for (int trial = first; trial <= last; ++trial) {
    const double remaining_s = outlook.remaining_s + trial * kTimeStep;
    if (remaining_s < kShortestRest) continue;
    const double growth = std::exp(kPendulumFrequency * remaining_s);
    const LegReaction leg = leg_reaction(remaining_s, growth);
    const Eigen::Vector2d reaction =
        kLegReaction.cwiseProduct(leg.per_way * (foothold - foot) - leg.per_speed * foot_velocity);
    const Eigen::Vector2d effect =
        Eigen::Vector2d::Constant(outlook.dcm_per_foothold) - leg.per_way * kLegReaction;
    const Eigen::Vector2d zmp =
        clamped((dcm * growth + reaction - landing) / (growth - 1.0), kZmpLower, kZmpUpper);
    const Eigen::Vector2d arrives = zmp + growth * (dcm - zmp) + reaction;
    const Eigen::Vector2d missed = beyond(arrives - landing, kTolerance);
    Eigen::Vector2d wanted = foothold;
    if (moves) wanted += missed.cwiseQuotient(effect.cwiseMax(kLeastGain));
    Eigen::Vector2d way = clamped(wanted, kReachLower, kReachUpper) - foot;
    const double reach = std::max(
        kMeanSpeed * remaining_s,
        planned_way * std::min(1.0, remaining_s / std::max(outlook.remaining_s, kShortestRest)));
    if (way.norm() > reach) way *= reach / way.norm();
    const Eigen::Vector2d shift = foot + way - foothold;
    const double leftover = (missed - effect.cwiseProduct(shift)).norm();
    const double change_s = trial * kTimeStep;
    const double cost = kLeftoverWeight * leftover * leftover + kShiftWeight * shift.squaredNorm() +
                        kTimeWeight * change_s * change_s;
    if (cost >= least_cost) continue;
    least_cost = cost;
    best.shift = shift.cwiseProduct(mirror);
    best.remaining_s = remaining_s;
    best.leftover_m = leftover;
  }
  return best;
}

}  // namespace exoactor
