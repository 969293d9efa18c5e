#pragma once

#include <algorithm>

namespace exoactor {

/// Counts how often in a row something was out of bounds. RT-safe.
class Debounce {
 public:
  /// True once it was outside `limit` times in a row.
  bool persists(bool outside, int limit) noexcept {
    count_ = outside ? std::min(count_ + 1, limit) : 0;
    return count_ >= limit;
  }

  /// Whether it was inside the last time.
  bool quiet() const noexcept { return count_ == 0; }

 private:
  int count_ = 0;
};

}  // namespace exoactor
