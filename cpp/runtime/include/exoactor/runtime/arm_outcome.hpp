#pragma once

#include <cstdint>
#include <exoactor/estimation/state_estimator.hpp>
#include <exoactor/types/state.hpp>
#include <string>

namespace exoactor {

/// Why the tick was not armed, or did not pose the robot.
enum class ArmRefusal : std::uint8_t {
  kNone = 0,
  kNotTried,
  kGuard,       ///< Guard::can_arm() says no, or the last sample was implausible
  kEstimate,    ///< not finite, or no state in which a robot stands
  kFootForce,   ///< the feet do not carry the robot: it hangs, or lies
  kFeetUneven,  ///< soles not at one height
  kSoleTilt,    ///< a sole is not flat on the ground
  kFeetLoaded,  ///< of posing: the feet carry the robot, it does not hang
  kNotUpright,  ///< of posing: the pelvis leans
};

/// What became of the last attempt to arm or pose. Plain data.
struct ArmOutcome {
  ArmRefusal refusal = ArmRefusal::kNotTried;
  double got = 0.0;
  double allowed = 0.0;
  bool posing = false;  ///< else arming

  bool granted() const noexcept { return refusal == ArmRefusal::kNone; }
};

/// Whether a robot of `weight_n` stands on its feet: the estimate finite and plausible, both feet
/// together carrying at least half of the weight, the soles level. RT-safe.
ArmOutcome inspect_stand(const RobotState& estimate, const Footing& footing,
                         double weight_n) noexcept;

/// Whether a robot of `weight_n` hangs upright: the estimate finite, both feet together carrying at
/// most a quarter of the weight. RT-safe.
ArmOutcome inspect_hang(const RobotState& estimate, double weight_n) noexcept;

/// Whether the feet carry enough of a robot of `weight_n` for it to be armed. RT-safe.
bool is_carried_by_feet(const RobotState& estimate, double weight_n) noexcept;

/// One line: where, what, got, bound, consequence; empty when granted or not tried. Allocates.
std::string describe(const ArmOutcome& outcome);

}  // namespace exoactor
