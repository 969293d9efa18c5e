#pragma once

#include <cstdint>
#include <exoactor/types/robot_health.hpp>

namespace exoactor {

/// What the guard is told beside command and measurement. Stamps are monotonic; 0: there is none,
/// and nothing to check.
struct GuardContext {
  RobotHealth health;
  bool task = false;              ///< a plan or a tracker is under way
  std::int64_t progress_ns = 0;   ///< when the task last came forward
  std::int64_t target_ns = 0;     ///< of the state that the driving tracker's target answers
  std::int64_t heartbeat_ns = 0;  ///< when whoever supervises the loop was last heard
};

}  // namespace exoactor
