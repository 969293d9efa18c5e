#include <cstring>
#include <exoactor/safety/guard_status.hpp>
#include <exoactor/types/joint_table.hpp>

#include "check.hpp"
#include "tests.hpp"

namespace exoactor {
namespace {

struct Expected {
  const char* name;
  Reaction reaction;
};

constexpr Reaction kDamp = Reaction::kDamp;
constexpr Reaction kStop = Reaction::kControlledStop;
constexpr Reaction kFinal = Reaction::kEmergencyStop;

/// By number, which is that of the log's format.
constexpr Expected kExpected[] = {
    {"none", Reaction::kNone},
    {"state_not_finite", kDamp},
    {"command_not_finite", kDamp},
    {"state_age", kDamp},
    {"command_age", kDamp},
    {"clock", kDamp},
    {"attitude_norm_error", kDamp},
    {"stiffness", kDamp},
    {"damping", kDamp},
    {"joint_position", kDamp},
    {"joint_speed", kDamp},
    {"tilt", kDamp},
    {"gyro", kDamp},
    {"controller_failed", kDamp},
    {"requested", kDamp},
    {"sustained_joint_speed", kDamp},
    {"command_rate", kDamp},
    {"command_gap", kDamp},
    {"target_age", kDamp},
    {"imu_frozen", kDamp},
    {"motor_hot", kDamp},
    {"motor_fault", kDamp},
    {"battery_low", kDamp},
    {"mode_changed", kDamp},
    {"second_publisher", kDamp},
    {"crc_errors", kDamp},
    {"remote_abort", kFinal},
    {"emergency_stop", kFinal},
    {"motor_warm", kStop},
    {"battery_reserve", kStop},
    {"overruns", kStop},
    {"plan_age", kStop},
    {"heartbeat", kStop},
};

void test_every_cause_has_its_name_and_reaction() {
  CHECK(sizeof kExpected / sizeof kExpected[0] == kTripCauses);
  for (int i = 0; i < kTripCauses; ++i) {
    const auto cause = static_cast<TripCause>(i);
    CHECK(std::strcmp(to_string(cause), kExpected[i].name) == 0);
    CHECK(reaction_to(cause) == kExpected[i].reaction);
  }
}

void test_states_have_names() {
  CHECK(std::strcmp(to_string(GuardState::kSilent), "silent") == 0);
  CHECK(std::strcmp(to_string(GuardState::kHold), "hold") == 0);
  CHECK(std::strcmp(to_string(GuardState::kDamping), "damping") == 0);
  CHECK(std::strcmp(to_string(GuardState::kReady), "ready") == 0);
  CHECK(std::strcmp(to_string(GuardState::kRun), "run") == 0);
  CHECK(std::strcmp(to_string(GuardState::kPose), "pose") == 0);
}

void test_a_new_status_tells_of_nothing() {
  const GuardStatus status;
  CHECK(status.state == GuardState::kSilent && !status.trip && !status.concern);
  CHECK(!status.stop_requested && !status.emergency);
  CHECK(status.clamped_position == 0 && status.clamped_velocity == 0);
  CHECK(status.clamped_torque == 0);
  const Trip none;
  CHECK(none.joint == -1 && none.got == 0.0 && none.allowed == 0.0 && none.stamp_ns == 0);
}

void test_only_hold_run_and_pose_are_driven_and_silence_sends_nothing() {
  GuardStatus status;
  CHECK(status.state == GuardState::kSilent && !status.may_send());
  for (const GuardState state : {GuardState::kHold, GuardState::kDamping, GuardState::kReady,
                                 GuardState::kRun, GuardState::kPose}) {
    status.state = state;
    CHECK(status.may_send());
  }
  for (const GuardState state : {GuardState::kHold, GuardState::kRun}) {
    CHECK(is_armed(state) && is_driven(state));
  }
  CHECK(!is_armed(GuardState::kPose) && is_driven(GuardState::kPose));
  for (const GuardState state : {GuardState::kSilent, GuardState::kDamping, GuardState::kReady}) {
    CHECK(!is_armed(state) && !is_driven(state));
  }
}

void test_a_stop_is_wanted_of_a_task_with_a_concern() {
  GuardStatus status;
  status.concern.cause = TripCause::kHeartbeat;
  status.state = GuardState::kRun;
  CHECK(status.wants_stop());
  status.state = GuardState::kHold;
  CHECK(!status.wants_stop());
  status.state = GuardState::kRun;
  status.concern = Trip{};
  CHECK(!status.wants_stop());
}

void test_words() {
  CHECK(describe(Trip{}) == "guard: no trip");
  CHECK(describe({TripCause::kJointSpeed, 3, -12.5, 10.0, 10'000'000}) ==
        "guard at 0.010 s: left_knee_joint joint_speed got -12.5 rad/s, allowed 10 rad/s; damping");
  CHECK(describe({TripCause::kJointSpeed, 0, 11.0, 10.0, 0}) ==
        "guard at 0.000 s: left_hip_pitch_joint joint_speed got 11 rad/s, allowed 10 rad/s; "
        "damping");
  CHECK(describe({TripCause::kTilt, -1, 1.5, 1.0, 2'000'000'000}) ==
        "guard at 2.000 s: tilt got 1.5 rad, allowed 1 rad; damping");
  CHECK(describe({TripCause::kTilt, kNumJoints, 1.5, 1.0, 0}) ==
        "guard at 0.000 s: tilt got 1.5 rad, allowed 1 rad; damping");
  CHECK(describe({TripCause::kRequested, -1, 0.0, 0.0, 1'000'000'000}) ==
        "guard at 1.000 s: requested; damping");
  CHECK(describe({TripCause::kController, -1, 0.0, 0.0, 0}) ==
        "guard at 0.000 s: controller_failed; damping");
  CHECK(describe({TripCause::kRemoteAbort, -1, 0.0, 0.0, 0}) ==
        "guard at 0.000 s: remote_abort; damping until cleared by hand");
  CHECK(describe({TripCause::kEmergencyStop, -1, 0.0, 0.0, 0}) ==
        "guard at 0.000 s: emergency_stop; damping until cleared by hand");
  CHECK(describe({TripCause::kBatteryReserve, -1, 22.0, 25.0, 0}) ==
        "guard at 0.000 s: battery_reserve got 22 %, allowed 25 %; controlled stop");
}

/// What is told of each cause that has figures: a name and a unit.
void test_units() {
  struct Unit {
    TripCause cause;
    const char* unit;
  };
  const Unit units[] = {
      {TripCause::kStateNotFinite, ""},
      {TripCause::kCommandNotFinite, ""},
      {TripCause::kStateAge, "s"},
      {TripCause::kCommandAge, "s"},
      {TripCause::kClock, "s"},
      {TripCause::kAttitude, ""},
      {TripCause::kStiffness, "Nm/rad"},
      {TripCause::kDamping, "Nm s/rad"},
      {TripCause::kJointPosition, "rad"},
      {TripCause::kGyro, "rad/s"},
      {TripCause::kSustainedSpeed, "rad/s"},
      {TripCause::kCommandRate, "commands ahead"},
      {TripCause::kCommandGap, "s"},
      {TripCause::kTargetAge, "s"},
      {TripCause::kImuFrozen, "s"},
      {TripCause::kMotorHot, "C"},
      {TripCause::kMotorFault, "(bits)"},
      {TripCause::kBatteryLow, "%"},
      {TripCause::kModeChanged, "(mode_machine)"},
      {TripCause::kSecondPublisher, "programs"},
      {TripCause::kCrcErrors, "in a row"},
      {TripCause::kMotorWarm, "C"},
      {TripCause::kOverruns, "periods"},
      {TripCause::kPlanAge, "s"},
      {TripCause::kHeartbeat, "s"},
  };
  for (const Unit& unit : units) {
    const std::string line = describe({unit.cause, -1, 2.0, 1.0, 0});
    const std::string told = std::string(to_string(unit.cause)) + " got 2 " + unit.unit +
                             ", allowed 1 " + unit.unit + ";";
    CHECK(line.find(told) != std::string::npos);
  }
}

}  // namespace

void test_status() {
  test_every_cause_has_its_name_and_reaction();
  test_states_have_names();
  test_a_new_status_tells_of_nothing();
  test_only_hold_run_and_pose_are_driven_and_silence_sends_nothing();
  test_a_stop_is_wanted_of_a_task_with_a_concern();
  test_words();
  test_units();
}

}  // namespace exoactor
