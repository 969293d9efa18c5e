#pragma once

#include <array>
#include <cstdint>
#include <exoactor/types/tracker_target.hpp>

namespace exoactor {

/// What the owner of a tick called between two steps.
enum class TickCall : std::uint8_t {
  kNone = 0,
  kReset,
  kArm,
  kDamp,
  kStopForGood,
  kClearEmergency,
  kPose
};

/// All that reached a step besides measurement, health, heartbeat and time. What other threads ask
/// is sampled once, at the start of the step, so that a tick that is given the same again does the
/// same again: first the stops up to `stops_forgotten`, then the calls, then the plan, the stops up
/// to `stops_before_tracking`, the tracking, the stops that are left, and the target.
struct TickInputs {
  static constexpr int kMostCalls = 4;

  bool fresh = false;            ///< something is here that the step before did not have
  std::int64_t fresh_ticks = 0;  ///< so far, this one included
  std::array<TickCall, kMostCalls> calls{};  ///< in order
  std::array<std::int64_t, kMostCalls> call_ns{};
  int call_count = 0;
  std::int64_t lost_calls = 0;                       ///< had no room, so far
  std::int64_t stops = 0;                            ///< controlled stops asked for so far
  std::int64_t stops_forgotten = 0;                  ///< of these, before the last arming or reset
  std::int64_t plans = 0;                            ///< number of the newest plan seen, from 1
  std::int64_t trackings = 0;                        ///< number of the newest tracking seen, from 1
  std::int64_t stops_before_tracking = 0;            ///< stops asked for before it was
  JointVector tracking_speed = JointVector::Zero();  ///< rad/s, what it declared
  std::int64_t targets = 0;                          ///< number of the newest target, from 1
  TrackerTarget target;
};

}  // namespace exoactor
