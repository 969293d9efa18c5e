#include <exoactor/safety/health_inspector.hpp>

#include "check.hpp"
#include "samples.hpp"
#include "tests.hpp"

namespace exoactor {
namespace {

/// An inspector that gets a message every tick.
struct Watch {
  template <typename Change>
  Trip step(int messages, Change change) {
    Trip found;
    for (int i = 0; i < messages; ++i) {
      now_ns += kTick;
      RobotHealth health = health_at(now_ns);
      change(health);
      found = inspector.inspect(health, limits);
    }
    return found;
  }
  Trip step(int messages = 1) {
    return step(messages, [](RobotHealth&) {});
  }

  GuardLimits limits = default_guard_limits();
  HealthInspector inspector;
  std::int64_t now_ns = 1000 * kTick;
};

template <typename Change>
Trip check_debounced(TripCause cause, int joint, Change change) {
  Watch watch;
  const int debounce = watch.limits.debounce_ticks;
  CHECK(!watch.step(debounce - 1, change));
  CHECK(!watch.inspector.quiet());
  CHECK(!watch.step());
  CHECK(watch.inspector.quiet());
  CHECK(!watch.step(debounce - 1, change));
  const Trip found = watch.step(1, change);
  CHECK(found.cause == cause && found.joint == joint);
  CHECK(!watch.inspector.quiet());
  CHECK(!watch.step());
  CHECK(watch.inspector.quiet());
  return found;
}

template <typename Change>
Trip check_concern(TripCause cause, int joint, Change change) {
  Watch watch;
  const int debounce = watch.limits.debounce_ticks;
  CHECK(!watch.step(debounce - 1, change));
  CHECK(!watch.inspector.concern() && !watch.inspector.quiet());
  CHECK(!watch.step(1, change));
  const Trip found = watch.inspector.concern();
  CHECK(found.cause == cause && found.joint == joint);
  CHECK(!watch.step());
  CHECK(!watch.inspector.concern() && watch.inspector.quiet());
  return found;
}

template <typename Change>
void check_allowed(Change change) {
  Watch watch;
  CHECK(!watch.step(20, change));
  CHECK(!watch.inspector.concern());
  CHECK(watch.inspector.quiet());
}

void test_a_well_robot_and_one_that_tells_nothing() {
  check_allowed([](RobotHealth&) {});
  check_allowed([](RobotHealth& health) {
    health = RobotHealth{};
    health.other_publishers = 3;
    health.charge_percent = 1;
  });
}

void test_both_sensors_of_every_motor() {
  for (const std::size_t j : {0U, 3U, 28U}) {
    const int joint = static_cast<int>(j);
    check_allowed([&](RobotHealth& h) { h.winding_temperature_c[j] = 110; });
    check_allowed([&](RobotHealth& h) { h.surface_temperature_c[j] = 80; });
    Trip warm = check_concern(TripCause::kMotorWarm, joint,
                              [&](RobotHealth& h) { h.winding_temperature_c[j] = 111; });
    CHECK(warm.got == 111.0 && warm.allowed == 110.0);
    warm = check_concern(TripCause::kMotorWarm, joint,
                         [&](RobotHealth& h) { h.surface_temperature_c[j] = 81; });
    CHECK(warm.got == 81.0 && warm.allowed == 80.0);
    Watch watch;
    CHECK(!watch.step(20, [&](RobotHealth& h) {
      h.winding_temperature_c[j] = 120;
      h.surface_temperature_c[j] = 85;
    }));
    Trip hot = check_debounced(TripCause::kMotorHot, joint,
                               [&](RobotHealth& h) { h.winding_temperature_c[j] = 121; });
    CHECK(hot.got == 121.0 && hot.allowed == 120.0);
    hot = check_debounced(TripCause::kMotorHot, joint,
                          [&](RobotHealth& h) { h.surface_temperature_c[j] = 86; });
    CHECK(hot.got == 86.0 && hot.allowed == 85.0);
  }
}

void test_motor_faults() {
  check_allowed([](RobotHealth& h) { h.motor_fault.fill(kMotorTimeoutFault); });
  for (const std::size_t j : {0U, 28U}) {
    const Trip found = check_debounced(TripCause::kMotorFault, static_cast<int>(j),
                                       [&](RobotHealth& h) { h.motor_fault[j] = 0x40000101U; });
    CHECK(found.got == 257.0 && found.allowed == 0.0);
  }
}

void test_a_fault_goes_before_heat_before_the_battery() {
  Watch watch;
  const auto hot = [](RobotHealth& h) {
    h.winding_temperature_c[2] = 130;
    h.charge_percent = 1;
  };
  CHECK(watch.step(5, hot).cause == TripCause::kMotorHot);
  CHECK(watch
            .step(5,
                  [&](RobotHealth& h) {
                    hot(h);
                    h.motor_fault[9] = 1;
                  })
            .cause == TripCause::kMotorFault);
}

void test_battery() {
  check_allowed([](RobotHealth& h) { h.charge_percent = 25; });
  check_allowed([](RobotHealth& h) { h.charge_percent = -1; });
  const Trip reserve =
      check_concern(TripCause::kBatteryReserve, -1, [](RobotHealth& h) { h.charge_percent = 24; });
  CHECK(reserve.got == 24.0 && reserve.allowed == 25.0);
  check_concern(TripCause::kBatteryReserve, -1, [](RobotHealth& h) { h.charge_percent = 20; });
  for (const int charge : {19, 0}) {
    const Trip low = check_debounced(TripCause::kBatteryLow, -1,
                                     [&](RobotHealth& h) { h.charge_percent = charge; });
    CHECK(low.got == charge && low.allowed == 20.0);
  }
}

void test_warmth_goes_before_the_battery_s_reserve() {
  Watch watch;
  watch.step(5, [](RobotHealth& h) {
    h.winding_temperature_c[2] = 112;
    h.charge_percent = 22;
  });
  CHECK(watch.inspector.concern().cause == TripCause::kMotorWarm);
  watch.step(1, [](RobotHealth& h) { h.charge_percent = 22; });
  CHECK(watch.inspector.concern().cause == TripCause::kBatteryReserve);
}

void test_what_acts_at_once() {
  Watch watch;
  const Trip revision = watch.step(1, [](RobotHealth& h) { h.mode_machine = 4; });
  CHECK(revision.cause == TripCause::kModeChanged && revision.joint == -1);
  CHECK(revision.got == 4.0 && revision.allowed == 5.0);
  CHECK(!watch.inspector.quiet());
  CHECK(!watch.step());
  const Trip other = watch.step(1, [](RobotHealth& h) { h.other_publishers = 2; });
  CHECK(other.cause == TripCause::kSecondPublisher && other.joint == -1);
  CHECK(other.got == 2.0 && other.allowed == 0.0);
  CHECK(watch.step(1, [](RobotHealth& h) { h.other_publishers = 1; }).cause ==
        TripCause::kSecondPublisher);
}

void test_abort_takes_two_buttons_and_goes_before_all() {
  const auto l2 = static_cast<std::uint16_t>(RemoteButton::kL2);
  const auto b = static_cast<std::uint16_t>(RemoteButton::kB);
  check_allowed([&](RobotHealth& h) { h.remote.buttons = l2; });
  check_allowed([&](RobotHealth& h) { h.remote.buttons = b; });
  Watch watch;
  const Trip found = watch.step(1, [&](RobotHealth& h) {
    h.remote.buttons = l2 | b;
    h.mode_machine = 4;
    h.other_publishers = 1;
  });
  CHECK(found.cause == TripCause::kRemoteAbort && found.joint == -1);
  CHECK(found.got == 0.0 && found.allowed == 0.0);
  const Trip second = watch.step(1, [&](RobotHealth& h) {
    h.mode_machine = 4;
    h.other_publishers = 1;
  });
  CHECK(second.cause == TripCause::kModeChanged);
}

/// The same message seen again is no further evidence; it keeps what was found.
void test_only_new_messages_count() {
  Watch watch;
  RobotHealth health = health_at(watch.now_ns);
  health.motor_fault[3] = 1;
  for (int i = 0; i < 20; ++i) CHECK(!watch.inspector.inspect(health, watch.limits));
  Watch other;
  const auto fault = [](RobotHealth& h) { h.motor_fault[3] = 1; };
  CHECK(bool(other.step(5, fault)));
  health = health_at(other.now_ns);
  CHECK(other.inspector.inspect(health, other.limits).cause == TripCause::kMotorFault);
}

void test_damaged_messages_in_a_row() {
  RobotHealth unheard;
  unheard.bad_crc = 100;
  HealthInspector deaf;
  CHECK(!deaf.inspect(unheard, default_guard_limits()));
  Watch watch;
  CHECK(!watch.step(1, [](RobotHealth& h) { h.bad_crc = 1000; }));
  RobotHealth health = health_at(watch.now_ns);
  health.bad_crc = 1015;
  CHECK(!watch.inspector.inspect(health, watch.limits));
  CHECK(watch.inspector.quiet());
  health.bad_crc = 1016;
  const Trip found = watch.inspector.inspect(health, watch.limits);
  CHECK(found.cause == TripCause::kCrcErrors && found.joint == -1);
  CHECK(found.got == 16.0 && found.allowed == 15.0);
  CHECK(!watch.step(1, [](RobotHealth& h) { h.bad_crc = 1016; }));
  health = health_at(watch.now_ns);
  health.bad_crc = 1031;
  CHECK(!watch.inspector.inspect(health, watch.limits));
}

}  // namespace

void test_health_inspector() {
  test_a_well_robot_and_one_that_tells_nothing();
  test_both_sensors_of_every_motor();
  test_motor_faults();
  test_a_fault_goes_before_heat_before_the_battery();
  test_battery();
  test_warmth_goes_before_the_battery_s_reserve();
  test_what_acts_at_once();
  test_abort_takes_two_buttons_and_goes_before_all();
  test_only_new_messages_count();
  test_damaged_messages_in_a_row();
}

}  // namespace exoactor
