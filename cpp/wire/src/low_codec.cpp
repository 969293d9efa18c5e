#include <algorithm>
#include <cmath>
#include <cstring>
#include <exoactor/wire/crc32.hpp>
#include <exoactor/wire/low_codec.hpp>
#include <exoactor/wire/remote_codec.hpp>
#include <limits>

namespace exoactor {
namespace {

/// Where the sticks are in the remote controller's bytes.
constexpr std::size_t kLeftXAt = 4, kRightXAt = 8, kRightYAt = 12, kLeftYAt = 20;

float read_float(const RemoteBytes& bytes, std::size_t at) noexcept {
  float value = 0.0F;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

void write_float(RemoteBytes& bytes, std::size_t at, float value) noexcept {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

template <typename Vector, std::size_t Size>
void copy_in(const std::array<float, Size>& from, Vector& to) noexcept {
  for (std::size_t i = 0; i < Size; ++i) to[static_cast<Eigen::Index>(i)] = from[i];
}

template <typename Vector, std::size_t Size>
void copy_out(const Vector& from, std::array<float, Size>& to) noexcept {
  for (std::size_t i = 0; i < Size; ++i) {
    to[i] = static_cast<float>(from[static_cast<Eigen::Index>(i)]);
  }
}

std::int16_t narrow(int value) noexcept {
  using Limits = std::numeric_limits<std::int16_t>;
  return static_cast<std::int16_t>(std::clamp<int>(value, Limits::min(), Limits::max()));
}

/// Roll, pitch, yaw of a unit quaternion; only sent, never read.
std::array<float, 3> roll_pitch_yaw(const Eigen::Vector4d& wxyz) noexcept {
  const double w = wxyz[0], x = wxyz[1], y = wxyz[2], z = wxyz[3];
  return {static_cast<float>(std::atan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y))),
          static_cast<float>(std::asin(std::clamp(2.0 * (w * y - z * x), -1.0, 1.0))),
          static_cast<float>(std::atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z)))};
}

}  // namespace

RemoteController decode_remote(const RemoteBytes& bytes) noexcept {
  RemoteController remote;
  remote.buttons = static_cast<std::uint16_t>(bytes[2] | (bytes[3] << 8));
  remote.left_x = read_float(bytes, kLeftXAt);
  remote.right_x = read_float(bytes, kRightXAt);
  remote.right_y = read_float(bytes, kRightYAt);
  remote.left_y = read_float(bytes, kLeftYAt);
  return remote;
}

RemoteBytes encode_remote(const RemoteController& remote) noexcept {
  RemoteBytes bytes{};
  bytes[2] = static_cast<std::uint8_t>(remote.buttons & 0xFFU);
  bytes[3] = static_cast<std::uint8_t>(remote.buttons >> 8U);
  write_float(bytes, kLeftXAt, remote.left_x);
  write_float(bytes, kRightXAt, remote.right_x);
  write_float(bytes, kRightYAt, remote.right_y);
  write_float(bytes, kLeftYAt, remote.left_y);
  return bytes;
}

void encode_command(const JointCommand& command, std::uint8_t mode_machine,
                    LowCmd& message) noexcept {
  message = LowCmd{};
  message.mode_machine = mode_machine;
  for (int joint = 0; joint < kNumJoints; ++joint) {
    WireMotorCommand& motor = message.motors[static_cast<std::size_t>(joint)];
    motor.mode = 1;
    motor.q = static_cast<float>(command.position[joint]);
    motor.dq = static_cast<float>(command.velocity[joint]);
    motor.tau = static_cast<float>(command.torque[joint]);
    motor.kp = static_cast<float>(command.stiffness[joint]);
    motor.kd = static_cast<float>(command.damping[joint]);
  }
  message.crc = message_crc(message);
}

void decode_command(const LowCmd& message, std::int64_t stamp_ns, JointCommand& command) noexcept {
  command.stamp_ns = stamp_ns;
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const WireMotorCommand& motor = message.motors[static_cast<std::size_t>(joint)];
    command.position[joint] = motor.q;
    command.velocity[joint] = motor.dq;
    command.torque[joint] = motor.tau;
    command.stiffness[joint] = motor.kp;
    command.damping[joint] = motor.kd;
  }
}

void encode_state(const SensorState& sensors, const RobotHealth& health,
                  LowState& message) noexcept {
  message = LowState{};
  message.mode_machine = health.mode_machine;
  message.tick = health.tick_ms;
  copy_out(sensors.quat_world_imu_wxyz, message.imu.quat_wxyz);
  copy_out(sensors.gyro_in_imu, message.imu.gyro);
  copy_out(sensors.accel_in_imu, message.imu.accel);
  message.imu.rpy = roll_pitch_yaw(sensors.quat_world_imu_wxyz);
  message.imu.temperature = narrow(health.imu_temperature_c);
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const auto at = static_cast<std::size_t>(joint);
    WireMotorState& motor = message.motors[at];
    motor.mode = 1;
    motor.q = static_cast<float>(sensors.joint_position[joint]);
    motor.dq = static_cast<float>(sensors.joint_velocity[joint]);
    motor.tau_est = static_cast<float>(sensors.joint_torque[joint]);
    motor.temperature = {narrow(health.surface_temperature_c[at]),
                         narrow(health.winding_temperature_c[at])};
    motor.fault = health.motor_fault[at];
  }
  message.wireless_remote = encode_remote(health.remote);
  message.crc = message_crc(message);
}

bool decode_state(const LowState& message, std::int64_t stamp_ns, SensorState& sensors,
                  RobotHealth& health) noexcept {
  if (message_crc(message) != message.crc) return false;
  sensors.stamp_ns = health.stamp_ns = stamp_ns;
  copy_in(message.imu.quat_wxyz, sensors.quat_world_imu_wxyz);
  copy_in(message.imu.gyro, sensors.gyro_in_imu);
  copy_in(message.imu.accel, sensors.accel_in_imu);
  health.tick_ms = message.tick;
  health.mode_machine = message.mode_machine;
  health.imu_temperature_c = message.imu.temperature;
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const auto at = static_cast<std::size_t>(joint);
    const WireMotorState& motor = message.motors[at];
    sensors.joint_position[joint] = motor.q;
    sensors.joint_velocity[joint] = motor.dq;
    sensors.joint_torque[joint] = motor.tau_est;
    health.surface_temperature_c[at] = motor.temperature[0];
    health.winding_temperature_c[at] = motor.temperature[1];
    health.motor_fault[at] = motor.fault;
  }
  health.remote = decode_remote(message.wireless_remote);
  return true;
}

}  // namespace exoactor
