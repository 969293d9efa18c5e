#pragma once

#include <Eigen/Core>
#include <array>
#include <exoactor/planning/contact_runs.hpp>
#include <exoactor/types/plan.hpp>
#include <vector>

namespace exoactor {

/// A step as the reference does it, relative to the other foot at touch-down.
struct AskedFootstep {
  Side side = kLeft;
  double liftoff_s = 0.0;
  double touchdown_s = 0.0;
  double forward_m = 0.0;
  double lateral_m = 0.22;   ///< outward
  double heading_rad = 0.0;  ///< of the foot in the world, unwrapped
  double yaw_rad = 0.0;      ///< relative to the other foot
  double lift_m = 0.0;       ///< highest clearance of the lowest sole corner
  bool unfinished = false;   ///< the clip ends first: the foot goes beside the other
};

/// A stretch of the reference between flights, with its steps in order of touch-down.
struct Segment {
  Run frames;
  std::vector<AskedFootstep> steps;
};

/// Turns each foot by its median splay against the heading, so that feet that point outward all the
/// time walk parallel. The heading stays.
void straighten_feet(BodyTrack& body, std::vector<PlanChange>& changes);

/// Mean yaw of the feet, [T] rad, unwrapped and smoothed: the heading.
Eigen::VectorXd heading_of(const BodyTrack& body);

/// Steps between contact runs, flight cut out. Appends to `changes` what is left out: flights and
/// steps that neither travel 5 cm nor turn 12 deg nor lift 5 cm.
std::vector<Segment> extract_segments(const BodyTrack& body, const ContactMatrix& contact,
                                      std::vector<PlanChange>& changes);

}  // namespace exoactor
