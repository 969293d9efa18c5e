#pragma once

#include <cstdint>
#include <exoactor/dds/dds_domain.hpp>
#include <exoactor/dds/driven_record.hpp>
#include <exoactor/dds/publisher_watch.hpp>
#include <string>

namespace exoactor {

/// Streams damping to a robot whose driver is dead.
class LastDamping {
 public:
  /// Opens the network; sends nothing and makes no publisher. Throws std::runtime_error.
  explicit LastDamping(const DdsOptions& options);

  /// Damps the robot that `record` tells of for `duration_s` and lets go of it, or says why not;
  /// empty when done. The caller has the right to damp. Another publisher of commands than those
  /// that the record knows, seen within the first 0.1 s, ends it. `ended_ns`: when the driver's end
  /// was noticed, for the report on stderr.
  std::string run(DrivenView& record, double duration_s, std::int64_t ended_ns);

 private:
  DdsParticipant participant_;
  PublisherWatch watch_;
};

/// CLOCK_MONOTONIC.
std::int64_t monotonic_ns() noexcept;

}  // namespace exoactor
