#pragma once

#include <cstddef>
#include <cstdint>
#include <exoactor/hal/spsc_ring.hpp>

namespace exoactor {

/// A message of the network as it lies in memory and as its CRC sees it, for the log.
template <typename Message>
struct RawMessage {
  std::int64_t stamp_ns = 0;  ///< monotonic time at which it came, or had gone
  Message message;
};

/// From a thread of the link to the one that logs.
template <typename Message>
using RawRing = SpscRing<RawMessage<Message>>;

inline constexpr std::size_t kRawMessages = 1024;  ///< two seconds' worth

}  // namespace exoactor
