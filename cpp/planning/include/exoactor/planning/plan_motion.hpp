#pragma once

#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/plan.hpp>
#include <exoactor/types/reference.hpp>
#include <stdexcept>

namespace exoactor {

/// No feasible plan exists, or the reference is malformed.
class PlanningError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A feasible plan for `reference` within the limits of `level`, steps within `stride` (0..1) of
/// them.
///
/// Foot contacts become footsteps relative to the stance foot, each clamped; pauses divide them
/// into bursts; torso, pelvis, arms and the height of the centre of mass follow the reference by
/// its own time, slowed where they are too fast. Whatever differs from the reference is listed in
/// Plan::changes. The plan begins and ends in `standing_position` (rad, SDK order). Deterministic.
/// Throws PlanningError.
Plan plan_motion(const Reference& reference, const RobotModel& model,
                 const JointVector& standing_position, PlanLevel level, double stride);

}  // namespace exoactor
