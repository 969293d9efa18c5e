#pragma once

namespace exoactor {

void test_state_machine();
void test_status();
void test_limits();
void test_motion_inspector();
void test_health_inspector();
void test_pace_inspector();
void test_command_inspector();
void test_command_clamp();
void test_guard();

}  // namespace exoactor
