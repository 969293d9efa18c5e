#pragma once

#include <exoactor/planning/body_track.hpp>
#include <exoactor/planning/footholds.hpp>
#include <exoactor/planning/level_limits.hpp>
#include <exoactor/planning/planned_feet.hpp>
#include <optional>
#include <vector>

namespace exoactor {

/// The way of a foot that is held in the air, and how long it stays there.
struct HeldPath {
  std::vector<FootKeyframe> keyframes;
  double swing_s = 0.0;
  double peak_m = 0.0;    ///< highest keyframe
  double astray_m = 0.0;  ///< furthest from where the reference has the foot
};

/// The way of the foot that `asked` raises and `step` puts down, after the reference, from where
/// the feet are: within reach, no faster than the limits. None where the foot is not raised high or
/// long enough to be held, or no way is slow enough.
std::optional<HeldPath> held_path(const BodyTrack& body, const AskedFootstep& asked,
                                  const Footstep& step, const PlannedFeet& feet,
                                  const LevelLimits& limits);

}  // namespace exoactor
