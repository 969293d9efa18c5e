#pragma once

#include <cstdint>
#include <exoactor/safety/guard.hpp>

#include "samples.hpp"

namespace exoactor {

/// A guard and what it is told, tick by tick.
struct Rig {
  explicit Rig(const GuardLimits& limits = default_guard_limits()) : guard(limits) {}

  /// Lets `ticks` pass in which `change` may change what the guard is told.
  template <typename Change>
  GuardStatus step(int ticks, Change change) {
    GuardStatus status;
    for (int i = 0; i < ticks; ++i) {
      now_ns += kTick;
      state = state_at(now_ns);
      command = command_at(now_ns);
      context.health = health_at(now_ns);
      change(*this);
      status = guard.enforce(command, state, context, now_ns, allowed);
    }
    return status;
  }
  GuardStatus step(int ticks = 1) {
    return step(ticks, [](Rig&) {});
  }

  /// Armed, and in hold for a tick.
  Rig& arm() {
    step();
    armed = guard.arm(now_ns);
    step();
    return *this;
  }

  Guard guard;
  std::int64_t now_ns = 100 * kTick;
  SensorState state;
  JointCommand command;
  GuardContext context;
  JointCommand allowed;
  bool armed = false;
};

}  // namespace exoactor
