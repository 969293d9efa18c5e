#include <cmath>
#include <exoactor/safety/command_inspector.hpp>
#include <limits>

#include "check.hpp"
#include "samples.hpp"
#include "tests.hpp"

namespace exoactor {
namespace {

const GuardLimits kLimits = default_guard_limits();
constexpr std::int64_t kNow = 1000 * kTick;

template <typename Change>
Trip inspect(Change change) {
  JointCommand command = command_at(kNow);
  change(command);
  return inspect_command(command, kNow, kLimits);
}

void test_a_lawful_command() {
  CHECK(!inspect([](JointCommand&) {}));
  CHECK(!inspect([](JointCommand& c) {
    c.stiffness = kLimits.stiffness;
    c.damping = kLimits.damping;
  }));
  CHECK(!inspect([](JointCommand& c) {
    c.stiffness.setZero();
    c.damping.setZero();
  }));
}

void test_numbers_that_are_none() {
  using Field = JointVector JointCommand::*;
  for (const Field field : {&JointCommand::position, &JointCommand::velocity, &JointCommand::torque,
                            &JointCommand::stiffness, &JointCommand::damping}) {
    for (const int joint : {0, 28}) {
      for (const double bad : {kNan, std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity()}) {
        const Trip found = inspect([&](JointCommand& c) { (c.*field)[joint] = bad; });
        CHECK(found.cause == TripCause::kCommandNotFinite && found.joint == joint);
        CHECK(std::isnan(bad) ? std::isnan(found.got) : found.got == bad);
        CHECK(found.allowed == 0.0);
      }
    }
  }
}

void test_age() {
  CHECK(!inspect([](JointCommand& c) { c.stamp_ns -= kLimits.command_age_ns; }));
  const Trip old = inspect([](JointCommand& c) { c.stamp_ns -= kLimits.command_age_ns + 1; });
  CHECK(old.cause == TripCause::kCommandAge && old.joint == -1);
  CHECK(is_near(old.got, 0.05, 1e-8) && is_near(old.allowed, 0.05));
  const Trip future = inspect([](JointCommand& c) { c.stamp_ns += 1; });
  CHECK(future.cause == TripCause::kClock && is_near(future.got, -1e-9, 1e-15));
}

void test_gains() {
  for (const int joint : {0, 28}) {
    for (const double bad : {-1e-9, kLimits.stiffness[joint] + 1e-9}) {
      const Trip found = inspect([&](JointCommand& c) { c.stiffness[joint] = bad; });
      CHECK(found.cause == TripCause::kStiffness && found.joint == joint);
      CHECK(found.got == bad && found.allowed == kLimits.stiffness[joint]);
    }
    for (const double bad : {-1e-9, kLimits.damping[joint] + 1e-9}) {
      const Trip found = inspect([&](JointCommand& c) { c.damping[joint] = bad; });
      CHECK(found.cause == TripCause::kDamping && found.joint == joint);
      CHECK(found.got == bad && found.allowed == kLimits.damping[joint]);
    }
  }
}

void test_age_goes_before_stiffness_before_damping() {
  const auto gains = [](JointCommand& c) {
    c.stiffness[3] = -1.0;
    c.damping[3] = -1.0;
  };
  CHECK(inspect(gains).cause == TripCause::kStiffness);
  CHECK(inspect([&](JointCommand& c) {
          gains(c);
          c.stamp_ns = 0;
        }).cause == TripCause::kCommandAge);
}

}  // namespace

void test_command_inspector() {
  test_a_lawful_command();
  test_numbers_that_are_none();
  test_age();
  test_gains();
  test_age_goes_before_stiffness_before_damping();
}

}  // namespace exoactor
