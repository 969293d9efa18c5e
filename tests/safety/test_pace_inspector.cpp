#include <cmath>
#include <exoactor/safety/pace_inspector.hpp>

#include "check.hpp"
#include "samples.hpp"
#include "tests.hpp"

namespace exoactor {
namespace {

/// An inspector and its clock.
struct Watch {
  Watch() { pace.begin(now_ns); }

  Trip step(std::int64_t gap_ns, int ticks = 1) {
    Trip found;
    for (int i = 0; i < ticks; ++i) {
      now_ns += gap_ns;
      found = pace.inspect(context, now_ns, limits);
    }
    return found;
  }

  GuardLimits limits = default_guard_limits();
  GuardContext context;
  PaceInspector pace;
  std::int64_t now_ns = 5'000'000'000;
};

void test_the_usual_pace_is_well() {
  Watch watch;
  for (int i = 0; i < 5000; ++i) {
    CHECK(!watch.step(kTick));
    CHECK(!watch.pace.concern());
  }
}

void test_a_gap() {
  Watch watch;
  CHECK(!watch.step(100 * kMs));
  const Trip found = watch.step(100 * kMs + 1);
  CHECK(found.cause == TripCause::kCommandGap && found.joint == -1);
  CHECK(is_near(found.got, 0.1, 1e-8) && is_near(found.allowed, 0.1));
  CHECK(!watch.step(kTick));
}

void test_a_burst() {
  Watch watch;
  CHECK(!watch.step(0, 25));
  const Trip found = watch.step(0);
  CHECK(found.cause == TripCause::kCommandRate && found.joint == -1);
  CHECK(found.got == 26.0 && found.allowed == 25.0);
  CHECK(!watch.step(kTick + 2 * kTick));
  Watch other;
  CHECK(!other.step(kTick / 2, 50));
  CHECK(bool(other.step(kTick / 2)));
}

void test_rest_does_not_save_up() {
  Watch watch;
  watch.step(50 * kMs);
  CHECK(!watch.step(0, 25));
  CHECK(bool(watch.step(0)));
}

void test_lost_periods_are_counted_and_forgotten() {
  Watch watch;
  CHECK(!watch.step(100 * kMs, 2));
  CHECK(!watch.pace.concern());
  Watch other;
  other.step(100 * kMs, 3);
  const Trip found = other.pace.concern();
  CHECK(found.cause == TripCause::kOverruns && found.joint == -1);
  const double expected = (49.0 / 1.1 + 49.0) / 1.1 + 49.0;
  CHECK(is_near(found.got, expected, 1e-9) && found.allowed == 100.0);
  int ticks = 0;
  while (other.pace.concern()) {
    other.step(kTick);
    ++ticks;
  }
  int expected_ticks = 1;
  while (expected / std::pow(1.002, expected_ticks) > 100.0) ++expected_ticks;
  CHECK(ticks == expected_ticks);
}

/// At the limit itself nothing is wrong.
void test_as_many_lost_periods_as_allowed_are_borne() {
  Watch watch;
  watch.limits.overruns = 49.0;
  watch.step(100 * kMs);
  CHECK(!watch.pace.concern());
  watch.limits.overruns = 48.0;
  watch.pace.begin(watch.now_ns);
  watch.step(100 * kMs);
  CHECK(bool(watch.pace.concern()));
}

void test_a_late_tick_loses_no_period() {
  Watch watch;
  for (int i = 0; i < 2000; ++i) watch.step(kTick + kTick / 3);
  CHECK(!watch.pace.concern());
}

void test_a_target_s_age() {
  Watch watch;
  watch.context.target_ns = watch.now_ns;
  CHECK(!watch.step(60 * kMs, 2));
  const Trip found = watch.step(1);
  CHECK(found.cause == TripCause::kTargetAge && found.joint == -1);
  CHECK(is_near(found.got, 0.12, 1e-8) && is_near(found.allowed, 0.12));
  watch.context.target_ns = 0;
  CHECK(!watch.step(kTick));
  watch.context.target_ns = watch.now_ns + 10 * kTick;
  CHECK(!watch.step(kTick));
}

void test_a_gap_goes_before_the_target_s_age() {
  Watch watch;
  watch.context.target_ns = watch.now_ns;
  CHECK(watch.step(200 * kMs).cause == TripCause::kCommandGap);
}

void test_a_task_that_does_not_come_forward() {
  Watch watch;
  watch.context.task = true;
  watch.context.progress_ns = watch.now_ns;
  watch.step(kTick, 5000);
  CHECK(!watch.pace.concern());
  watch.step(1);
  const Trip found = watch.pace.concern();
  CHECK(found.cause == TripCause::kPlanAge && found.joint == -1);
  CHECK(is_near(found.got, 10.0, 1e-8) && found.allowed == 10.0);
  watch.context.task = false;
  watch.step(kTick);
  CHECK(!watch.pace.concern());
  watch.context.task = true;
  watch.context.progress_ns = 0;
  watch.step(kTick);
  CHECK(!watch.pace.concern());
}

void test_a_heartbeat_that_stops() {
  Watch watch;
  watch.context.heartbeat_ns = watch.now_ns;
  watch.step(kTick, 1000);
  CHECK(!watch.pace.concern());
  watch.step(1);
  const Trip found = watch.pace.concern();
  CHECK(found.cause == TripCause::kHeartbeat && found.joint == -1);
  CHECK(is_near(found.got, 2.0, 1e-8) && found.allowed == 2.0);
  watch.context.heartbeat_ns = watch.now_ns + 5 * kTick;
  watch.step(kTick);
  CHECK(!watch.pace.concern());
}

void test_overruns_go_before_the_plan_before_the_heartbeat() {
  Watch watch;
  watch.context.task = true;
  watch.context.progress_ns = watch.context.heartbeat_ns = 1;
  watch.now_ns += 20'000'000'000;
  watch.pace.begin(watch.now_ns);
  watch.step(kTick);
  CHECK(watch.pace.concern().cause == TripCause::kPlanAge);
  watch.step(90 * kMs, 4);
  CHECK(watch.pace.concern().cause == TripCause::kOverruns);
}

void test_what_is_not_told_is_not_judged() {
  Watch watch;
  watch.context.task = true;
  watch.now_ns += 20'000'000'000;
  watch.pace.begin(watch.now_ns);
  CHECK(!watch.step(kTick));
  CHECK(!watch.pace.concern());
}

void test_begins_anew() {
  Watch watch;
  watch.step(0, 25);
  watch.step(90 * kMs, 5);
  CHECK(bool(watch.pace.concern()));
  watch.now_ns += 1'000'000'000;
  watch.pace.begin(watch.now_ns);
  CHECK(!watch.pace.concern());
  CHECK(!watch.step(0, 25));
  CHECK(!watch.pace.concern());
}

}  // namespace

void test_pace_inspector() {
  test_the_usual_pace_is_well();
  test_a_gap();
  test_a_burst();
  test_rest_does_not_save_up();
  test_lost_periods_are_counted_and_forgotten();
  test_as_many_lost_periods_as_allowed_are_borne();
  test_a_late_tick_loses_no_period();
  test_a_target_s_age();
  test_a_gap_goes_before_the_target_s_age();
  test_a_task_that_does_not_come_forward();
  test_a_heartbeat_that_stops();
  test_overruns_go_before_the_plan_before_the_heartbeat();
  test_what_is_not_told_is_not_judged();
  test_begins_anew();
}

}  // namespace exoactor
