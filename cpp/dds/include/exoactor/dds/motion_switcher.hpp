#pragma once

#include <exoactor/dds/dds_domain.hpp>
#include <string>

namespace exoactor {

/// The service by which a robot's own motion program is asked about and released, as a simulated
/// robot offers it. One thread.
class MotionSwitcher {
 public:
  /// `mode` is the name of the program that runs, e.g. "ai"; empty: none, the motors obey commands.
  MotionSwitcher(const DdsParticipant& participant, std::string mode);
  ~MotionSwitcher();
  MotionSwitcher(const MotionSwitcher&) = delete;
  MotionSwitcher& operator=(const MotionSwitcher&) = delete;

  /// Answers what has been asked since the last call.
  void serve();

  const std::string& mode() const noexcept { return mode_; }

 private:
  std::string mode_;
  DdsHandle reader_;
  DdsHandle writer_;
};

}  // namespace exoactor
