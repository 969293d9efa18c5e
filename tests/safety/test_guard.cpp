#include <cmath>
#include <exoactor/safety/guard.hpp>

#include "check.hpp"
#include "rig.hpp"
#include "tests.hpp"

namespace exoactor {
namespace {

using State = GuardState;

const GuardLimits kLimits = default_guard_limits();

bool is_nothing(const JointCommand& command) {
  return command.position.isZero(0.0) && command.velocity.isZero(0.0) &&
         command.torque.isZero(0.0) && command.stiffness.isZero(0.0) && command.damping.isZero(0.0);
}

bool is_damping(const JointCommand& command) {
  return command.position.isZero(0.0) && command.velocity.isZero(0.0) &&
         command.torque.isZero(0.0) && command.stiffness.isZero(0.0) &&
         command.damping == kLimits.damping_command;
}

void test_silence_sends_nothing_for_ever() {
  Rig rig;
  for (int i = 0; i < 200; ++i) {
    const GuardStatus status = rig.step();
    CHECK(status.state == State::kSilent && !status.may_send());
    CHECK(is_nothing(rig.allowed) && rig.allowed.stamp_ns == rig.now_ns);
  }
}

void test_faults_while_silent_latch_nothing() {
  Rig rig;
  const GuardStatus status = rig.step(20, [](Rig& r) {
    r.state.joint_velocity[3] = 20.0;
    r.context.health.motor_fault[3] = 1;
    r.command.torque[0] = kNan;
  });
  CHECK(status.state == State::kSilent && !status.trip && !status.stop_requested);
  rig.arm();
  CHECK(rig.armed);
}

void test_arming_needs_what_is_healthy_and_fresh() {
  Rig rig;
  CHECK(!rig.guard.arm(rig.now_ns) && !rig.guard.arm(0));
  rig.step();
  CHECK(rig.guard.can_arm(rig.now_ns));
  CHECK(rig.guard.can_arm(rig.now_ns + kLimits.state_age_ns));
  CHECK(!rig.guard.can_arm(rig.now_ns + kLimits.state_age_ns + 1));
  CHECK(!rig.guard.can_arm(rig.now_ns - 1));
  CHECK(rig.guard.status().state == State::kSilent);
  CHECK(rig.guard.arm(rig.now_ns));
  CHECK(rig.guard.status().state == State::kHold);
  CHECK(!rig.guard.can_arm(rig.now_ns) && !rig.guard.arm(rig.now_ns));
}

template <typename Change>
void check_not_armed(Change change) {
  Rig rig;
  rig.step(3);
  rig.step(1, change);
  CHECK(!rig.guard.can_arm(rig.now_ns) && !rig.guard.arm(rig.now_ns));
  CHECK(rig.guard.status().state == State::kSilent);
}

void test_arming_waits_for_no_debounce() {
  check_not_armed([](Rig& r) { r.state.joint_velocity[3] = 11.0; });
  check_not_armed([](Rig& r) { r.state.joint_position[3] = -1.0; });
  check_not_armed([](Rig& r) { r.state.gyro_in_imu.y() = 7.0; });
  check_not_armed([](Rig& r) { r.state.quat_world_imu_wxyz = {0.0, 1.0, 0.0, 0.0}; });
  check_not_armed([](Rig& r) { r.state.joint_torque[3] = kNan; });
  check_not_armed([](Rig& r) { r.context.health.motor_fault[3] = 1; });
  check_not_armed([](Rig& r) { r.context.health.winding_temperature_c[3] = 111; });
  check_not_armed([](Rig& r) { r.context.health.charge_percent = 24; });
  check_not_armed([](Rig& r) { r.context.health.mode_machine = 4; });
  check_not_armed([](Rig& r) { r.context.health.other_publishers = 1; });
}

void test_a_robot_that_tells_nothing_of_itself_may_be_armed() {
  Rig rig;
  rig.step(3, [](Rig& r) { r.context = GuardContext{}; });
  CHECK(rig.guard.arm(rig.now_ns));
}

void test_hold_and_run_send_the_command() {
  Rig rig;
  rig.arm();
  CHECK(rig.armed && rig.guard.status().state == State::kHold);
  const auto task = [](Rig& r) { r.context.task = true; };
  CHECK(rig.step(1, task).state == State::kRun);
  CHECK(rig.allowed.stiffness == rig.command.stiffness);
  CHECK(rig.allowed.stamp_ns == rig.command.stamp_ns);
  rig.context.task = false;
  CHECK(rig.step().state == State::kHold);
  CHECK(rig.allowed.stiffness == rig.command.stiffness);
}

template <typename Change>
void check_trip(TripCause cause, int ticks, Change change) {
  for (const bool task : {false, true}) {
    Rig rig;
    rig.arm();
    rig.context.task = task;
    rig.step(3);
    for (int i = 1; i < ticks; ++i) CHECK(is_driven(rig.step(1, change).state));
    const GuardStatus status = rig.step(1, change);
    CHECK(status.state == State::kDamping && status.trip.cause == cause);
    CHECK(status.trip.stamp_ns == rig.now_ns);
    CHECK(is_damping(rig.allowed) && rig.allowed.stamp_ns == rig.now_ns);
    rig.context.task = false;
    for (int i = 0; i < 100; ++i) {
      CHECK(rig.step().state == State::kDamping);
      CHECK(is_damping(rig.allowed));
      CHECK(!rig.guard.arm(rig.now_ns));
    }
    CHECK(rig.guard.status().trip.cause == cause);
  }
}

void test_each_violation_leads_to_damping_for_ever() {
  check_trip(TripCause::kStateNotFinite, 1, [](Rig& r) { r.state.joint_position[3] = kNan; });
  check_trip(TripCause::kCommandNotFinite, 1, [](Rig& r) { r.command.position[3] = kNan; });
  check_trip(TripCause::kStateAge, 1, [](Rig& r) { r.state.stamp_ns -= 51 * kMs; });
  check_trip(TripCause::kCommandAge, 1, [](Rig& r) { r.command.stamp_ns -= 51 * kMs; });
  check_trip(TripCause::kClock, 1, [](Rig& r) { r.state.stamp_ns += 1; });
  check_trip(TripCause::kAttitude, 1, [](Rig& r) { r.state.quat_world_imu_wxyz.setZero(); });
  check_trip(TripCause::kStiffness, 1, [](Rig& r) { r.command.stiffness[3] = 201.0; });
  check_trip(TripCause::kDamping, 1, [](Rig& r) { r.command.damping[3] = 11.0; });
  check_trip(TripCause::kJointPosition, 5, [](Rig& r) { r.state.joint_position[3] = -1.0; });
  check_trip(TripCause::kJointSpeed, 5, [](Rig& r) { r.state.joint_velocity[3] = -11.0; });
  check_trip(TripCause::kGyro, 5, [](Rig& r) { r.state.gyro_in_imu.x() = 7.0; });
  check_trip(TripCause::kMotorFault, 5, [](Rig& r) { r.context.health.motor_fault[3] = 1; });
  check_trip(TripCause::kMotorHot, 5,
             [](Rig& r) { r.context.health.surface_temperature_c[3] = 90; });
  check_trip(TripCause::kBatteryLow, 5, [](Rig& r) { r.context.health.charge_percent = 10; });
  check_trip(TripCause::kModeChanged, 1, [](Rig& r) { r.context.health.mode_machine = 4; });
  check_trip(TripCause::kSecondPublisher, 1, [](Rig& r) { r.context.health.other_publishers = 1; });
  check_trip(TripCause::kTargetAge, 1, [](Rig& r) { r.context.target_ns = r.now_ns - 121 * kMs; });
  check_trip(TripCause::kCommandGap, 1, [](Rig& r) {
    r.now_ns += 150 * kMs;
    r.state = state_at(r.now_ns);
    r.command = command_at(r.now_ns);
  });
}

/// The robot's own trouble is told, not the age of the measurement that follows from it.
void test_health_goes_before_motion_before_pace_before_command() {
  Rig rig;
  rig.arm();
  const GuardStatus status = rig.step(1, [](Rig& r) {
    r.context.health.mode_machine = 4;
    r.state.joint_position[3] = kNan;
    r.context.target_ns = 1;
    r.command.stiffness[3] = -1.0;
  });
  CHECK(status.trip.cause == TripCause::kModeChanged);
  Rig other;
  other.arm();
  CHECK(other
            .step(1,
                  [](Rig& r) {
                    r.state.joint_position[3] = kNan;
                    r.context.target_ns = 1;
                    r.command.stiffness[3] = -1.0;
                  })
            .trip.cause == TripCause::kStateNotFinite);
  Rig third;
  third.arm();
  CHECK(third
            .step(1,
                  [](Rig& r) {
                    r.context.target_ns = 1;
                    r.command.stiffness[3] = -1.0;
                  })
            .trip.cause == TripCause::kTargetAge);
}

void test_recoverable_faults_ask_for_a_controlled_stop() {
  Rig rig;
  rig.arm();
  rig.context.task = true;
  const auto warm = [](Rig& r) { r.context.health.winding_temperature_c[7] = 115; };
  CHECK(!rig.step(4, warm).wants_stop());
  GuardStatus status = rig.step(1, warm);
  CHECK(status.state == State::kRun && status.wants_stop());
  CHECK(status.concern.cause == TripCause::kMotorWarm && status.concern.joint == 7);
  CHECK(status.concern.stamp_ns == rig.now_ns);
  CHECK(!is_damping(rig.allowed));
  rig.context.task = false;
  status = rig.step(1, warm);
  CHECK(status.state == State::kHold && !status.wants_stop() && bool(status.concern));
  CHECK(bool(rig.step(499).concern));
  CHECK(!rig.step(2).concern);
}

void test_pace_s_concerns_reach_the_status() {
  Rig rig;
  rig.arm();
  rig.context.task = true;
  rig.context.heartbeat_ns = rig.now_ns;
  CHECK(!rig.step(1000).wants_stop());
  CHECK(rig.step().concern.cause == TripCause::kHeartbeat);
}

void test_pace_is_not_judged_unless_driven() {
  Rig rig;
  rig.context.heartbeat_ns = 1;
  rig.now_ns += 5'000 * kMs;
  rig.step(5);
  CHECK(!rig.guard.status().concern);
  rig.now_ns += 5'000 * kMs;
  rig.context.heartbeat_ns = 0;
  rig.arm();
  CHECK(rig.armed && rig.step(5).state == State::kHold);
}

void test_remote_abort_is_an_emergency_stop_in_any_state() {
  const auto abort = [](Rig& r) {
    r.context.health.remote.buttons = static_cast<std::uint16_t>(RemoteButton::kL2) |
                                      static_cast<std::uint16_t>(RemoteButton::kB);
  };
  Rig rig;
  GuardStatus status = rig.step(1, abort);
  CHECK(status.state == State::kSilent && status.emergency && status.stop_requested);
  CHECK(status.trip.cause == TripCause::kRemoteAbort);
  rig.step();
  CHECK(!rig.guard.arm(rig.now_ns));
  rig.guard.clear_emergency();
  CHECK(!rig.guard.status().emergency);
  rig.guard.reset(rig.now_ns);
  rig.arm();
  CHECK(rig.armed);
  status = rig.step(1, abort);
  CHECK(status.state == State::kDamping && status.emergency && is_damping(rig.allowed));
  rig.guard.reset(rig.now_ns);
  CHECK(rig.guard.status().state == State::kDamping);
  rig.guard.clear_emergency();
  status = rig.step(1, abort);
  CHECK(status.emergency);
  rig.guard.clear_emergency();
  rig.guard.reset(rig.now_ns);
  CHECK(rig.guard.status().state == State::kReady);
}

void test_an_emergency_stop_by_request() {
  Rig rig;
  rig.arm();
  rig.guard.stop_for_good(rig.now_ns);
  CHECK(rig.guard.status().state == State::kDamping && rig.guard.status().emergency);
  CHECK(rig.guard.status().trip.cause == TripCause::kEmergencyStop);
  CHECK(rig.guard.status().trip.stamp_ns == rig.now_ns);
  CHECK(rig.guard.status().trip.joint == -1);
}

void test_a_stop_by_request() {
  Rig rig;
  rig.arm();
  rig.guard.damp(rig.now_ns);
  CHECK(rig.guard.status().state == State::kDamping);
  CHECK(rig.guard.status().trip.cause == TripCause::kRequested);
  CHECK(rig.guard.status().trip.got == 0.0 && rig.guard.status().trip.allowed == 0.0);
  Rig other;
  other.arm();
  other.guard.damp(other.now_ns, TripCause::kController);
  CHECK(other.guard.status().trip.cause == TripCause::kController);
}

void test_reset_steps_down_and_keeps_damping_until_silence() {
  Rig rig;
  rig.arm();
  rig.guard.reset(rig.now_ns);
  CHECK(rig.step().state == State::kDamping && is_damping(rig.allowed));
  rig.guard.reset(rig.now_ns);
  CHECK(rig.guard.status().state == State::kReady && !rig.guard.status().trip);
  CHECK(!rig.guard.arm(rig.now_ns));
  CHECK(rig.step().state == State::kReady && is_damping(rig.allowed));
  CHECK(rig.guard.can_arm(rig.now_ns));
  rig.guard.reset(rig.now_ns);
  CHECK(rig.step().state == State::kSilent && is_nothing(rig.allowed));
}

void test_ready_is_armed_and_faults_do_not_matter_there() {
  Rig rig;
  rig.arm();
  rig.guard.reset(rig.now_ns);
  rig.guard.reset(rig.now_ns);
  CHECK(rig.step(20, [](Rig& r) { r.state.joint_velocity[3] = 20.0; }).state == State::kReady);
  CHECK(!rig.guard.can_arm(rig.now_ns));
  rig.arm();
  CHECK(rig.armed && rig.step(3).state == State::kHold);
  CHECK(!is_damping(rig.allowed));
}

/// A reset forgets counts and running means: what came before does not trip what comes after.
void test_reset_forgets_what_was_measured() {
  Rig rig;
  rig.arm();
  const auto fast = [](Rig& r) { r.state.joint_velocity[3] = 12.0; };
  rig.step(5, fast);
  CHECK(rig.guard.status().trip.cause == TripCause::kJointSpeed);
  rig.step(300, fast);
  rig.guard.reset(rig.now_ns);
  rig.step();
  CHECK(rig.guard.arm(rig.now_ns));
  CHECK(rig.step(4, fast).state == State::kHold);
  CHECK(rig.step(4).state == State::kHold);
  Rig hot;
  hot.arm();
  const auto fault = [](Rig& r) { r.context.health.motor_fault[3] = 1; };
  hot.step(5, fault);
  hot.guard.reset(hot.now_ns);
  hot.now_ns += 1;
  CHECK(!hot.guard.can_arm(hot.now_ns));
  hot.step();
  CHECK(hot.guard.arm(hot.now_ns));
  CHECK(hot.step(4, fault).state == State::kHold);
}

void test_raised_speeds() {
  Rig rig;
  CHECK(rig.guard.speed_limit() == kLimits.measured_speed);
  JointVector asked = JointVector::Constant(1e3);
  asked[0] = 15.0;
  asked[1] = 1.0;
  asked[2] = kNan;
  rig.guard.raise_speed(asked);
  CHECK(rig.guard.speed_limit()[0] == 15.0);
  CHECK(rig.guard.speed_limit()[1] == 10.0 && rig.guard.speed_limit()[2] == 10.0);
  CHECK(rig.guard.speed_limit()[3] == kLimits.speed_ceiling[3]);
  CHECK(rig.guard.speed_limit()[28] == kLimits.speed_ceiling[28]);
  rig.arm();
  CHECK(rig.guard.speed_limit() == kLimits.measured_speed);
  rig.guard.raise_speed(asked);
  CHECK(rig.step(8, [](Rig& r) { r.state.joint_velocity[0] = 14.0; }).state == State::kHold);
  rig.guard.restore_speed();
  CHECK(rig.guard.speed_limit() == kLimits.measured_speed);
  rig.guard.raise_speed(asked);
  rig.guard.reset(rig.now_ns);
  CHECK(rig.guard.speed_limit()[0] == 15.0);
  rig.guard.reset(rig.now_ns);
  CHECK(rig.guard.speed_limit() == kLimits.measured_speed);
}

void test_what_is_clamped_is_counted_in_each_tick() {
  Rig rig;
  rig.arm();
  const GuardStatus status = rig.step(1, [](Rig& r) {
    r.command.torque[0] = r.command.torque[1] = r.command.torque[2] = 1e3;
    r.command.position[5] = r.command.position[11] = 9.0;
    r.command.velocity[7] = 99.0;
  });
  CHECK(status.clamped_torque == 3 && status.clamped_velocity == 1);
  CHECK(status.clamped_position == 2);
  const GuardStatus calm = rig.step(3);
  CHECK(calm.clamped_torque == 0 && calm.clamped_velocity == 0 && calm.clamped_position == 0);
  rig.step(1, [](Rig& r) {
    r.command.torque[0] = 1e3;
    r.command.position[5] = 9.0;
    r.command.velocity[7] = 99.0;
  });
  rig.guard.damp(rig.now_ns);
  const GuardStatus damped = rig.step();
  CHECK(damped.clamped_torque == 0 && damped.clamped_velocity == 0 && damped.clamped_position == 0);
}

/// The first command steps from the torque that was measured, within the motor's.
void test_the_first_command_steps_from_the_measured_torque() {
  const auto heavy = [](Rig& r) {
    r.state.joint_torque[3] = 100.0;
    r.state.joint_torque[4] = -500.0;
    r.command.torque[3] = 120.0;
    r.command.torque[4] = -50.0;
    r.command.stiffness.setZero();
  };
  Rig rig;
  rig.step(1, heavy);
  CHECK(rig.guard.arm(rig.now_ns));
  GuardStatus status = rig.step(1, heavy);
  CHECK(status.clamped_torque == 0 && rig.allowed.torque[3] == 120.0);
  CHECK(rig.allowed.torque[4] == -50.0);
  Rig light;
  light.step(1, [&](Rig& r) {
    heavy(r);
    r.state.joint_torque[3] = 10.0;
  });
  CHECK(light.guard.arm(light.now_ns));
  status = light.step(1, heavy);
  CHECK(status.clamped_torque == 1 && is_near(light.allowed.torque[3], 10.0 + 0.5 * 139.0));
}

void test_a_bad_measurement_is_no_torque_to_step_from() {
  Rig rig;
  rig.arm();
  rig.guard.damp(rig.now_ns);
  rig.step();
  rig.guard.reset(rig.now_ns);
  rig.step();
  rig.step(1, [](Rig& r) { r.state.joint_torque.setConstant(kNan); });
  rig.step();
  CHECK(rig.guard.arm(rig.now_ns));
  CHECK(rig.step().clamped_torque == 0);
  CHECK(rig.allowed.position.allFinite() && rig.allowed.torque.allFinite());
}

/// Posing, with a tick behind it.
Rig posed() {
  Rig rig;
  rig.step();
  rig.armed = rig.guard.pose(rig.now_ns);
  rig.step();
  return rig;
}

void test_posing_needs_what_arming_needs() {
  Rig rig;
  CHECK(!rig.guard.can_pose(rig.now_ns) && !rig.guard.pose(rig.now_ns));
  rig.step();
  CHECK(rig.guard.can_pose(rig.now_ns + kLimits.state_age_ns));
  CHECK(!rig.guard.can_pose(rig.now_ns + kLimits.state_age_ns + 1));
  rig.step(1, [](Rig& r) { r.context.health.motor_fault[3] = 1; });
  CHECK(!rig.guard.can_pose(rig.now_ns) && !rig.guard.pose(rig.now_ns));
  rig.step(6);
  CHECK(rig.guard.pose(rig.now_ns) && rig.guard.status().state == State::kPose);
  CHECK(!rig.guard.can_pose(rig.now_ns) && !rig.guard.pose(rig.now_ns));
}

void test_in_pose_targets_creep_from_where_the_joints_are() {
  Rig rig;
  rig.step();
  CHECK(rig.guard.pose(rig.now_ns));
  const double step = kPoseTargetSpeed * 0.002;
  for (int i = 1; i <= 5; ++i) {
    const GuardStatus status = rig.step(1, [](Rig& r) {
      r.command.position.setConstant(1.0);
      r.command.position[3] = -0.05;
    });
    CHECK(status.state == State::kPose && status.may_send());
    CHECK(is_near(rig.allowed.position[0], 0.1 + i * step));
    CHECK(is_near(rig.allowed.position[3], 0.1 - i * step));
  }
  CHECK(rig.guard.arm(rig.now_ns));
  rig.step(1, [](Rig& r) { r.command.position[0] = 0.4; });
  CHECK(is_near(rig.allowed.position[0], 0.4));
}

void test_in_pose_torque_is_a_fifth_and_steps_softly() {
  Rig rig;
  rig.step(1, [](Rig& r) {
    r.state.joint_torque[0] = 80.0;
    r.state.joint_torque[1] = -100.0;
  });
  CHECK(rig.guard.pose(rig.now_ns));
  rig.step(1, [](Rig& r) {
    r.command.stiffness.setZero();
    r.command.torque[0] = 80.0;
    r.command.torque[1] = -100.0;
    r.command.torque[2] = 80.0;
  });
  CHECK(is_near(rig.allowed.torque[0], 0.2 * 88.0));
  CHECK(is_near(rig.allowed.torque[1], 0.2 * -139.0));
  CHECK(is_near(rig.allowed.torque[2], 0.02 * 88.0));
}

void test_pose_has_limits_of_its_own() {
  const GuardLimits pose = pose_limits(kLimits);
  CHECK(is_near(pose.measured_speed[0], 2.0) && is_near(pose.sustained_speed[0], 2.0));
  CHECK(is_near(pose.speed_ceiling[0], 2.0) && is_near(pose.command_speed[0], 0.6));
  CHECK(is_near(pose.stiffness[0], 100.0) && is_near(pose.stiffness[20], 60.0));
  CHECK(is_near(pose.tilt_rad, 0.6) && is_near(pose.damping[0], kLimits.damping[0]));
  GuardLimits tight = kLimits;
  tight.tilt_rad = 0.3;
  tight.measured_speed.setConstant(1.0);
  tight.torque_step.setConstant(0.01);
  CHECK(is_near(pose_limits(tight).tilt_rad, 0.3));
  CHECK(is_near(pose_limits(tight).measured_speed[0], 1.0));
  CHECK(is_near(pose_limits(tight).torque_step[0], 0.01));
}

template <typename Change>
TripCause trip_in_pose(Change change) {
  Rig rig = posed();
  CHECK(rig.step(4).state == State::kPose);
  return rig.step(8, change).trip.cause;
}

void test_pose_trips_where_hold_would_not() {
  CHECK(trip_in_pose([](Rig& r) { r.state.joint_velocity[3] = 2.1; }) == TripCause::kJointSpeed);
  CHECK(trip_in_pose([](Rig& r) { r.state.joint_velocity[3] = 1.9; }) == TripCause::kNone);
  CHECK(trip_in_pose([](Rig& r) { r.command.stiffness[3] = 101.0; }) == TripCause::kStiffness);
  CHECK(trip_in_pose([](Rig& r) {
          r.state.quat_world_imu_wxyz = {std::cos(0.35), std::sin(0.35), 0.0, 0.0};
        }) == TripCause::kTilt);
}

void test_speeds_are_not_raised_in_pose() {
  Rig rig = posed();
  rig.guard.raise_speed(JointVector::Constant(15.0));
  CHECK(is_near(rig.guard.speed_limit()[0], 2.0));
  CHECK(&rig.guard.in_force() != &rig.guard.limits());
  CHECK(rig.guard.arm(rig.now_ns));
  CHECK(is_near(rig.guard.speed_limit()[0], 10.0));
  CHECK(&rig.guard.in_force() == &rig.guard.limits());
}

void test_a_stop_in_pose_damps() {
  Rig rig = posed();
  CHECK(rig.armed);
  rig.guard.damp(rig.now_ns);
  CHECK(rig.step().state == State::kDamping && is_damping(rig.allowed));
}

void test_limits_are_told() {
  GuardLimits limits = kLimits;
  limits.tilt_rad = 0.5;
  CHECK(Guard(limits).limits().tilt_rad == 0.5);
}

}  // namespace

void test_guard() {
  test_silence_sends_nothing_for_ever();
  test_faults_while_silent_latch_nothing();
  test_arming_needs_what_is_healthy_and_fresh();
  test_arming_waits_for_no_debounce();
  test_a_robot_that_tells_nothing_of_itself_may_be_armed();
  test_hold_and_run_send_the_command();
  test_each_violation_leads_to_damping_for_ever();
  test_health_goes_before_motion_before_pace_before_command();
  test_recoverable_faults_ask_for_a_controlled_stop();
  test_pace_s_concerns_reach_the_status();
  test_pace_is_not_judged_unless_driven();
  test_remote_abort_is_an_emergency_stop_in_any_state();
  test_an_emergency_stop_by_request();
  test_a_stop_by_request();
  test_reset_steps_down_and_keeps_damping_until_silence();
  test_ready_is_armed_and_faults_do_not_matter_there();
  test_reset_forgets_what_was_measured();
  test_raised_speeds();
  test_what_is_clamped_is_counted_in_each_tick();
  test_the_first_command_steps_from_the_measured_torque();
  test_a_bad_measurement_is_no_torque_to_step_from();
  test_posing_needs_what_arming_needs();
  test_in_pose_targets_creep_from_where_the_joints_are();
  test_in_pose_torque_is_a_fifth_and_steps_softly();
  test_pose_has_limits_of_its_own();
  test_pose_trips_where_hold_would_not();
  test_speeds_are_not_raised_in_pose();
  test_a_stop_in_pose_damps();
  test_limits_are_told();
}

}  // namespace exoactor
