#pragma once

#include <exoactor/planning/body_track.hpp>
#include <exoactor/planning/contact_runs.hpp>
#include <exoactor/planning/level_limits.hpp>
#include <optional>
#include <vector>

namespace exoactor {

/// The step that brings the robot from its standing pose into a wide or strided stance in which the
/// reference begins and stays for a while. None where the reference stands as the robot does, or
/// moves on at once. Lists in `changes` what the robot does not take up.
std::optional<Footstep> opening_step(const BodyTrack& body, const ContactMatrix& contact,
                                     const LevelLimits& limits, std::vector<PlanChange>& changes);

}  // namespace exoactor
