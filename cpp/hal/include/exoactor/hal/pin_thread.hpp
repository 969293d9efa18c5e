#pragma once

#include <pthread.h>
#include <sched.h>

#include <cstddef>

namespace exoactor {

/// Keeps the calling thread, and the threads that it starts from now on, on one processor; any
/// where `cpu` is negative. 0, or the errno of the refusal.
inline int pin_thread(int cpu) noexcept {
  if (cpu < 0) return 0;
  cpu_set_t only;
  CPU_ZERO(&only);
  if (cpu < CPU_SETSIZE) CPU_SET(static_cast<std::size_t>(cpu), &only);
  return pthread_setaffinity_np(pthread_self(), sizeof only, &only);
}

}  // namespace exoactor
