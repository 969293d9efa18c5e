#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace exoactor {

/// Upper edges of the lateness bins, ns; one more bin holds what is later than the last.
inline constexpr std::array<std::int64_t, 11> kLatenessEdges{
    10'000,    20'000,    50'000,    100'000,    200'000,   500'000,
    1'000'000, 2'000'000, 5'000'000, 10'000'000, 20'000'000};
inline constexpr std::size_t kLatenessBins = kLatenessEdges.size() + 1;
using LatenessBins = std::array<std::int64_t, kLatenessBins>;

/// How many ticks began how late. One thread adds, any reads.
class LatenessHistogram {
 public:
  /// RT-safe.
  void add(std::int64_t late_ns) noexcept {
    std::size_t bin = 0;
    while (bin < kLatenessEdges.size() && late_ns > kLatenessEdges[bin]) ++bin;
    bins_[bin].fetch_add(1, std::memory_order_relaxed);
  }

  LatenessBins bins() const noexcept {
    LatenessBins copy{};
    for (std::size_t bin = 0; bin < kLatenessBins; ++bin) copy[bin] = bins_[bin].load();
    return copy;
  }

 private:
  std::array<std::atomic<std::int64_t>, kLatenessBins> bins_{};
};

}  // namespace exoactor
