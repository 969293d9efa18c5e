#pragma once

#include <atomic>
#include <cstdint>
#include <exoactor/dds/dds_domain.hpp>
#include <exoactor/dds/participant_id.hpp>
#include <map>
#include <mutex>
#include <vector>

namespace exoactor {

/// Counts the publishers of motor commands other than one's own participant, of this process or
/// another, from the library's discovery. A publisher that crashed counts until its lease has run
/// out.
class PublisherWatch {
 public:
  explicit PublisherWatch(const DdsParticipant& participant);
  ~PublisherWatch();
  PublisherWatch(const PublisherWatch&) = delete;
  PublisherWatch& operator=(const PublisherWatch&) = delete;

  /// From any thread. RT-safe.
  int others() const noexcept { return others_.load(std::memory_order_acquire); }

  /// Those that do not belong to `known` either. From any thread; waits for discovery.
  int others_than(const std::vector<ParticipantId>& known);

 private:
  static void on_data(DdsHandle reader, void* self);
  void look(DdsHandle reader);

  DdsHandle participant_;
  std::mutex mutex_;  ///< of the map, which any thread that discovers may touch
  std::map<std::uint64_t, ParticipantId> publishers_;  ///< instance handle -> whose
  std::atomic<int> others_{0};
  DdsHandle reader_ = 0;
};

}  // namespace exoactor
