#include <cmath>
#include <exoactor/safety/guard.hpp>
#include <limits>
#include <stdexcept>

#include "check.hpp"
#include "samples.hpp"
#include "tests.hpp"

namespace exoactor {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

using Joints = JointVector GuardLimits::*;
constexpr Joints kJointFields[] = {
    &GuardLimits::torque,        &GuardLimits::command_speed,   &GuardLimits::measured_speed,
    &GuardLimits::speed_ceiling, &GuardLimits::sustained_speed, &GuardLimits::stiffness,
    &GuardLimits::damping,       &GuardLimits::damping_command, &GuardLimits::torque_step};
constexpr double GuardLimits::* kRealFields[] = {&GuardLimits::position_overrun_rad,
                                                 &GuardLimits::tilt_rad,
                                                 &GuardLimits::gyro_rad_s,
                                                 &GuardLimits::quaternion_norm_error,
                                                 &GuardLimits::sustained_time_s,
                                                 &GuardLimits::commands_ahead,
                                                 &GuardLimits::overruns};
constexpr std::int64_t GuardLimits::* kTimeFields[] = {
    &GuardLimits::state_age_ns, &GuardLimits::command_age_ns, &GuardLimits::target_age_ns,
    &GuardLimits::plan_age_ns,  &GuardLimits::heartbeat_ns,   &GuardLimits::imu_frozen_ns,
    &GuardLimits::period_ns,    &GuardLimits::command_gap_ns};
constexpr int GuardLimits::* kCountFields[] = {
    &GuardLimits::debounce_ticks,          &GuardLimits::winding_temperature_c,
    &GuardLimits::surface_temperature_c,   &GuardLimits::battery_percent,
    &GuardLimits::winding_warm_c,          &GuardLimits::surface_warm_c,
    &GuardLimits::battery_reserve_percent, &GuardLimits::crc_errors};

bool is_refused(const GuardLimits& limits) {
  const std::string fault = find_fault(limits);
  bool thrown = false;
  try {
    static_cast<void>(Guard(limits));
  } catch (const std::invalid_argument& error) {
    thrown = error.what() == fault;
  }
  CHECK(thrown == !fault.empty());
  return thrown;
}

void test_the_defaults_can_be_enforced() {
  CHECK(find_fault(default_guard_limits()).empty());
  CHECK(!is_refused(default_guard_limits()));
}

template <typename Field, typename Value>
void check_bound(Field field, std::initializer_list<Value> bad, Value good) {
  for (const Value value : bad) {
    GuardLimits limits = default_guard_limits();
    limits.*field = value;
    CHECK(is_refused(limits));
  }
  GuardLimits limits = default_guard_limits();
  limits.*field = good;
  CHECK(!is_refused(limits));
}

void test_what_must_be_positive_is() {
  for (const Joints field : kJointFields) {
    for (const int joint : {0, 28}) {
      for (const double value : {0.0, -1.0, kNan, kInfinite}) {
        GuardLimits limits = default_guard_limits();
        (limits.*field)[joint] = value;
        CHECK(is_refused(limits));
      }
      GuardLimits limits = default_guard_limits();
      (limits.*field)[joint] = 1e-3;
      CHECK(!is_refused(limits));
    }
  }
  for (const auto field : kRealFields) check_bound(field, {0.0, -1.0, kNan, kInfinite}, 1e-3);
  for (const auto field : kTimeFields) {
    check_bound<std::int64_t GuardLimits::*, std::int64_t>(field, {0, -1}, 1);
  }
  for (const auto field : kCountFields) check_bound(field, {0, -1}, 1);
}

void test_the_range_must_leave_room_for_the_margin() {
  GuardLimits limits = default_guard_limits();
  limits.position_margin_rad = 0.25;
  limits.position_lower[28] = 1.0;
  limits.position_upper[28] = 1.5;
  CHECK(find_fault(limits) ==
        "guard limits: right_wrist_yaw_joint range less margins 0.000000, must be greater than 0; "
        "guard not made");
  limits.position_upper[28] = 1.75;
  CHECK(find_fault(limits).empty());
  limits.position_upper[0] = limits.position_lower[0];
  CHECK(is_refused(limits));
  for (const double margin : {-1e-3, kNan}) {
    GuardLimits odd = default_guard_limits();
    odd.position_margin_rad = margin;
    CHECK(is_refused(odd));
  }
  GuardLimits none = default_guard_limits();
  none.position_margin_rad = 0.0;
  CHECK(!is_refused(none));
  none.position_margin_rad = -1e-3;
  CHECK(find_fault(none) ==
        "guard limits: position_margin_rad -0.001000, must be greater than 0; guard not made");
}

void test_faults_name_joint_and_value() {
  GuardLimits limits = default_guard_limits();
  limits.torque[3] = -2.0;
  CHECK(find_fault(limits) ==
        "guard limits: left_knee_joint torque -2.000000, must be greater than 0; guard not made");
  limits = default_guard_limits();
  limits.torque[0] = 0.0;
  CHECK(find_fault(limits) ==
        "guard limits: left_hip_pitch_joint torque 0.000000, must be greater than 0; guard not "
        "made");
  limits = default_guard_limits();
  limits.tilt_rad = 0.0;
  CHECK(find_fault(limits) ==
        "guard limits: tilt_rad 0.000000, must be greater than 0; guard not made");
  limits = default_guard_limits();
  limits.heartbeat_ns = -5;
  CHECK(find_fault(limits) ==
        "guard limits: heartbeat_ns -5.000000, must be greater than 0; guard not made");
  limits = default_guard_limits();
  limits.crc_errors = 0;
  CHECK(find_fault(limits) ==
        "guard limits: crc_errors 0.000000, must be greater than 0; guard not made");
}

void test_the_defaults_are_no_looser_than_the_robot() {
  const GuardLimits limits = default_guard_limits();
  for (int j = 0; j < kNumJoints; ++j) {
    const JointSpec& joint = kJointTable[static_cast<std::size_t>(j)];
    CHECK(limits.position_lower[j] == joint.lower_rad);
    CHECK(limits.position_upper[j] == joint.upper_rad);
    CHECK(limits.torque[j] == joint.effort_nm);
    CHECK(limits.speed_ceiling[j] == joint.velocity_rad_s);
    CHECK(limits.command_speed[j] == 10.0 && limits.measured_speed[j] == 10.0);
    CHECK(limits.sustained_speed[j] == 10.0);
    CHECK(is_near(limits.torque_step[j], 0.5 * joint.effort_nm));
    const bool large = joint.effort_nm >= 50.0;
    CHECK(limits.stiffness[j] == (large ? 200.0 : 60.0));
    CHECK(limits.damping[j] == (large ? 10.0 : 4.0));
  }
  CHECK(limits.tilt_rad == 1.0 && limits.gyro_rad_s == 6.0);
  CHECK(limits.winding_temperature_c == 120 && limits.surface_temperature_c == 85);
  CHECK(limits.battery_percent == 20);
  CHECK(limits.winding_warm_c < limits.winding_temperature_c);
  CHECK(limits.surface_warm_c < limits.surface_temperature_c);
  CHECK(limits.battery_reserve_percent > limits.battery_percent);
}

void test_damping_goes_by_the_size_of_the_motor() {
  const GuardLimits limits = default_guard_limits();
  CHECK(limits.damping_command[0] == 5.0);   // hip pitch, 88 Nm
  CHECK(limits.damping_command[3] == 5.0);   // knee, 139 Nm
  CHECK(limits.damping_command[4] == 3.0);   // ankle pitch, 50 Nm
  CHECK(limits.damping_command[15] == 2.0);  // shoulder pitch, 25 Nm
  CHECK(limits.damping_command[28] == 1.0);  // wrist yaw, 5 Nm
}

}  // namespace

void test_limits() {
  test_the_defaults_can_be_enforced();
  test_what_must_be_positive_is();
  test_the_range_must_leave_room_for_the_margin();
  test_faults_name_joint_and_value();
  test_the_defaults_are_no_looser_than_the_robot();
  test_damping_goes_by_the_size_of_the_motor();
}

}  // namespace exoactor
