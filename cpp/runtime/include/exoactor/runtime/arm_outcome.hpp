#pragma once

#include <cstdint>
#include <exoactor/estimation/state_estimator.hpp>
#include <exoactor/types/state.hpp>
#include <string>

namespace exoactor {

/// Why the tick was not armed.
enum class ArmRefusal : std::uint8_t {
  kNone = 0,
  kNotTried,
  kGuard,       ///< Guard::can_arm() says no, or the last sample was implausible
  kEstimate,    ///< not finite, or no state in which a robot stands
  kFootForce,   ///< the feet do not carry the robot: it hangs, or lies
  kFeetUneven,  ///< soles not at one height
  kSoleTilt,    ///< a sole is not flat on the ground
};

/// What became of the last attempt to arm. Plain data.
struct ArmOutcome {
  ArmRefusal refusal = ArmRefusal::kNotTried;
  double got = 0.0;
  double allowed = 0.0;

  bool granted() const noexcept { return refusal == ArmRefusal::kNone; }
};

/// Whether a robot of `weight_n` stands on its feet: the estimate finite and plausible, both feet
/// together carrying at least half of the weight, the soles level. RT-safe.
ArmOutcome inspect_stand(const RobotState& estimate, const Footing& footing,
                         double weight_n) noexcept;

/// One line: where, what, got, allowed, consequence; empty when granted or not tried. Allocates.
std::string describe(const ArmOutcome& outcome);

}  // namespace exoactor
