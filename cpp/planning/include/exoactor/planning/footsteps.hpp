#pragma once

#include <Eigen/Core>
#include <exoactor/planning/footholds.hpp>
#include <exoactor/planning/level_limits.hpp>
#include <exoactor/planning/planned_feet.hpp>
#include <vector>

namespace exoactor {

/// Steps without a pause between them.
struct Burst {
  double reference_start_s = 0.0;
  double reference_end_s = 0.0;
  std::vector<Footstep> steps;
  std::vector<FootKeyframe> keyframes;  ///< of the feet held in the air, by index in the steps
};

/// When to stop stepping, and when to turn in place.
struct Pacing {
  double pause_s = 0.45;        ///< a longer pause ends a burst
  double turn_from_rad = 0.25;  ///< a larger error of the heading is made good by in-place steps
};

/// What shaping needs to know of the reference besides its steps.
struct Heading {
  double rate_hz = 30.0;
  Eigen::VectorXd yaw;  ///< [T] rad, unwrapped
  double at(double time_s) const;
};

/// What the steps of a reference are taken from.
struct SteppedReference {
  const BodyTrack& body;
  const std::vector<Segment>& segments;
  const Heading& heading;
};

/// Feasible bursts for the steps of a reference, from where the feet are: every step clamped to the
/// limits and given the time its foot needs, the absolute heading carried over clamped steps and
/// made good by in-place steps. A stride left open at the end is closed.
std::vector<Burst> shape_bursts(const SteppedReference& reference, const PlannedFeet& feet,
                                const LevelLimits& limits, const BurstTiming& timing,
                                const Pacing& pacing, std::vector<PlanChange>& changes);

/// Lists all steps as left out, for a plan that only stands.
void note_left_out(const std::vector<Segment>& segments, const Heading& heading,
                   std::vector<PlanChange>& changes);

}  // namespace exoactor
