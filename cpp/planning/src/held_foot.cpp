#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <exoactor/planning/held_foot.hpp>
#include <exoactor/planning/smoothing.hpp>
#include <exoactor/types/plan_bounds.hpp>

namespace exoactor {
namespace {

constexpr double kHighLift_m = 0.12;  // a kick
constexpr double kLongSwing_s = 0.9;  // or a foot held low
constexpr double kLowLift_m = 0.06;
constexpr double kShortest_s = 0.5;
constexpr double kLeastSwing_s = 1.4;  // up, there, and down
constexpr double kRise_s = 0.35;
constexpr double kDescent_s = 0.5;
constexpr double kReturn_s = 0.4;  // before the descent, from the reference's way to the foothold
constexpr double kGap_s = 0.15;
constexpr double kAboveFoothold_m = 0.055;
constexpr double kSpeed_m_s = 0.8;
constexpr double kTurn_rad_s = 2.0;
constexpr std::array<double, 3> kSlower{1.0, 1.1, 1.2};
constexpr std::array<double, 5> kShares{1.0, 0.8, 0.6, 0.4,
                                        0.2};  // of the way off the straight one
constexpr double kFootLength_m = 0.17;
/// A steep foot has no yaw; below, it fades in.
constexpr double kSteep_rad = 1.0;
constexpr double kSteepFade_rad = 0.5;
/// The hip of the raised leg, from the stance ankle, while the weight is over that, m.
const Eigen::Vector3d kHipFromAnkle{0.0, 0.21, 0.60};
constexpr double kReach_m = 0.60;
constexpr Bound kForward{-0.35, 0.45};
constexpr Bound kLateral{0.15, 0.40};
constexpr Bound kHeight{0.05, 0.30};
constexpr Bound kYaw{-0.5, 0.5};
constexpr Bound kPitch{-0.3, 0.6};

double held_within(double value, Bound bound) { return std::clamp(value, bound.low, bound.high); }

Eigen::Vector3d place_of(const FootKeyframe& frame) {
  return {frame.forward_m, frame.lateral_m, frame.height_m};
}

void set_place(const Eigen::Vector3d& place, FootKeyframe& frame) {
  frame.forward_m = place.x();
  frame.lateral_m = place.y();
  frame.height_m = place.z();
}

/// Where the reference has the raised foot at frame `t`, relative to the standing one.
FootKeyframe reference_place(const BodyTrack& body, Side side, int t) {
  const int stance = 1 - side;
  const Eigen::Vector3d offset =
      Eigen::AngleAxisd(-body.foot_yaw[stance][t], Eigen::Vector3d::UnitZ()) *
      (body.ankle_in_world[side].row(t) - body.ankle_in_world[stance].row(t)).transpose();
  FootKeyframe frame;
  set_place({offset.x(), side == kLeft ? offset.y() : -offset.y(), offset.z()}, frame);
  const double drop = body.heel_in_world[side](t, 2) - body.toe_in_world[side](t, 2);
  frame.pitch_rad = std::asin(std::clamp(drop / kFootLength_m, -1.0, 1.0));
  const double level =
      std::clamp((kSteep_rad - std::abs(frame.pitch_rad)) / kSteepFade_rad, 0.0, 1.0);
  frame.yaw_rad = level * wrap_angle(body.foot_yaw[side][t] - body.foot_yaw[stance][t]);
  return frame;
}

/// Draws a place within the bounds and the leg's reach.
FootKeyframe reachable(FootKeyframe frame) {
  Eigen::Vector3d place = place_of(frame);
  place.z() = held_within(place.z(), kHeight);
  Eigen::Vector3d from_hip = place - kHipFromAnkle;
  const double across = std::sqrt(std::max(kReach_m * kReach_m - from_hip.z() * from_hip.z(), 0.0));
  const double wanted = from_hip.head<2>().norm();
  if (wanted > across) from_hip.head<2>() *= across / wanted;
  place = kHipFromAnkle + from_hip;
  set_place({held_within(place.x(), kForward), held_within(place.y(), kLateral), place.z()}, frame);
  frame.yaw_rad = held_within(frame.yaw_rad, kYaw);
  frame.pitch_rad = held_within(frame.pitch_rad, kPitch);
  return frame;
}

FootKeyframe between(const FootKeyframe& a, const FootKeyframe& b, double share) {
  FootKeyframe frame;
  set_place(place_of(a) + share * (place_of(b) - place_of(a)), frame);
  frame.yaw_rad = a.yaw_rad + share * (b.yaw_rad - a.yaw_rad);
  frame.pitch_rad = a.pitch_rad + share * (b.pitch_rad - a.pitch_rad);
  return frame;
}

bool slow_enough(const std::vector<FootKeyframe>& keyframes, const FootKeyframe& start) {
  FootKeyframe before = start;
  for (const FootKeyframe& frame : keyframes) {
    const double lasts_s = frame.time_s - before.time_s;
    const double way_m = (place_of(frame) - place_of(before)).norm();
    const double turn_rad =
        std::hypot(frame.yaw_rad - before.yaw_rad, frame.pitch_rad - before.pitch_rad);
    if (way_m > kSpeed_m_s * lasts_s || turn_rad > kTurn_rad_s * lasts_s) return false;
    before = frame;
  }
  return true;
}

HeldPath path_over(const BodyTrack& body, const AskedFootstep& asked, const FootKeyframe& start,
                   const FootKeyframe& landing, double swing_s, double share) {
  HeldPath path;
  path.swing_s = swing_s;
  const double asked_s = asked.touchdown_s - asked.liftoff_s;
  const double descends_s = swing_s - kDescent_s;
  const int count = static_cast<int>((descends_s - kRise_s) / kGap_s);
  for (int k = 0; k <= count; ++k) {
    const double time_s = count == 0 ? descends_s : kRise_s + k * (descends_s - kRise_s) / count;
    const double reference_s = asked.liftoff_s + time_s / swing_s * asked_s;
    const int t =
        std::clamp(static_cast<int>(std::lround(reference_s * body.rate_hz)), 0, body.frames() - 1);
    const FootKeyframe wanted = reference_place(body, asked.side, t);
    const double back = std::clamp((time_s - descends_s + kReturn_s) / kReturn_s, 0.0, 1.0);
    const FootKeyframe straight = between(start, landing, time_s / descends_s);
    FootKeyframe given = reachable(between(between(straight, reachable(wanted), share), landing,
                                           back * back * (3.0 - 2.0 * back)));
    given.time_s = time_s;
    path.keyframes.push_back(given);
    path.peak_m = std::max(path.peak_m, given.height_m);
    if (back == 0.0) {
      path.astray_m = std::max(path.astray_m, (place_of(wanted) - place_of(given)).norm());
    }
  }
  return path;
}

}  // namespace

std::optional<HeldPath> held_path(const BodyTrack& body, const AskedFootstep& asked,
                                  const Footstep& step, const PlannedFeet& feet,
                                  const LevelLimits& limits) {
  const double asked_s = asked.touchdown_s - asked.liftoff_s;
  const bool high = asked.lift_m > kHighLift_m && asked_s > kShortest_s;
  const bool lasting = asked.lift_m > kLowLift_m && asked_s > kLongSwing_s;
  if (!limits.feet_held || !(high || lasting)) return std::nullopt;
  FootKeyframe landing;
  set_place({step.forward_m, step.lateral_m, kAboveFoothold_m}, landing);
  landing.yaw_rad = step.yaw_rad;
  landing = reachable(landing);
  const int support = 1 - step.side;
  const Eigen::Vector2d offset =
      Eigen::Rotation2Dd(-feet.yaw_rad[support]) * (feet.ankle[step.side] - feet.ankle[support]);
  FootKeyframe start;
  set_place({offset.x(), std::abs(offset.y()), 0.0}, start);
  start.yaw_rad = feet.yaw_rad[step.side] - feet.yaw_rad[support];
  start.time_s = 0.0;
  const double least_s = std::max(asked_s, kLeastSwing_s);
  for (const double share : kShares) {
    for (const double slower : kSlower) {
      HeldPath path = path_over(body, asked, start, landing, slower * least_s, share);
      if (slow_enough(path.keyframes, start)) return path;
    }
  }
  return std::nullopt;
}

}  // namespace exoactor
