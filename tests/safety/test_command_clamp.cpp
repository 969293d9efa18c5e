#include <exoactor/safety/command_clamp.hpp>

#include "check.hpp"
#include "tests.hpp"

namespace exoactor {
namespace {

constexpr int kKnee = 3;    // 139 Nm, -0.087267 .. 2.8798 rad
constexpr int kElbow = 18;  // 25 Nm

/// One joint at rest in the midst of its range, gains zero; the others at 0.1 rad with no gain.
struct Joint {
  explicit Joint(int which) : joint(which) {
    state.joint_position.setConstant(0.1);
    state.joint_position[joint] = 1.0;
    command.position = state.joint_position;
  }

  Joint& clamp() {
    counts = clamp_command(command, state, limits, drive, allowed);
    return *this;
  }
  double torque_limit() const { return limits.torque[joint]; }
  double spring() const {
    return allowed.torque[joint] +
           allowed.stiffness[joint] * (allowed.position[joint] - state.joint_position[joint]);
  }
  double total() const {
    return spring() +
           allowed.damping[joint] * (allowed.velocity[joint] - state.joint_velocity[joint]);
  }

  int joint;
  GuardLimits limits = default_guard_limits();
  SensorState state;
  JointCommand command, allowed;
  JointVector drive = JointVector::Zero();
  ClampCounts counts;
};

void test_a_lawful_command_passes_untouched() {
  Joint j(kKnee);
  j.command.stamp_ns = 77;
  j.command.position[kKnee] = 1.1;
  j.command.velocity[kKnee] = 0.5;
  j.command.torque[kKnee] = 3.0;
  j.command.stiffness[kKnee] = 100.0;
  j.command.damping[kKnee] = 2.0;
  j.clamp();
  CHECK(j.allowed.stamp_ns == 77);
  CHECK(j.allowed.position == j.command.position && j.allowed.velocity == j.command.velocity);
  CHECK(j.allowed.torque == j.command.torque && j.allowed.stiffness == j.command.stiffness);
  CHECK(j.allowed.damping == j.command.damping);
  CHECK(j.counts.position == 0 && j.counts.velocity == 0 && j.counts.torque == 0);
  CHECK(is_near(j.drive[kKnee], 13.0));
}

void test_torque_is_cut_to_its_limit() {
  for (const double sign : {-1.0, 1.0}) {
    Joint j(kKnee);
    j.drive[kKnee] = sign * 139.0;
    j.command.torque[kKnee] = sign * 139.0;
    j.clamp();
    CHECK(j.allowed.torque[kKnee] == sign * 139.0 && j.counts.torque == 0);
    j.command.torque[kKnee] = sign * 140.0;
    j.clamp();
    CHECK(j.allowed.torque[kKnee] == sign * 139.0);
    CHECK(j.counts.torque == 1 && j.counts.position == 0 && j.counts.velocity == 0);
    CHECK(j.drive[kKnee] == sign * 139.0);
  }
}

void test_torque_steps_are_bounded() {
  for (const double sign : {-1.0, 1.0}) {
    Joint j(kKnee);
    const double step = j.limits.torque_step[kKnee];
    j.drive[kKnee] = sign * 10.0;
    j.command.torque[kKnee] = sign * (10.0 + step);
    j.clamp();
    CHECK(j.counts.torque == 0 && is_near(j.allowed.torque[kKnee], sign * (10.0 + step)));
    j.drive[kKnee] = sign * 10.0;
    j.command.torque[kKnee] = sign * (11.0 + step);
    j.clamp();
    CHECK(j.counts.torque == 1 && is_near(j.allowed.torque[kKnee], sign * (10.0 + step)));
    CHECK(is_near(j.drive[kKnee], sign * (10.0 + step)));
    j.command.torque[kKnee] = -sign * 100.0;
    j.clamp();
    CHECK(j.counts.torque == 1 && is_near(j.drive[kKnee], sign * 10.0));
    j.clamp();
    CHECK(is_near(j.drive[kKnee], sign * (10.0 - step)));
  }
}

void test_a_step_near_the_limit_ends_there() {
  for (const double sign : {-1.0, 1.0}) {
    Joint j(kKnee);
    j.drive[kKnee] = sign * 130.0;
    j.command.torque[kKnee] = -sign * 139.0;
    j.command.position[kKnee] = 1.0 + sign * 1.5;
    j.command.stiffness[kKnee] = 200.0;
    j.clamp();
    CHECK(is_near(j.spring(), sign * 139.0, 1e-9) || std::fabs(j.spring()) < 139.0);
    CHECK(std::fabs(j.drive[kKnee]) <= 139.0);
    CHECK(std::fabs(j.drive[kKnee] - sign * 130.0) <= j.limits.torque_step[kKnee] + 1e-9);
  }
}

void test_a_step_of_the_target_is_bounded_by_moving_it() {
  for (const double sign : {-1.0, 1.0}) {
    Joint j(kKnee);
    const double step = j.limits.torque_step[kKnee];
    j.command.stiffness[kKnee] = 200.0;
    j.command.position[kKnee] = 1.0 + sign * 0.5;
    j.clamp();
    CHECK(is_near(j.allowed.position[kKnee], 1.0 + sign * step / 200.0));
    CHECK(j.allowed.stiffness[kKnee] == 200.0 && j.allowed.torque[kKnee] == 0.0);
    CHECK(j.counts.torque == 1 && j.counts.position == 1);
    j.clamp();
    CHECK(is_near(j.allowed.position[kKnee], 1.0 + sign * 0.5));
    CHECK(j.counts.torque == 0 && j.counts.position == 0);
  }
}

void test_targets_stay_inside_their_range() {
  Joint j(kElbow);
  const double lower = j.limits.position_lower[kElbow] + j.limits.position_margin_rad;
  const double upper = j.limits.position_upper[kElbow] - j.limits.position_margin_rad;
  for (const double edge : {lower, upper}) {
    j.command.position[kElbow] = edge;
    j.clamp();
    CHECK(j.allowed.position[kElbow] == edge && j.counts.position == 0);
  }
  j.command.position[kElbow] = lower - 1e-6;
  j.clamp();
  CHECK(j.allowed.position[kElbow] == lower && j.counts.position == 1);
  j.command.position[kElbow] = upper + 1e-6;
  j.clamp();
  CHECK(j.allowed.position[kElbow] == upper && j.counts.position == 1);
  CHECK(j.counts.velocity == 0 && j.counts.torque == 0);
}

void test_targets_move_towards_the_joint_until_the_spring_is_within_the_torque() {
  for (const double sign : {-1.0, 1.0}) {
    Joint j(kElbow);
    j.drive[kElbow] = sign * 20.0;
    j.command.torque[kElbow] = sign * 5.0;
    j.command.stiffness[kElbow] = 50.0;
    j.command.position[kElbow] = 1.0 + sign * 0.4;
    j.clamp();
    CHECK(j.counts.position == 0 && is_near(j.spring(), sign * 25.0));
    j.command.position[kElbow] = 1.0 + sign * 0.45;
    j.clamp();
    CHECK(j.counts.position == 1 && is_near(j.allowed.position[kElbow], 1.0 + sign * 0.4));
    CHECK(j.allowed.torque[kElbow] == sign * 5.0 && j.allowed.stiffness[kElbow] == 50.0);
    CHECK(is_near(j.spring(), sign * 25.0) && is_near(j.drive[kElbow], sign * 25.0));
  }
}

/// Where the range forbids the target to reach the joint, as when it is outside, the gain is cut.
void test_the_gain_is_cut_where_the_range_forbids_moving() {
  for (const double sign : {-1.0, 1.0}) {
    Joint j(kElbow);
    const double edge = sign > 0.0 ? j.limits.position_upper[kElbow] - 0.02
                                   : j.limits.position_lower[kElbow] + 0.02;
    j.state.joint_position[kElbow] = edge + sign * 1.0;
    j.drive[kElbow] = -sign * 20.0;
    j.command.stiffness[kElbow] = 50.0;
    j.command.position[kElbow] = edge;
    j.clamp();
    CHECK(j.allowed.position[kElbow] == edge);
    CHECK(is_near(j.allowed.stiffness[kElbow], 25.0));
    CHECK(is_near(j.spring(), -sign * 25.0) && j.counts.position == 1);
    j.command.torque[kElbow] = sign * 10.0;
    j.clamp();
    CHECK(is_near(j.allowed.stiffness[kElbow], 35.0) && is_near(j.spring(), -sign * 25.0));
    j.command.torque[kElbow] = 0.0;
    j.state.joint_position[kElbow] = edge + sign * 1e3;
    j.clamp();
    CHECK(is_near(j.allowed.stiffness[kElbow], 0.025));
  }
}

void test_velocity_targets() {
  for (const double sign : {-1.0, 1.0}) {
    Joint j(kElbow);
    j.command.velocity[kElbow] = sign * 10.0;
    j.clamp();
    CHECK(j.allowed.velocity[kElbow] == sign * 10.0 && j.counts.velocity == 0);
    j.command.velocity[kElbow] = sign * 10.5;
    j.clamp();
    CHECK(j.allowed.velocity[kElbow] == sign * 10.0 && j.counts.velocity == 1);
    CHECK(j.counts.position == 0 && j.counts.torque == 0);
  }
}

void test_the_whole_torque_stays_within_its_limit() {
  for (const double sign : {-1.0, 1.0}) {
    Joint j(kElbow);
    j.drive[kElbow] = sign * 12.0;
    j.command.torque[kElbow] = sign * 15.0;
    j.command.damping[kElbow] = 4.0;
    j.command.velocity[kElbow] = sign * 2.5;
    j.clamp();
    CHECK(j.counts.velocity == 0 && is_near(j.total(), sign * 25.0));
    j.command.velocity[kElbow] = sign * 5.0;
    j.clamp();
    CHECK(j.counts.velocity == 1 && is_near(j.allowed.velocity[kElbow], sign * 2.5));
    CHECK(j.allowed.damping[kElbow] == 4.0 && is_near(j.total(), sign * 25.0));
    CHECK(is_near(j.drive[kElbow], sign * 15.0));
  }
}

void test_damping_is_cut_where_the_speed_is_out_of_reach() {
  for (const double sign : {-1.0, 1.0}) {
    Joint j(kElbow);
    j.state.joint_velocity[kElbow] = sign * 30.0;
    j.command.damping[kElbow] = 4.0;
    j.command.velocity[kElbow] = 0.0;
    j.clamp();
    CHECK(is_near(j.allowed.velocity[kElbow], sign * 10.0));
    CHECK(is_near(j.allowed.damping[kElbow], 1.25) && is_near(j.total(), -sign * 25.0));
    CHECK(j.counts.velocity == 1);
    j.command.velocity[kElbow] = sign * 10.0;
    j.clamp();
    CHECK(is_near(j.allowed.damping[kElbow], 1.25) && j.counts.velocity == 1);
  }
}

void test_joints_are_clamped_one_by_one() {
  Joint j(kElbow);
  j.command.torque[0] = 1e3;
  j.command.torque[28] = -1e3;
  j.command.position[5] = 9.0;
  j.command.velocity[7] = 99.0;
  j.command.velocity[8] = -99.0;
  j.clamp();
  CHECK(j.counts.torque == 2 && j.counts.position == 1 && j.counts.velocity == 2);
}

}  // namespace

void test_command_clamp() {
  test_a_lawful_command_passes_untouched();
  test_torque_is_cut_to_its_limit();
  test_torque_steps_are_bounded();
  test_a_step_near_the_limit_ends_there();
  test_a_step_of_the_target_is_bounded_by_moving_it();
  test_targets_stay_inside_their_range();
  test_targets_move_towards_the_joint_until_the_spring_is_within_the_torque();
  test_the_gain_is_cut_where_the_range_forbids_moving();
  test_velocity_targets();
  test_the_whole_torque_stays_within_its_limit();
  test_damping_is_cut_where_the_speed_is_out_of_reach();
  test_joints_are_clamped_one_by_one();
}

}  // namespace exoactor
