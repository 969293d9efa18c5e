#include <exoactor/safety/guard_state_machine.hpp>

#include "check.hpp"
#include "tests.hpp"

namespace exoactor {
namespace {

using State = GuardState;
using Event = GuardEvent;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr State kStates[] = {State::kSilent, State::kHold, State::kDamping,
                             State::kReady,  State::kRun,  State::kPose};
constexpr Event kEvents[] = {Event::kArm,   Event::kTaskBegun, Event::kTaskEnded,
                             Event::kFault, Event::kReset,     Event::kPose};

Trip found(TripCause cause) { return Trip{cause, 3, 1.0, 2.0, 0}; }

/// A machine in `state`, led there lawfully.
GuardStateMachine machine_in(State state) {
  GuardStateMachine machine;
  if (state == State::kSilent) return machine;
  if (state == State::kPose) {
    CHECK(machine.pose());
    return machine;
  }
  CHECK(machine.arm());
  if (state == State::kRun) machine.follow(true, 0);
  if (state == State::kDamping || state == State::kReady) {
    machine.report(found(TripCause::kTilt), 0);
  }
  if (state == State::kReady) CHECK(machine.reset(0));
  return machine;
}

void test_only_arming_and_posing_lead_to_being_driven() {
  for (const State state : kStates) {
    for (const Event event : kEvents) {
      const bool begins = !is_driven(state) && is_driven(next_state(state, event));
      CHECK(!begins || event == Event::kArm || event == Event::kPose);
      const bool armed = !is_armed(state) && is_armed(next_state(state, event));
      CHECK(!armed || event == Event::kArm);
    }
  }
}

void test_the_table_is_that_of_the_documentation() {
  const State table[kGuardStates][kGuardEvents] = {
      {State::kHold, State::kSilent, State::kSilent, State::kDamping, State::kSilent, State::kPose},
      {State::kHold, State::kRun, State::kHold, State::kDamping, State::kDamping, State::kHold},
      {State::kDamping, State::kDamping, State::kDamping, State::kDamping, State::kReady,
       State::kDamping},
      {State::kHold, State::kReady, State::kReady, State::kDamping, State::kSilent, State::kPose},
      {State::kRun, State::kRun, State::kHold, State::kDamping, State::kDamping, State::kRun},
      {State::kHold, State::kPose, State::kPose, State::kDamping, State::kDamping, State::kPose},
  };
  for (int s = 0; s < kGuardStates; ++s) {
    CHECK(static_cast<int>(kStates[s]) == s);
    for (int e = 0; e < kGuardEvents; ++e) {
      CHECK(static_cast<int>(kEvents[e]) == e);
      CHECK(next_state(kStates[s], kEvents[e]) == table[s][e]);
    }
  }
}

void test_begins_silent_with_nothing_latched() {
  const GuardStateMachine machine;
  CHECK(machine.state() == State::kSilent);
  CHECK(!machine.trip() && !machine.concern());
  CHECK(!machine.stop_requested() && !machine.emergency());
  CHECK(machine.can_arm() && machine.can_pose());
}

void test_is_armed_from_silent_ready_and_pose_only() {
  for (const State state : kStates) {
    GuardStateMachine machine = machine_in(state);
    CHECK(machine.state() == state);
    const bool may = state == State::kSilent || state == State::kReady || state == State::kPose;
    CHECK(machine.can_arm() == may);
    CHECK(machine.arm() == may);
    CHECK(machine.state() == (may ? State::kHold : state));
  }
}

void test_poses_from_silent_and_ready_only() {
  for (const State state : kStates) {
    GuardStateMachine machine = machine_in(state);
    const bool may = state == State::kSilent || state == State::kReady;
    CHECK(machine.can_pose() == may);
    CHECK(machine.pose() == may);
    CHECK(machine.state() == (may ? State::kPose : state));
    if (may) CHECK(!machine.trip());
  }
}

void test_a_stop_damps_what_was_only_posed() {
  GuardStateMachine machine = machine_in(State::kPose);
  machine.report(found(TripCause::kRequested), 9);
  CHECK(machine.state() == State::kDamping && !machine.stop_requested());
  CHECK(machine.reset(10) && machine.state() == State::kReady);
}

void test_follows_tasks_while_armed_only() {
  for (const State state : kStates) {
    GuardStateMachine machine = machine_in(state);
    machine.follow(true, 0);
    CHECK(machine.state() == (is_armed(state) ? State::kRun : state));
    machine.follow(false, 0);
    CHECK(machine.state() == (is_armed(state) ? State::kHold : state));
  }
}

void test_a_latched_fault_leads_to_damping_and_the_first_is_kept() {
  for (const State state : {State::kHold, State::kRun, State::kReady, State::kPose}) {
    GuardStateMachine machine = machine_in(state);
    machine.report(found(TripCause::kGyro), 7);
    CHECK(machine.state() == State::kDamping);
    CHECK(machine.trip().cause == TripCause::kGyro);
    CHECK(machine.trip().joint == 3 && machine.trip().stamp_ns == 7);
    machine.report(found(TripCause::kJointSpeed), 8);
    CHECK(machine.trip().cause == TripCause::kGyro && machine.trip().stamp_ns == 7);
    CHECK(!machine.stop_requested());
  }
}

void test_nothing_is_nothing() {
  GuardStateMachine machine = machine_in(State::kRun);
  machine.report(Trip{}, 7);
  CHECK(machine.state() == State::kRun);
  CHECK(!machine.trip() && !machine.concern());
}

void test_a_stop_before_the_first_arming_is_kept() {
  GuardStateMachine machine;
  machine.report(found(TripCause::kRequested), 7);
  CHECK(machine.state() == State::kSilent);
  CHECK(machine.stop_requested());
  CHECK(machine.trip().cause == TripCause::kRequested && machine.trip().stamp_ns == 7);
  CHECK(!machine.can_arm() && !machine.arm() && !machine.pose());
  CHECK(machine.reset(8));
  CHECK(machine.state() == State::kSilent);
  CHECK(!machine.stop_requested() && !machine.trip());
  CHECK(machine.arm());
}

void test_a_stop_out_of_silence_damps_what_was_ever_driven() {
  GuardStateMachine machine = machine_in(State::kReady);
  CHECK(machine.reset(0));
  CHECK(machine.state() == State::kSilent);
  machine.report(found(TripCause::kRequested), 9);
  CHECK(machine.state() == State::kDamping);
  CHECK(!machine.stop_requested());
}

void test_reset_goes_one_step_down() {
  for (const State state : {State::kHold, State::kRun, State::kPose}) {
    GuardStateMachine machine = machine_in(state);
    CHECK(!machine.reset(5));
    CHECK(machine.state() == State::kDamping);
    CHECK(machine.trip().cause == TripCause::kRequested);
    CHECK(machine.trip().stamp_ns == 5 && machine.trip().joint == -1);
    CHECK(is_near(machine.trip().got, 0.0) && is_near(machine.trip().allowed, 0.0));
    CHECK(machine.reset(6));
    CHECK(machine.state() == State::kReady);
    CHECK(!machine.trip());
    CHECK(machine.reset(7));
    CHECK(machine.state() == State::kSilent);
  }
}

void test_arming_forgets_the_trip() {
  GuardStateMachine machine = machine_in(State::kReady);
  CHECK(machine.arm());
  CHECK(!machine.trip());
}

void test_an_emergency_stop_lasts_until_cleared_and_reset() {
  for (const TripCause cause : {TripCause::kEmergencyStop, TripCause::kRemoteAbort}) {
    for (const State state : {State::kHold, State::kRun, State::kReady, State::kDamping}) {
      GuardStateMachine machine = machine_in(state);
      machine.report(found(cause), 5);
      CHECK(machine.state() == State::kDamping && machine.emergency());
      CHECK(!machine.reset(6));
      CHECK(machine.state() == State::kDamping && machine.emergency());
      CHECK(bool(machine.trip()));
      machine.clear_emergency();
      CHECK(machine.state() == State::kDamping && !machine.emergency());
      CHECK(bool(machine.trip()));
      CHECK(machine.reset(7));
      CHECK(machine.state() == State::kReady);
    }
  }
}

void test_an_emergency_stop_before_the_first_arming_forbids_it() {
  GuardStateMachine machine;
  machine.report(found(TripCause::kEmergencyStop), 5);
  CHECK(machine.state() == State::kSilent && machine.emergency() && machine.stop_requested());
  CHECK(!machine.reset(6) && machine.stop_requested());
  machine.clear_emergency();
  CHECK(!machine.can_arm());
  CHECK(machine.reset(7));
  CHECK(machine.can_arm());
}

void test_an_emergency_stop_alone_forbids_arming() {
  GuardStateMachine machine = machine_in(State::kReady);
  CHECK(machine.reset(0));
  machine.report(found(TripCause::kEmergencyStop), 5);
  CHECK(!machine.can_arm());
}

void test_a_concern_changes_no_state_and_forbids_arming() {
  for (const State state : kStates) {
    GuardStateMachine machine = machine_in(state);
    const TripCause before = machine.trip().cause;
    machine.report(found(TripCause::kBatteryReserve), 5);
    CHECK(machine.state() == state);
    CHECK(machine.trip().cause == before && !machine.stop_requested());
    CHECK(machine.concern().cause == TripCause::kBatteryReserve);
    CHECK(machine.concern().stamp_ns == 5);
    CHECK(!machine.can_arm() && !machine.can_pose());
  }
}

void test_the_first_concern_is_kept_as_long_as_any_lasts() {
  GuardStateMachine machine = machine_in(State::kHold);
  machine.report(found(TripCause::kMotorWarm), 5);
  machine.report(found(TripCause::kOverruns), 6);
  CHECK(machine.concern().cause == TripCause::kMotorWarm && machine.concern().stamp_ns == 5);
  machine.follow(false, 6 + kSecond - 1);
  CHECK(bool(machine.concern()));
  machine.follow(false, 6 + kSecond);
  CHECK(!machine.concern());
}

void test_a_concern_never_goes_during_a_task() {
  GuardStateMachine machine = machine_in(State::kRun);
  machine.report(found(TripCause::kMotorWarm), 5);
  machine.follow(true, 100 * kSecond);
  CHECK(bool(machine.concern()));
  machine.follow(false, 100 * kSecond);
  CHECK(!machine.concern());
}

void test_a_concern_before_the_clock_s_first_second_is_kept() {
  GuardStateMachine machine = machine_in(State::kHold);
  machine.report(found(TripCause::kMotorWarm), 0);
  machine.follow(false, kSecond - 1);
  CHECK(bool(machine.concern()));
}

}  // namespace

void test_state_machine() {
  test_only_arming_and_posing_lead_to_being_driven();
  test_the_table_is_that_of_the_documentation();
  test_begins_silent_with_nothing_latched();
  test_is_armed_from_silent_ready_and_pose_only();
  test_poses_from_silent_and_ready_only();
  test_a_stop_damps_what_was_only_posed();
  test_follows_tasks_while_armed_only();
  test_a_latched_fault_leads_to_damping_and_the_first_is_kept();
  test_nothing_is_nothing();
  test_a_stop_before_the_first_arming_is_kept();
  test_a_stop_out_of_silence_damps_what_was_ever_driven();
  test_reset_goes_one_step_down();
  test_arming_forgets_the_trip();
  test_an_emergency_stop_lasts_until_cleared_and_reset();
  test_an_emergency_stop_before_the_first_arming_forbids_it();
  test_an_emergency_stop_alone_forbids_arming();
  test_a_concern_changes_no_state_and_forbids_arming();
  test_the_first_concern_is_kept_as_long_as_any_lasts();
  test_a_concern_never_goes_during_a_task();
  test_a_concern_before_the_clock_s_first_second_is_kept();
}

}  // namespace exoactor
