#pragma once

#include <exoactor/dds/dds_domain.hpp>
#include <exoactor/dds/robot_listener.hpp>
#include <string>
#include <vector>

namespace exoactor {

/// Looks at a robot and its network, and sends nothing: it has no publisher. One thread.
class DdsObserver {
 public:
  /// Throws std::runtime_error where the library refuses.
  DdsObserver(const DdsOptions& options, const IntakeLimits& limits);

  RobotListener& listener() noexcept { return listener_; }

  /// The other participants alive in the domain, one line each: program, process and host where
  /// they tell. Allocates.
  std::vector<std::string> peers() const;

 private:
  DdsParticipant participant_;
  RobotListener listener_;
  DdsHandle peer_reader_;
};

}  // namespace exoactor
