// A guard told random things, stream after stream: what it sends is always within limits.
// Usage: random_streams STREAMS SEED

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

#include "invariants.hpp"
#include "rig.hpp"

namespace exoactor {
namespace {

constexpr int kTicks = 6;

/// Numbers of every size, and now and then none at all.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : random_(seed) {}

  bool happens(int of) { return random_() % static_cast<unsigned>(of) == 0; }
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  double share() { return static_cast<double>(random_() >> 11U) * 0x1.0p-53; }
  double around(double scale) { return scale * (2.0 * share() - 1.0); }

  double any() {
    constexpr double kOdd[] = {0.0, -0.0, 1e-308, 1e308, -1e308,
                               1e9, kNan, -1e9,   1e-9,  std::numeric_limits<double>::infinity()};
    if (happens(2)) return kOdd[below(10)];
    const std::uint64_t bits = random_();
    double value = 0.0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

 private:
  std::mt19937_64 random_;
};

void change_command(Numbers& numbers, const GuardLimits& limits, JointCommand& command) {
  const double scales[] = {0.1, 3.0, 300.0, 1e12};
  const double scale = scales[numbers.below(4)];
  for (int j = 0; j < kNumJoints; ++j) {
    command.position[j] = numbers.around(scale);
    command.velocity[j] = numbers.around(scale);
    command.torque[j] = numbers.around(scale);
    command.stiffness[j] = numbers.share() * limits.stiffness[j];
    command.damping[j] = numbers.share() * limits.damping[j];
  }
  if (numbers.happens(20)) {
    JointVector* fields[] = {&command.position, &command.velocity, &command.torque,
                             &command.stiffness, &command.damping};
    (*fields[numbers.below(5)])[numbers.below(kNumJoints)] = numbers.any();
  }
  if (numbers.happens(30)) command.stamp_ns += numbers.below(120) * kMs - 60 * kMs;
}

void change_state(Numbers& numbers, SensorState& state) {
  const double scales[] = {0.05, 1.0, 30.0};
  const double scale = scales[numbers.below(3)];
  for (int j = 0; j < kNumJoints; ++j) {
    state.joint_position[j] += numbers.around(scale);
    state.joint_velocity[j] = numbers.around(10.0 * scale);
    state.joint_torque[j] = numbers.around(200.0);
  }
  if (numbers.happens(10)) {
    JointVector* fields[] = {&state.joint_position, &state.joint_velocity, &state.joint_torque};
    (*fields[numbers.below(3)])[numbers.below(kNumJoints)] = numbers.any();
  }
  if (numbers.happens(30)) state.quat_world_imu_wxyz[numbers.below(4)] = numbers.any();
  if (numbers.happens(30)) state.gyro_in_imu[numbers.below(3)] = numbers.any();
  if (numbers.happens(30)) state.stamp_ns += numbers.below(120) * kMs - 60 * kMs;
}

void change_context(Numbers& numbers, std::int64_t now_ns, GuardContext& context) {
  context.task = numbers.happens(2);
  if (numbers.happens(20)) context.progress_ns = now_ns - numbers.below(20'000) * kMs;
  if (numbers.happens(20)) context.target_ns = now_ns - numbers.below(150) * kMs;
  if (numbers.happens(20)) context.heartbeat_ns = now_ns - numbers.below(4'000) * kMs;
  RobotHealth& health = context.health;
  const auto joint = static_cast<std::size_t>(numbers.below(kNumJoints));
  if (numbers.happens(40)) health.motor_fault[joint] = static_cast<std::uint32_t>(numbers.below(9));
  if (numbers.happens(40)) health.winding_temperature_c[joint] = numbers.below(200);
  if (numbers.happens(40)) health.surface_temperature_c[joint] = numbers.below(200);
  if (numbers.happens(40)) health.charge_percent = numbers.below(102) - 1;
  if (numbers.happens(60)) health.mode_machine = static_cast<std::uint8_t>(numbers.below(8));
  if (numbers.happens(60)) health.other_publishers = numbers.below(2);
  if (numbers.happens(60)) health.remote.buttons = static_cast<std::uint16_t>(numbers.below(65536));
}

/// Plays one stream; what is wrong with it, or nullptr.
const char* play(Numbers& numbers, const Guard& fresh, std::int64_t& driven_ticks) {
  Rig rig;
  rig.guard = fresh;
  Invariants invariants;
  for (int tick = 0; tick < kTicks; ++tick) {
    bool armed = false;
    bool cleared = false;
    if (tick > 0 && numbers.happens(tick == 1 ? 1 : 4)) {
      armed = numbers.happens(3) ? rig.guard.pose(rig.now_ns) : rig.guard.arm(rig.now_ns);
    }
    if (numbers.happens(30)) rig.guard.damp(rig.now_ns);
    if (numbers.happens(20)) rig.guard.reset(rig.now_ns);
    if (numbers.happens(60)) rig.guard.stop_for_good(rig.now_ns);
    if (numbers.happens(20)) {
      rig.guard.clear_emergency();
      cleared = true;
    }
    if (numbers.happens(10)) rig.guard.raise_speed(JointVector::Constant(numbers.any()));
    if (numbers.happens(50)) rig.now_ns += (numbers.below(300) - 50) * kMs;
    const bool calm = tick == 0;
    const GuardStatus status = rig.step(1, [&](Rig& r) {
      if (calm) return;
      change_state(numbers, r.state);
      change_command(numbers, r.guard.limits(), r.command);
      change_context(numbers, r.now_ns, r.context);
    });
    driven_ticks += is_driven(status.state);
    const char* fault =
        invariants.find_fault(rig.guard, status, rig.state, rig.allowed, armed, cleared);
    if (fault != nullptr) return fault;
  }
  return nullptr;
}

}  // namespace
}  // namespace exoactor

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const long streams = std::atol(arguments[1]);
  exoactor::Numbers numbers(static_cast<std::uint64_t>(std::atoll(arguments[2])));
  const exoactor::Guard fresh(exoactor::default_guard_limits());
  std::int64_t driven_ticks = 0;
  for (long stream = 0; stream < streams; ++stream) {
    const char* fault = exoactor::play(numbers, fresh, driven_ticks);
    if (fault == nullptr) continue;
    std::printf("stream %ld: %s\n", stream, fault);
    return 1;
  }
  std::printf("%ld streams, driven in %lld of %lld ticks\n", streams,
              static_cast<long long>(driven_ticks), static_cast<long long>(streams) * 6);
  return 0;
}
