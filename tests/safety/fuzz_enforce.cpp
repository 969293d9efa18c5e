// libFuzzer: bytes become what a guard is told and asked; what it sends must keep the invariants.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "invariants.hpp"
#include "rig.hpp"

namespace exoactor {
namespace {

/// Takes values off the input; zeros once it is used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

  template <typename Value>
  Value take() {
    Value value{};
    const std::size_t size = std::min(sizeof value, left_);
    std::memcpy(&value, data_, size);
    data_ += size;
    left_ -= size;
    return value;
  }
  bool any_left() const { return left_ > 0; }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

/// Changes one number of what the guard is told.
void change_one(Input& input, Rig& rig) {
  const auto which = input.take<std::uint8_t>();
  const auto joint = static_cast<int>(input.take<std::uint8_t>() % kNumJoints);
  const auto at = static_cast<std::size_t>(joint);
  JointVector* vectors[] = {&rig.command.position,     &rig.command.velocity,
                            &rig.command.torque,       &rig.command.stiffness,
                            &rig.command.damping,      &rig.state.joint_position,
                            &rig.state.joint_velocity, &rig.state.joint_torque};
  RobotHealth& health = rig.context.health;
  switch (which % 24) {
    case 8:
      rig.state.quat_world_imu_wxyz[joint % 4] = input.take<double>();
      break;
    case 9:
      rig.state.gyro_in_imu[joint % 3] = input.take<double>();
      break;
    case 10:
      rig.state.accel_in_imu[joint % 3] = input.take<double>();
      break;
    case 11:
      rig.state.stamp_ns += input.take<std::int32_t>();
      break;
    case 12:
      rig.command.stamp_ns += input.take<std::int32_t>();
      break;
    case 13:
      rig.context.task = (input.take<std::uint8_t>() & 1U) != 0;
      break;
    case 14:
      rig.context.progress_ns = input.take<std::int32_t>();
      break;
    case 15:
      rig.context.target_ns = input.take<std::int32_t>();
      break;
    case 16:
      rig.context.heartbeat_ns = input.take<std::int32_t>();
      break;
    case 17:
      health.motor_fault[at] = input.take<std::uint32_t>();
      break;
    case 18:
      health.winding_temperature_c[at] = input.take<std::int32_t>();
      break;
    case 19:
      health.surface_temperature_c[at] = input.take<std::int32_t>();
      break;
    case 20:
      health.charge_percent = input.take<std::int32_t>();
      break;
    case 21:
      health.mode_machine = input.take<std::uint8_t>();
      break;
    case 22:
      health.remote.buttons = input.take<std::uint16_t>();
      break;
    case 23:
      health.bad_crc = input.take<std::int32_t>();
      break;
    default:
      (*vectors[which % 24])[joint] = input.take<double>();
  }
}

void play(Input& input) {
  Rig rig;
  Invariants invariants;
  rig.step();
  while (input.any_left()) {
    const auto asked = input.take<std::uint8_t>();
    const auto how = input.take<std::uint8_t>();
    bool armed = (asked & 1U) != 0 && rig.guard.arm(rig.now_ns);
    armed = ((how & 1U) != 0 && rig.guard.pose(rig.now_ns)) || armed;
    if ((asked & 2U) != 0) rig.guard.damp(rig.now_ns);
    if ((asked & 4U) != 0) rig.guard.reset(rig.now_ns);
    if ((asked & 8U) != 0) rig.guard.stop_for_good(rig.now_ns);
    const bool cleared = (asked & 16U) != 0;
    if (cleared) rig.guard.clear_emergency();
    if ((asked & 32U) != 0) rig.guard.raise_speed(JointVector::Constant(input.take<double>()));
    if ((asked & 64U) != 0) rig.now_ns += input.take<std::int32_t>();
    const int changes = input.take<std::uint8_t>() % 4;
    const GuardStatus status = rig.step(1, [&](Rig& r) {
      for (int i = 0; i < changes; ++i) change_one(input, r);
    });
    const char* fault =
        invariants.find_fault(rig.guard, status, rig.state, rig.allowed, armed, cleared);
    if (fault == nullptr) continue;
    std::printf("violated: %s\n", fault);
    std::abort();
  }
}

}  // namespace
}  // namespace exoactor

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  exoactor::Input input(data, size);
  exoactor::play(input);
  return 0;
}
