#pragma once

#include <cstdint>
#include <exoactor/runtime/control_tick.hpp>
#include <exoactor/runtime/record_ring.hpp>
#include <exoactor/sim/simulated_body.hpp>
#include <vector>

namespace exoactor {

/// What really is when a tick measures.
struct TruthAt {
  double time_s = 0.0;  ///< since the release
  TruthRow truth;
};

/// Runs `ticks` control periods of `period_ns`, the first measured at `now_ns`: read, decide,
/// record, write, let the period pass. Ends early after the period in which the robot falls.
/// Records go to `ring`, which counts them as dropped when full. What really was, one entry a tick.
std::vector<TruthAt> run_lockstep(SimulatedBody& body, ControlTick& tick, RecordRing& ring,
                                  std::int64_t now_ns, std::int64_t period_ns, int ticks);

}  // namespace exoactor
