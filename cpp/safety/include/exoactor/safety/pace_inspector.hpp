#pragma once

#include <cstdint>
#include <exoactor/safety/guard_context.hpp>
#include <exoactor/safety/guard_limits.hpp>
#include <exoactor/safety/guard_status.hpp>

namespace exoactor {

/// Checks the pace at which a driven robot gets its commands, and the age of what they come from.
/// RT-safe. One thread.
class PaceInspector {
 public:
  /// Begins anew: the robot has just been armed.
  void begin(std::int64_t now_ns) noexcept;

  /// The first finding that leads to damping.
  Trip inspect(const GuardContext& context, std::int64_t now_ns,
               const GuardLimits& limits) noexcept;

  /// What, as of the last inspection, asks for a controlled stop.
  const Trip& concern() const noexcept { return concern_; }

 private:
  Trip inspect_gap(std::int64_t gap_ns, const GuardLimits& limits) noexcept;
  void find_concern(const GuardContext& context, std::int64_t now_ns,
                    const GuardLimits& limits) noexcept;

  std::int64_t last_ns_ = 0;
  double ahead_ = 0.0;     ///< commands sent before their time
  double overruns_ = 0.0;  ///< periods lost, of about the last second
  Trip concern_;
};

}  // namespace exoactor
