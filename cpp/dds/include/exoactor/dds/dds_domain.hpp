#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace exoactor {

/// Where to find the robot. Domain 0 is the robot's, 1 the simulator's by convention.
struct DdsOptions {
  int domain = 1;
  std::string network_interface = "lo";
  std::vector<std::string> peers;  ///< addresses, where multicast does not reach
  int receive_priority = 79;       ///< SCHED_FIFO, of receiving, where granted; 0 for none
};

/// A handle of the C API.
using DdsHandle = std::int32_t;

/// A participant of a domain whose network settings are given here and nowhere else: environment
/// variables are not read. Participants of one process share its domain. What is made from a
/// participant ends with it; no callback runs after the destructor.
class DdsParticipant {
 public:
  /// Throws std::runtime_error when the domain is refused, or already open with other settings.
  explicit DdsParticipant(const DdsOptions& options);
  ~DdsParticipant();
  DdsParticipant(const DdsParticipant&) = delete;
  DdsParticipant& operator=(const DdsParticipant&) = delete;

  DdsHandle handle() const noexcept { return handle_; }

 private:
  std::shared_ptr<const DdsHandle> domain_;
  DdsHandle handle_;
};

/// `handle`, or std::runtime_error "dds: <what>: <reason>" when it is an error code.
DdsHandle checked(DdsHandle handle, const char* what);

}  // namespace exoactor
