#pragma once

#include <cstdint>
#include <exoactor/control/telemetry.hpp>
#include <exoactor/types/state.hpp>
#include <exoactor/types/tracker_target.hpp>

namespace exoactor {

/// A target older than this is late: it is held, and counted.
inline constexpr std::int64_t kTargetLate = 60'000'000;  // ns
/// A target older than this is lost: the follower fails, and its command only damps.
inline constexpr std::int64_t kTargetLost = 120'000'000;  // ns

/// Follows the targets of a learned tracker, which come slower than the tick and from another
/// thread. Everything is RT-safe.
class TrackerFollower {
 public:
  /// Forgets failures and counts.
  void reset();

  /// The newest target; the same one may be given again.
  void receive(const TrackerTarget& target) { target_ = target; }

  const TrackerTarget& target() const { return target_; }

  /// Whether the target is neither late at `now_ns` nor from the future.
  bool is_fresh(std::int64_t now_ns) const;

  /// The command that answers `state`.
  const JointCommand& step(const RobotState& state, std::int64_t now_ns);

  const ControlTelemetry& telemetry() const { return telemetry_; }

 private:
  ControlStatus judge_age(std::int64_t age_ns);
  void write_telemetry(const RobotState& state, std::int64_t now_ns);

  TrackerTarget target_;
  JointCommand command_;
  ControlTelemetry telemetry_;
};

}  // namespace exoactor
