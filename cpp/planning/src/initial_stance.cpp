#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <exoactor/planning/initial_stance.hpp>
#include <exoactor/planning/planned_feet.hpp>
#include <exoactor/planning/smoothing.hpp>

namespace exoactor {
namespace {

constexpr double kStays_s = 0.5;
constexpr double kWidthNoted_m = 0.04;
constexpr double kStrideNoted_m = 0.06;
constexpr double kOpeningSwing_s = 0.5;
/// Done at the height of the standing pose, which reaches no further.
constexpr double kStrideMax_m = 0.20;
constexpr double kWidthMax_m = 0.32;

/// Frames at the begin in which both feet stand.
int standing_frames(const ContactMatrix& contact) {
  int frames = 0;
  while (frames < contact.rows() && contact.row(frames).minCoeff() == 1) ++frames;
  return frames;
}

/// The left ankle from the right one, along and across the heading, over the first `frames`.
Eigen::Vector2d stance_offset(const BodyTrack& body, int frames) {
  const auto middle = [&](int side) {
    const auto& ankle = body.ankle_in_world[side];
    return Eigen::Vector2d(median_of(ankle.col(0).head(frames)),
                           median_of(ankle.col(1).head(frames)));
  };
  const double heading = 0.5 * (median_of(body.foot_yaw[kLeft].head(frames)) +
                                median_of(body.foot_yaw[kRight].head(frames)));
  return Eigen::Rotation2Dd(-heading) * (middle(kLeft) - middle(kRight));
}

}  // namespace

std::optional<Footstep> opening_step(const BodyTrack& body, const ContactMatrix& contact,
                                     const LevelLimits& limits, std::vector<PlanChange>& changes) {
  const int stands = standing_frames(contact);
  const Eigen::Vector2d asked = stance_offset(body, std::clamp(stands, 1, body.frames()));
  Eigen::Vector2d given(0.0, kOwnStanceWidth_m);
  std::optional<Footstep> opening;
  const bool stays = stands >= kStays_s * body.rate_hz;
  if (limits.steps_allowed && stays) {
    const double forward = std::min(kStrideMax_m, limits.forward_max_m);
    const double widest = std::min(kWidthMax_m, limits.lateral_max_m);
    const Eigen::Vector2d reached(std::clamp(asked.x(), -forward, forward),
                                  std::clamp(asked.y(), kOwnStanceWidth_m, widest));
    if (std::abs(reached.x()) > kStrideNoted_m || reached.y() - given.y() > kWidthNoted_m) {
      Footstep step;
      step.side = reached.x() < 0.0 ? kRight : kLeft;
      step.forward_m = std::abs(reached.x());
      step.lateral_m = reached.y();
      step.swing_s = kOpeningSwing_s;
      step.lift_m = limits.lift_min_m;
      step.inserted = true;
      opening = step;
      given = {reached.x() < 0.0 ? -step.forward_m : step.forward_m, step.lateral_m};
      changes.push_back({"stance opened", 0.0, 0.0, 0.0, 1.0, "",
                         "a step before the motion takes up the reference's first stance"});
    }
  }
  if (std::abs(asked.y() - given.y()) > kWidthNoted_m) {
    changes.push_back(
        {asked.y() > given.y() ? "initial stance narrowed" : "initial stance widened", 0.0, 0.0,
         asked.y(), given.y(), "m",
         opening ? "limit of step width" : "the robot starts in its own standing pose"});
  }
  if (std::abs(asked.x() - given.x()) > kStrideNoted_m) {
    changes.push_back({"initial stride closed", 0.0, 0.0, asked.x(), given.x(), "m",
                       opening ? "limit of a step before the motion"
                               : "the robot starts with its feet side by side"});
  }
  return opening;
}

}  // namespace exoactor
