#include <cmath>
#include <exoactor/safety/motion_inspector.hpp>
#include <exoactor/safety/violation.hpp>
#include <limits>

#include "check.hpp"
#include "samples.hpp"
#include "tests.hpp"

namespace exoactor {
namespace {

const GuardLimits kLimits = default_guard_limits();

/// An inspector and its clock.
struct Watch {
  template <typename Change>
  Trip step(int ticks, Change change) {
    Trip found;
    for (int i = 0; i < ticks; ++i) {
      now_ns += kTick;
      SensorState state = state_at(now_ns);
      change(state);
      found = motion.inspect(state, now_ns, speed, limits);
    }
    return found;
  }
  Trip step(int ticks = 1) {
    return step(ticks, [](SensorState&) {});
  }

  GuardLimits limits = kLimits;
  MotionInspector motion;
  std::int64_t now_ns = 1000 * kTick;
  JointVector speed = limits.measured_speed;
};

/// The trip comes with the last tick of the debounce, and one good tick begins the count anew.
template <typename Change>
void check_debounced(TripCause cause, int joint, Change change) {
  Watch watch;
  const int debounce = watch.limits.debounce_ticks;
  CHECK(watch.motion.quiet());
  CHECK(!watch.step(debounce - 1, change));
  CHECK(!watch.motion.quiet());
  CHECK(!watch.step());
  CHECK(watch.motion.quiet());
  CHECK(!watch.step(debounce - 1, change));
  const Trip found = watch.step(1, change);
  CHECK(found.cause == cause && found.joint == joint);
  CHECK(watch.step(3, change).cause == cause);
  CHECK(!watch.motion.quiet());
  CHECK(!watch.step());
}

template <typename Change>
void check_allowed(Change change) {
  Watch watch;
  CHECK(!watch.step(2 * watch.limits.debounce_ticks, change));
  CHECK(watch.motion.quiet());
}

Eigen::Vector4d tilted(double angle, double azimuth) {
  const double s = std::sin(0.5 * angle);
  return {std::cos(0.5 * angle), s * std::cos(azimuth), s * std::sin(azimuth), 0.0};
}

void test_a_robot_at_rest_is_well() {
  Watch watch;
  CHECK(!watch.step(1000));
  CHECK(watch.motion.quiet());
}

void test_the_first_number_that_is_none_is_found() {
  JointVector values = JointVector::Zero();
  CHECK(find_not_finite(values) == -1);
  values[28] = values[5] = kNan;
  CHECK(find_not_finite(values) == 5);
}

void test_numbers_that_are_none() {
  for (const double bad : {kNan, std::numeric_limits<double>::infinity()}) {
    for (const int joint : {0, 28}) {
      Watch watch;
      const auto is_found = [&](const Trip& trip, double value) {
        return trip.cause == TripCause::kStateNotFinite && trip.joint == joint &&
               (std::isnan(value) ? std::isnan(trip.got) : trip.got == value) && trip.allowed == 0;
      };
      CHECK(is_found(watch.step(1, [&](SensorState& s) { s.joint_position[joint] = bad; }), bad));
      CHECK(is_found(watch.step(1, [&](SensorState& s) { s.joint_velocity[joint] = bad; }), bad));
      CHECK(is_found(watch.step(1, [&](SensorState& s) { s.joint_torque[joint] = bad; }), bad));
    }
    Watch watch;
    const auto is_found = [](const Trip& trip) {
      return trip.cause == TripCause::kStateNotFinite && trip.joint == -1 && trip.allowed == 0.0;
    };
    CHECK(is_found(watch.step(1, [&](SensorState& s) { s.quat_world_imu_wxyz[2] = bad; })));
    CHECK(is_found(watch.step(1, [&](SensorState& s) { s.gyro_in_imu[1] = bad; })));
    CHECK(is_found(watch.step(1, [&](SensorState& s) { s.accel_in_imu[0] = bad; })));
  }
}

void test_age() {
  Watch watch;
  const std::int64_t limit_ns = watch.limits.state_age_ns;
  CHECK(!watch.step(1, [&](SensorState& s) { s.stamp_ns -= limit_ns; }));
  const Trip old = watch.step(1, [&](SensorState& s) { s.stamp_ns -= limit_ns + 1; });
  CHECK(old.cause == TripCause::kStateAge && old.joint == -1);
  CHECK(is_near(old.got, 0.05, 1e-8) && is_near(old.allowed, 0.05));
  CHECK(!watch.step(1, [&](SensorState& s) { s.stamp_ns = watch.now_ns; }));
  const Trip future = watch.step(1, [&](SensorState& s) { s.stamp_ns += 1; });
  CHECK(future.cause == TripCause::kClock && future.joint == -1);
  CHECK(is_near(future.got, -1e-9, 1e-15) && future.allowed == 0.0);
}

void test_time_that_runs_backwards() {
  Watch watch;
  watch.step();
  watch.now_ns -= kTick;
  CHECK(!watch.step());
  watch.now_ns -= 2 * kTick;
  const Trip found = watch.step();
  CHECK(found.cause == TripCause::kClock && found.joint == -1 && found.allowed == 0.0);
  CHECK(is_near(found.got, -1e-9 * kTick));
  Watch early;
  early.now_ns = -10 * kTick;
  CHECK(!early.step());
}

void test_attitude_must_be_a_rotation() {
  const double error = kLimits.quaternion_norm_error;
  check_allowed([&](SensorState& s) { s.quat_world_imu_wxyz[0] = 1.0 + 0.99 * error; });
  check_allowed([&](SensorState& s) { s.quat_world_imu_wxyz[0] = 1.0 - 0.99 * error; });
  for (const double factor : {1.0 + 1.01 * error, 1.0 - 1.01 * error, 0.0}) {
    Watch watch;
    const Trip found = watch.step(1, [&](SensorState& s) { s.quat_world_imu_wxyz[0] = factor; });
    CHECK(found.cause == TripCause::kAttitude && found.joint == -1);
    CHECK(is_near(found.got, factor - 1.0) && found.allowed == error);
  }
}

/// Rounding must not make a number that is none of an upside-down robot's tilt.
void test_upside_down_trips_whatever_the_rounding() {
  for (int i = 0; i < 2000; ++i) {
    const double azimuth = 0.00314 * i;
    Watch watch;
    const Trip found = watch.step(5, [&](SensorState& s) {
      s.quat_world_imu_wxyz = {0.0, std::cos(azimuth), std::sin(azimuth), 0.0};
    });
    CHECK(found.cause == TripCause::kTilt);
  }
}

/// What is exactly at its limit is allowed.
void test_limits_themselves_are_allowed() {
  Watch norm;
  norm.limits.quaternion_norm_error = 0.25;
  CHECK(!norm.step(1, [](SensorState& s) { s.quat_world_imu_wxyz[0] = 1.25; }));
  const auto lean = [](SensorState& s) { s.quat_world_imu_wxyz = tilted(1.3, 0.4); };
  Watch leaning;
  leaning.limits.tilt_rad = Watch().step(5, lean).got;
  CHECK(!leaning.step(10, lean));
  const auto turn = [](SensorState& s) { s.gyro_in_imu = {5.0, 4.0, 3.0}; };
  Watch turning;
  turning.limits.gyro_rad_s = Watch().step(5, turn).got;
  CHECK(!turning.step(10, turn));
  const auto swing = [](SensorState& s) { s.joint_velocity[3] = 18.0; };
  Watch first, second;
  first.speed[3] = second.speed[3] = 20.0;
  int ticks = 1;
  Trip found;
  while (!(found = first.step(1, swing))) ++ticks;
  second.limits.sustained_speed[3] = found.got;
  CHECK(!second.step(ticks, swing));
  CHECK(bool(second.step(1, swing)));
}

void test_tilt_in_every_direction() {
  for (const double azimuth : {0.0, 1.0, 2.0, 3.0, -1.5}) {
    check_allowed(
        [&](SensorState& s) { s.quat_world_imu_wxyz = tilted(kLimits.tilt_rad - 1e-6, azimuth); });
    check_debounced(TripCause::kTilt, -1, [&](SensorState& s) {
      s.quat_world_imu_wxyz = tilted(kLimits.tilt_rad + 1e-6, azimuth);
    });
  }
  Watch watch;
  const Trip found =
      watch.step(5, [](SensorState& s) { s.quat_world_imu_wxyz = 1.04 * tilted(1.3, 0.4); });
  CHECK(is_near(found.got, 1.3, 1e-9) && found.allowed == kLimits.tilt_rad);
  check_allowed([](SensorState& s) { s.quat_world_imu_wxyz = {0.0, 0.0, 0.0, 1.0}; });
  check_debounced(TripCause::kTilt, -1,
                  [](SensorState& s) { s.quat_world_imu_wxyz = {0.0, 1.0, 0.0, 0.0}; });
}

void test_gyro_by_its_magnitude() {
  const Eigen::Vector3d axis = Eigen::Vector3d(-1.0, 2.0, -2.0) / 3.0;
  check_allowed([&](SensorState& s) { s.gyro_in_imu = (kLimits.gyro_rad_s - 1e-9) * axis; });
  check_debounced(TripCause::kGyro, -1,
                  [&](SensorState& s) { s.gyro_in_imu = (kLimits.gyro_rad_s + 1e-9) * axis; });
  Watch watch;
  const Trip found = watch.step(5, [&](SensorState& s) { s.gyro_in_imu = 7.0 * axis; });
  CHECK(is_near(found.got, 7.0) && found.allowed == kLimits.gyro_rad_s);
}

void test_tilt_goes_before_gyro_before_joints() {
  Watch watch;
  const auto all = [](SensorState& s) {
    s.quat_world_imu_wxyz = tilted(1.5, 0.0);
    s.gyro_in_imu.x() = 7.0;
    s.joint_velocity[4] = 11.0;
    s.joint_position[2] = 9.0;
  };
  CHECK(watch.step(5, all).cause == TripCause::kTilt);
  Watch other;
  CHECK(other
            .step(5,
                  [&](SensorState& s) {
                    all(s);
                    s.quat_world_imu_wxyz = {1.0, 0.0, 0.0, 0.0};
                  })
            .cause == TripCause::kGyro);
}

void test_the_first_joint_is_told() {
  Watch watch;
  const Trip found = watch.step(5, [](SensorState& s) {
    s.joint_velocity[4] = 11.0;
    s.joint_velocity[20] = -12.0;
  });
  CHECK(found.joint == 4 && found.got == 11.0);
}

void test_positions_outside_of_their_range() {
  for (const int joint : {0, 3, 28}) {
    const double lower = kLimits.position_lower[joint] - kLimits.position_overrun_rad;
    const double upper = kLimits.position_upper[joint] + kLimits.position_overrun_rad;
    check_allowed([&](SensorState& s) { s.joint_position[joint] = lower; });
    check_allowed([&](SensorState& s) { s.joint_position[joint] = upper; });
    check_debounced(TripCause::kJointPosition, joint,
                    [&](SensorState& s) { s.joint_position[joint] = lower - 1e-9; });
    check_debounced(TripCause::kJointPosition, joint,
                    [&](SensorState& s) { s.joint_position[joint] = upper + 1e-9; });
    Watch low, high;
    const Trip below = low.step(5, [&](SensorState& s) { s.joint_position[joint] = lower - 1.0; });
    CHECK(below.got == lower - 1.0 && below.allowed == lower);
    const Trip above = high.step(5, [&](SensorState& s) { s.joint_position[joint] = upper + 1.0; });
    CHECK(above.got == upper + 1.0 && above.allowed == upper);
  }
}

void test_joints_are_counted_one_by_one() {
  Watch watch;
  for (int i = 0; i < 40; ++i) {
    const int joint = i % 4;
    CHECK(!watch.step(1, [&](SensorState& s) {
      s.joint_velocity[joint] = 11.0;
      s.joint_position[joint + 10] = 9.0;
    }));
  }
}

void test_speeds_of_both_signs() {
  for (const int joint : {0, 28}) {
    for (const double sign : {-1.0, 1.0}) {
      check_allowed([&](SensorState& s) { s.joint_velocity[joint] = sign * 10.0; });
      check_debounced(TripCause::kJointSpeed, joint,
                      [&](SensorState& s) { s.joint_velocity[joint] = sign * 10.001; });
      Watch watch;
      const Trip found =
          watch.step(5, [&](SensorState& s) { s.joint_velocity[joint] = sign * 12.0; });
      CHECK(found.got == sign * 12.0 && found.allowed == 10.0);
    }
  }
}

void test_a_raised_limit_is_the_one_in_force() {
  Watch watch;
  watch.speed[3] = 20.0;
  CHECK(!watch.step(10, [](SensorState& s) { s.joint_velocity[3] = 19.0; }));
  const Trip found = watch.step(5, [](SensorState& s) { s.joint_velocity[3] = 20.5; });
  CHECK(found.cause == TripCause::kJointSpeed && found.allowed == 20.0);
}

/// The running mean of a constant speed v is v (1 - (T / (T + dt))^n) after n ticks.
void test_sustained_speed() {
  for (const double sign : {-1.0, 1.0}) {
    Watch watch;
    watch.speed[3] = 20.0;
    watch.step();
    int ticks = 0;
    Trip found;
    while (!found && ticks < 1000) {
      found = watch.step(1, [&](SensorState& s) { s.joint_velocity[3] = sign * 18.0; });
      ++ticks;
    }
    const double keep = 0.1 / (0.1 + 0.002);
    int expected = 1;
    while (18.0 * (1.0 - std::pow(keep, expected)) <= 10.0) ++expected;
    CHECK(ticks == expected);
    CHECK(found.cause == TripCause::kSustainedSpeed && found.joint == 3);
    CHECK(is_near(found.got, 18.0 * (1.0 - std::pow(keep, expected)), 1e-9));
    CHECK(found.allowed == 10.0);
    CHECK(watch.motion.quiet());
  }
}

void test_a_glitch_counts_no_more_than_the_limit() {
  Watch watch;
  watch.speed[3] = 20.0;
  watch.step();
  watch.step(1, [](SensorState& s) { s.joint_velocity[3] = 1e9; });
  int ticks = 0;
  while (!watch.step(1, [&](SensorState& s) { s.joint_velocity[3] = 18.0; })) ++ticks;
  CHECK(ticks > 35);
}

void test_the_first_tick_has_no_past() {
  Watch watch;
  watch.speed[3] = 20.0;
  watch.now_ns = 1'000'000'000'000;
  CHECK(!watch.step(1, [](SensorState& s) { s.joint_velocity[3] = 19.0; }));
}

void test_a_frozen_imu() {
  Watch watch;
  watch.step();
  const std::int64_t begin_ns = watch.now_ns;
  const auto freeze = [&](SensorState& s) { s.accel_in_imu.z() = 9.8; };
  CHECK(!watch.step(51, freeze));
  const Trip found = watch.step(1, freeze);
  CHECK(found.cause == TripCause::kImuFrozen && found.joint == -1);
  CHECK(is_near(found.got, 1e-9 * static_cast<double>(watch.now_ns - begin_ns - kTick)));
  CHECK(is_near(found.allowed, 0.1));
  CHECK(!watch.step());
  CHECK(!watch.step(51, freeze));
  CHECK(!watch.step(1, [&](SensorState& s) {
    freeze(s);
    s.gyro_in_imu.y() = 1e-6;
  }));
  CHECK(!watch.step(49, freeze));
}

void test_an_imu_may_freeze_while_it_turns() {
  Watch watch;
  const auto freeze = [](SensorState& s) {
    s.gyro_in_imu = {0.1, 0.2, 0.3};
    s.accel_in_imu.z() = 9.8;
  };
  CHECK(!watch.step(51, freeze));
  CHECK(watch.step(1, freeze).cause == TripCause::kImuFrozen);
}

void test_an_old_sample_is_not_a_frozen_imu() {
  Watch watch;
  watch.step();
  const SensorState last = state_at(watch.now_ns);
  CHECK(watch.step(100, [&](SensorState& s) { s = last; }).cause == TripCause::kStateAge);
}

void test_a_bad_sample_does_not_hide_the_next() {
  Watch watch;
  watch.step();
  const Trip bad = watch.step(1, [](SensorState& s) { s.joint_position[5] = kNan; });
  CHECK(bool(bad));
  CHECK(!watch.step());
}

}  // namespace

void test_motion_inspector() {
  test_a_robot_at_rest_is_well();
  test_the_first_number_that_is_none_is_found();
  test_numbers_that_are_none();
  test_age();
  test_time_that_runs_backwards();
  test_attitude_must_be_a_rotation();
  test_upside_down_trips_whatever_the_rounding();
  test_limits_themselves_are_allowed();
  test_tilt_in_every_direction();
  test_gyro_by_its_magnitude();
  test_tilt_goes_before_gyro_before_joints();
  test_the_first_joint_is_told();
  test_positions_outside_of_their_range();
  test_joints_are_counted_one_by_one();
  test_speeds_of_both_signs();
  test_a_raised_limit_is_the_one_in_force();
  test_sustained_speed();
  test_a_glitch_counts_no_more_than_the_limit();
  test_the_first_tick_has_no_past();
  test_a_frozen_imu();
  test_an_imu_may_freeze_while_it_turns();
  test_an_old_sample_is_not_a_frozen_imu();
  test_a_bad_sample_does_not_hide_the_next();
}

}  // namespace exoactor
