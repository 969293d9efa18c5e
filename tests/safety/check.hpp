#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>

/// The smallest test harness: counts what does not hold and says where. With STOP_AT_FIRST defined
/// the first is the last.
inline int& failures() {
  static int count = 0;
  return count;
}

inline void check(bool holds, const char* what, const char* file, int line) {
  if (holds) return;
  ++failures();
  std::printf("%s:%d: does not hold: %s\n", file, line, what);
#ifdef STOP_AT_FIRST
  std::fflush(stdout);
  std::_Exit(1);
#endif
}

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)

inline bool is_near(double a, double b, double tolerance = 1e-12) {
  return std::fabs(a - b) <= tolerance;
}
