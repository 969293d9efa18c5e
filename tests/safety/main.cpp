#include "check.hpp"
#include "tests.hpp"

int main() {
  exoactor::test_state_machine();
  exoactor::test_status();
  exoactor::test_limits();
  exoactor::test_motion_inspector();
  exoactor::test_health_inspector();
  exoactor::test_pace_inspector();
  exoactor::test_command_inspector();
  exoactor::test_command_clamp();
  exoactor::test_guard();
  if (failures() == 0) std::printf("all hold\n");
  return failures() == 0 ? 0 : 1;
}
